// Package notify brings notices to people: it writes their texts.
//
//	aid.Notice ──► Catalogue ──► title and body in the reader's language
//
// Invariants:
//   - Every kind of notice has a title and a body in every language, with the
//     same placeholders in each.
//   - A text is made of [aid.NoticeFacts] alone, which hold no name, phone,
//     address or note: whoever reads over the shoulder learns nothing of the
//     person in need.
//
// Times are shown by the reader's own clock.
package notify
