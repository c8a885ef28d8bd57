// Package rollout says what a training rollout (培训推开) is: steps over years,
// each with the body that runs it, the people to train, the courses, a start and
// a deadline; where people, venues and lecturers are; what things cost. A rollout
// is data: nothing in the code knows a province.
//
// # Units
//
// Months are calendar months, distances whole kilometres by road, costs whole
// units of one currency that the rollout chooses. A capacity is a number of
// cohorts that can be held in one month. An organisation has one person for each
// role.
//
// What a plan is, and what it costs, is said by [Cohort] and in package planner.
package rollout
