// Package merit is what service is worth: the records of it, each with the grade
// of its evidence. It imports nothing of ours but the domain and does no I/O.
//
// A [Record] comes of a visit that is done, and counts its service only: neither
// the way nor waiting. The volunteer whom it names can dispute it; from then on it
// counts for nothing until a coordinator has settled it.
//
//	visit done ──► counted ── Dispute ──► disputed ── Settle ──► upheld
//	                                                     └─────► struck
//
// Units: instants are UTC, service is counted in whole minutes.
package merit
