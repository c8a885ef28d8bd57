// Package index holds the volunteers in memory, by place, and answers who may
// be asked for a need, how much each would cost, and why the others may not.
//
// It is a cache: whoever feeds it owns the facts, and the transaction that
// reserves a volunteer decides.
//
//	state ─┬─ available ── node ──► node ──► leaf   up to 64 volunteers: spots │ skills, courses as sets
//	       ├─ taken        up to 32 children,                            │ people, ids, what binds them
//	       └─ words        each with a summary: box, reach, skills, courses;
//	                       above leaves also a digest: who has which skill and course
//
// # Trees
//
// Volunteers with capacity left and those without are in a tree each. A tree is a
// B-tree in the order of a curve over the sphere ([grid.Rank]), so that a leaf holds
// neighbours.
// The order only keeps near people together: what a search may skip is decided by
// the boxes about the homes that really are in a leaf or node, in coordinates
// that know no pole and no antimeridian.
//
// Nothing in a tree ever changes. An update copies the path from the root to the
// leaf and then publishes a new state by one atomic store. Hence queries take no
// lock and see each update wholly or not at all, and a [View] or [Snapshot] costs
// next to nothing.
//
// # Searches
//
// A search skips everything that is too far for its bound, out of its own
// volunteers' reach, or without the skills and courses asked. In a leaf each skill
// and course is a set of slots in one integer, so that all 64 are judged by one
// AND. The cheapest are searched best first: by how far a leaf is, and how many
// skills beside those asked each able volunteer there has at least.
//
// What a query costs is memory fetched, more than anything computed. So the sets of
// all the leaves of a node lie side by side in its digest, and a leaf is fetched
// only if it may hold one of the answers. Homes are kept as integers of 3 mm, from
// which distance and reach follow exactly as on the great circle between the exact
// homes, but for one in a hundred that is too near an edge: that one is decided on
// the exact homes. The answer is the one that a scan over all volunteers gives.
//
// # The hard rules, in their order
//
//	too_far        farther from home than the volunteer goes
//	skill          a skill is missing
//	course         a course is missing or has lapsed on the UTC day the window begins
//	check          no background check that holds then
//	minor          too young, or not known to be of age, or without consent
//	already_asked  asked for this need before, by an offer that still waits too
//	time           not available for the whole window, or bound in it already
//	capacity       bound to as many tasks as they take
//	not_suitable   kept apart from somebody there
//	parked         has put needs of this category off, or those so far away
//	resting        not to be asked now: limits, quiet hours, a cool-down, away until a date
//
// An offer of another need that waits for its answer binds like a task.
// A volunteer who fails none is eligible. The last two are judged by the clock of
// the query ([Query.Now]), so that whoever rests comes back by themselves; without
// one they are not judged.
//
// # Cost
//
// round(great-circle metres), halves away from zero, + 250 for each of the
// volunteer's skills that the need does not ask for ([aid.SpareSkillCost]).
//
// # Memory and limits
//
// About 145 bytes for a volunteer, from ids to hash table. Skills, courses and
// availabilities are interned and forgotten with their last user. Ids have up to
// 64 bytes; a volunteer has up to 255 skills, 255 courses and 1,000 windows; an
// index has up to 65,536 different skills and as many courses, and 134 million
// volunteers.
package index
