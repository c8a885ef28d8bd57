// Package notify brings notices to people: it writes their texts and sends them.
//
//	aid.Notice ──► Catalogue ──► title and body in the reader's language
//	                   ├──────► Mailer ──► a mail server
//	                   ├──────► Webhooks ──► a program of the reader's
//	                   └──────► Push ──► the reader's browsers
//	aid.CalendarEntry ──► Catalogue ──► an iCalendar stream
//
// Invariants:
//   - Every kind of notice has a title and a body in every language, with the
//     same placeholders in each.
//   - A text is made of [aid.NoticeFacts] alone, which hold no name, phone,
//     address or note: whoever reads over the shoulder learns nothing of the
//     person in need.
//   - What is sent twice bears the same key, so that its receiver can tell.
//   - An error says whether trying again may help: [aid.Unavailable] if so. Its
//     text holds no address; its cause may, and stays behind.
//
// Times are shown by the reader's own clock.
package notify
