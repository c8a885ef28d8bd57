package aid

import "time"

// Scarcity says what one more volunteer would have been worth to a match round:
// somebody who lives in a cell, with some skills. It names nobody.
type Scarcity struct {
	Area      AreaID  // of the requests in the cell that ask for these skills
	Cell      Cell    // of about 36 km²
	Skills    []Skill // in their order, each once
	OpenSeats int     // of those requests, that stay open in the plan
	Saving    int64   // by how much the plan's objective would have been lower; above 0
	AsOf      time.Time
}

// ScarcityFilter says which scarcities a list has.
type ScarcityFilter struct {
	Areas []AreaPath // in or below one of them
	Area  AreaID     // and in or below this one; empty: no matter
	Skill Skill      // with this skill; empty: no matter
}
