// Package instance is the common ground of the solvers that are measured: one
// assignment problem, and the file that hands it to programs in any language.
//
// # File
//
// Little-endian, no padding, in this order:
//
//	magic       8 bytes      "LINLIBM1"
//	R, V, A     3 × int64    requests, volunteers, arcs
//	seats       R × int64
//	penalty     R × int64    of a seat left open; 2^63 − 1 when it may not be
//	min people  R × int64    that many or nobody; 0 and 1 ask nothing
//	capacity    V × int64
//	first       R+1 × int64  the arcs of request r are first[r] to first[r+1]−1
//	volunteer   A × int32
//	cost        A × int64    0 or more
//
// Arcs of a request come in no order, so that no solver is handed sorted rows.
// Requests and volunteers that are near each other have near numbers.
package instance

import (
	"fmt"

	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/flow"
)

// Instance is one problem: seats of requests, volunteers with capacities, and
// the eligible pairs as compressed rows. Costs are in the units of the family.
// It may be read by several goroutines as long as none changes it.
type Instance struct {
	Requests  []bmatch.Request
	MinPeople []int64 // of each request, that many or nobody; nil when none asks
	Capacity  []int64
	First     []int
	Volunteer []int32 // of each arc
	Cost      []int64 // of each arc
}

// Row gives the arcs of request r, as a copy.
func (in *Instance) Row(r int) []bmatch.Arc {
	from, to := in.First[r], in.First[r+1]
	row := make([]bmatch.Arc, to-from)
	for i := range row {
		row[i] = bmatch.Arc{Volunteer: in.Volunteer[from+i], Cost: in.Cost[from+i]}
	}
	return row
}

// Arcs is the number of eligible pairs.
func (in *Instance) Arcs() int { return len(in.Cost) }

// Append adds a request with its arcs.
func (in *Instance) Append(q bmatch.Request, row []bmatch.Arc) {
	if len(in.First) == 0 {
		in.First = append(in.First, 0)
	}
	in.Requests = append(in.Requests, q)
	for _, a := range row {
		in.Volunteer, in.Cost = append(in.Volunteer, a.Volunteer), append(in.Cost, a.Cost)
	}
	in.First = append(in.First, in.Arcs())
}

// Seats is the number of seats of all requests.
func (in *Instance) Seats() int64 {
	var n int64
	for _, q := range in.Requests {
		n += q.Seats
	}
	return n
}

// IsOneToOne tells whether no request has several seats and no volunteer takes
// several, which is what assignment solvers need.
func (in *Instance) IsOneToOne() bool {
	for _, q := range in.Requests {
		if q.Seats != 1 {
			return false
		}
	}
	for _, k := range in.Capacity {
		if k != 1 {
			return false
		}
	}
	return true
}

// HasCrews tells whether some request wants several people or nobody.
func (in *Instance) HasCrews() bool {
	for _, n := range in.MinPeople {
		if n > 1 {
			return true
		}
	}
	return false
}

// Flow hands an instance without crews to our solver, which reads the arcs in
// place.
func (in *Instance) Flow() (*flow.Problem, error) {
	rows, err := flow.NewRows(in.First, in.Volunteer, in.Cost)
	if err != nil {
		return nil, err
	}
	p := &flow.Problem{Requests: make([]flow.Request, len(in.Requests)), Capacity: in.Capacity, Source: rows}
	for r, q := range in.Requests {
		p.Requests[r] = flow.Request{Seats: q.Seats, Penalty: q.Penalty}
	}
	return p, nil
}

// Problem hands an instance with crews to the solver that knows them.
func (in *Instance) Problem() *bmatch.Problem {
	rows := make([][]bmatch.Arc, len(in.Requests))
	for r := range rows {
		rows[r] = in.Row(r)
	}
	p := &bmatch.Problem{Requests: in.Requests, Capacity: in.Capacity, Source: bmatch.NewArcs(rows)}
	for r, people := range in.MinPeople {
		if people > 1 {
			p.Groups = append(p.Groups, bmatch.Group{Members: []int32{int32(r)}, MinPeople: people})
		}
	}
	return p
}

// Check refuses an instance whose rows do not fit together.
func (in *Instance) Check() error {
	r := len(in.Requests)
	if len(in.First) != r+1 || in.First[0] != 0 || in.First[r] != in.Arcs() || len(in.Volunteer) != in.Arcs() {
		return fmt.Errorf("first: the rows of %d requests do not cover %d arcs", r, in.Arcs())
	}
	if in.MinPeople != nil && len(in.MinPeople) != r {
		return fmt.Errorf("min people: has %d entries for %d requests", len(in.MinPeople), r)
	}
	for i := range r {
		if in.First[i] > in.First[i+1] {
			return fmt.Errorf("first[%d]: is %d, above the next, %d", i, in.First[i], in.First[i+1])
		}
	}
	for i, v := range in.Volunteer {
		if v < 0 || int(v) >= len(in.Capacity) {
			return fmt.Errorf("volunteer[%d]: is %d of %d", i, v, len(in.Capacity))
		}
		if in.Cost[i] < 0 {
			return fmt.Errorf("cost[%d]: is %d; a cost is 0 or more", i, in.Cost[i])
		}
	}
	return nil
}
