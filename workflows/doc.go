// Package workflows holds the processes of Linli: one workflow for each help
// request, standing pairing, training cohort and rollout, one for each shard that has
// seats to match, and one for each channel that has notices to send.
//
// A workflow owns clocks and the order of steps, never facts: every step is an
// activity that reads and writes Postgres, and gives back where the request
// stands.
//
//	HelpRequest                               MatchRound (one a shard)
//	  read ─► wants a round? ─ round-wanted ─►  wait for the batch, or not
//	    ▲           │                           run a round ─► offers in Postgres
//	    │           ▼                                              │
//	    └── wait: answer · withdrawal · cancel · clock ◄─ request-changed (outbox)
//
// # Invariants
//
// Whatever a workflow is told twice, late or out of order does no harm: it reads
// again, or Postgres says no.
//
// An outage delays a process and never fails it. A short transaction runs within
// the workflow's own task; one that does not come through in seconds goes on as a
// regular activity that is tried until it works. A fault of ours is told to
// whoever waits for an answer, and tried again where nobody does.
//
// Signals are received by the main coroutine alone. Before a run ends, every
// update that it took on is answered and every signal is taken, so that
// continue-as-new loses nothing.
//
// Nothing but ids and words enters a history.
//
// How this code may change while runs are open is told in versions.go. Recorded
// histories are replayed by a test.
package workflows
