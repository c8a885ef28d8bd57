// Package training says what courses are, how people get through them together,
// and what they hold afterwards. It imports nothing of ours but the domain and
// does no I/O.
//
// A course (课程) is defined in versions, each a [Definition]. A [Cohort] (培训班)
// goes through one version of one course: people enrol or wait, attend sessions,
// are assessed, and complete it by the rule of the definition. Who completes it
// gets a [Certificate], which names the version.
//
//	cohort:     open ⇄ closed ──► completed
//	              └──────┴──────► cancelled
//
//	enrolment:  waiting ──► enrolled ──► completed   Finish, by the rule
//	               │          ├────────► missed      the cohort was completed without
//	               └──────────┴────────► withdrawn   ──► may enrol again, at the end
//
//	certificate: valid ⇄ revoked; it lapses after its last day, and is prolonged
//
// # Invariants
//
//   - Never more people hold a seat than the cohort has; nobody waits while a seat
//     is free; who came first is promoted first.
//   - What was noted once is never overwritten: attendance, scores and waivers are
//     lists, whose last entry counts.
//
// # Units
//
// Hours are whole hours of teaching, scores whole points of 0 to 100, shares whole
// percent, instants UTC. Civil days are those of [aid.DefaultZone], where the
// classrooms are.
//
// Values of this package are not safe for concurrent use.
package training
