// Package activities is what the processes do to the world: each activity is one
// step that reads or changes facts, verb and object, with a message in and a
// message out (package contract).
//
//	workflows ──► Requests ──► RequestStore          one help request, in one transaction
//	          ├─► Rounds ─┬──► Asker                 asks a shard's process for a round
//	          │           └──► RoundStore, Matcher   one match round of a shard
//	          └─► Notices ───► DeliveryStore, NoticeSender  the notices of one channel
//
// # Invariants
//
// An activity may run twice, or stop half-way and run again: at most its own
// transaction stands between the two, and the rules of [aid.HelpRequest] make
// the repetition change nothing. Nothing is decided on what a process believes;
// the store decides, under the request's lock and by its own clock.
//
// Errors leave through one function, which says what may be retried: what the
// domain has decided is final, everything else is tried again until it works,
// so that no outage loses a process.
package activities
