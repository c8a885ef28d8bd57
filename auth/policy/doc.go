// Package policy says who may do what. It is plain Go over domain values, with
// one table ([rules]) that can be read from top to bottom.
//
// Invariants:
//   - What the table does not allow is refused: an unknown role, an unknown
//     action and a missing row all mean no.
//   - A role that never takes an action gets [aid.Forbidden]. A role that may
//     take it, but not on this thing, gets [aid.NotFound] for what exists
//     already, so that nobody learns what lies in other areas or belongs to
//     other people, and [aid.Forbidden] for what would be created there.
//   - A right over an area is a right over everything below it.
//
// The golden matrix in testdata shows the outcome of every role, action and
// relation.
package policy
