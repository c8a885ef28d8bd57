// Package verify checks plans of rollouts. It shares no code with the planner:
// it derives from the rollout by itself who is to be trained, where they may go
// and when, counts the plan, adds up its cost, and recomputes from the prices
// what no plan can be cheaper than. A fault would have to be made twice to pass.
package verify
