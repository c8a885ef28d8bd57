// Package index holds the volunteers in memory, by place, and answers who may
// be asked for a need, how much each would cost, and why the others may not.
//
// It is a cache: whoever feeds it owns the facts, and the transaction that
// reserves a volunteer decides.
//
//	block (H3 resolution 5) ──► bucket (home cell, resolution 8) ──► entries, by id
//	  cap, reach, skills          cap, reach, skills                  vector, reach, skills, record
//
// A search walks rings of blocks outward from the need (package grid) and skips
// every block, bucket and entry that is too far for its bound, out of its own
// volunteers' reach, or without the skills asked. All of that is decided on
// chords of the unit sphere with a margin; whatever remains is decided on the
// exact great-circle distance, so that the answer is the one a scan over all
// volunteers gives.
//
// # The hard rules, in their order
//
//	too_far        farther from home than the volunteer goes
//	skill          a skill is missing
//	course         a course is missing or has lapsed on the UTC day the window begins
//	time           not available for the whole window, or bound in it already
//	capacity       bound to as many tasks as they take
//	already_asked  asked for this need before
//
// A volunteer who fails none is eligible.
//
// # Cost
//
// round(great-circle metres), halves away from zero, + 250 for each of the
// volunteer's skills that the need does not ask for ([aid.SpareSkillCost]).
package index
