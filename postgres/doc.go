// Package postgres keeps the facts: people, places, help requests with their
// offers and pairings, accounts, and the work that must follow a commit.
//
// # How a help request changes
//
//	BEGIN
//	 1  lock the request's row             one change of a request at a time
//	 2  read clock_timestamp()             after the lock: later changes see later times
//	 3  load the aggregate, call one of its methods (package aid decides)
//	 4  lock the volunteers concerned by id, then write the difference:
//	    offers, pairings, reservations, events, outbox
//	COMMIT
//
// Locks are always taken in this order, the request first and then volunteers by
// id, so that transactions wait for each other but never in a ring. Should the
// server still break one off (deadlock, serialisation), it is run again, a few
// times; functions handed to [Store.Change] may therefore run more than once.
//
// # Guards
//
// The constraints of migrations/00001_core.sql hold whatever the code above
// them does: a seat is held once, a volunteer has one live offer for a request,
// is not booked twice at one time (exclusion constraint over reservations) and
// not beyond capacity (a count kept by a trigger, checked by a constraint).
// errors.go maps what they refuse to the kinds and reasons of package aid; it is
// the only place that knows Postgres's error codes.
//
// # Reading forward without loss
//
// Matching's index and the stream of events follow what changes. Rows carry the
// transaction that wrote them (xid8), and a reader keeps pg_snapshot_xmin of the
// snapshot it read in: every transaction that this snapshot did not show has that
// number or a greater one. See [Store.CandidatesSince] and [Store.EventsAfter].
//
// # Units
//
// Instants are UTC with microseconds, distances metres, coordinates WGS84
// degrees. Lists are cut into pages by keyset, so that pages neither repeat nor
// miss a row that stays.
//
// Statements live in queries/*.sql; sqlc makes internal/db of them (go generate).
package postgres
