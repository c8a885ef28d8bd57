package workflows

import "fmt"

// What a workflow does may change while runs of it are open: for weeks, later for
// years. A run whose history does not fit the code stands still. So:
//
// A change that adds, removes or reorders what goes into a history (steps,
// timers, signals sent, versions asked for) is one named predicate here, and both
// ways stay in the code:
//
//	// remindsBeforeStart sends a reminder an hour before the window begins.
//	func remindsBeforeStart(ctx workflow.Context) bool {
//		return workflow.GetVersion(ctx, "reminds-before-start", workflow.DefaultVersion, 1) >= 1
//	}
//
// The name is never used again for another change. A run answers a predicate the
// same way from its first asking to its end; the run that follows by
// continue-as-new answers anew, and so comes to the new way.
//
// What needs no predicate: options of steps, what steps do, validators of
// updates, logging, and what only decides over the order of things that have not
// happened. In doubt the recorded histories tell.
//
// A predicate and the old way go once no open run was begun before the change.
// Until then workers of any release may run side by side, and all of them run
// with every history; whoever pins runs to builds of the worker may do so on top.
//
// There is none yet: nothing has been released.

// rolloutState is the form of what a run of Rollout carries over. Whoever changes
// the meaning of a field of [contract.RolloutInput] raises it, and brings older forms
// to it in carriedOver.
const rolloutState = 1

// cohortState is the form of what a run of Cohort carries over: its id, so far.
const cohortState = 1

// formOf gives the form of today for what an earlier run has carried over in another
// one. A form of tomorrow stops the worker from going on with this run, which a newer
// one does.
func formOf(carried, today int) int {
	if carried > today {
		panic(fmt.Sprintf("the state has the form %d, which is newer than this worker, %d", carried, today))
	}
	return today
}
