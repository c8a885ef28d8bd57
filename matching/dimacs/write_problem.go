package dimacs

import (
	"bufio"
	"fmt"
	"io"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/bmatch"
)

// WriteTransport writes a problem without minima as a `p min` file of transport
// form: requests first, then volunteers, the sink last. It lists the whole
// graph twice, one request at a time. At least one request needs a seat.
func WriteTransport(w io.Writer, p *bmatch.Problem) error {
	out := bufio.NewWriter(w)
	sink := len(p.Requests) + len(p.Capacity) + 1
	arcs := int64(len(p.Capacity))
	var supply int64
	eachRow(p, func(r int, row []bmatch.Arc) {
		arcs += int64(len(row))
		if p.Requests[r].Penalty != bmatch.Mandatory {
			arcs++
		}
		supply += p.Requests[r].Seats
	})
	if supply == 0 {
		return aid.Errorf(aid.Invalid, "a problem without seats has no transport form")
	}
	fmt.Fprintf(out, "p min %d %d\n", sink, arcs)
	for r, asked := range p.Requests {
		fmt.Fprintf(out, "n %d %d\n", r+1, asked.Seats)
	}
	fmt.Fprintf(out, "n %d %d\n", sink, -supply)
	eachRow(p, func(r int, row []bmatch.Arc) {
		for _, a := range row {
			fmt.Fprintf(out, "a %d %d 0 1 %d\n", r+1, len(p.Requests)+1+int(a.Volunteer), a.Cost)
		}
		if asked := p.Requests[r]; asked.Penalty != bmatch.Mandatory {
			fmt.Fprintf(out, "a %d %d 0 %d %d\n", r+1, sink, asked.Seats, asked.Penalty)
		}
	})
	for v, k := range p.Capacity {
		fmt.Fprintf(out, "a %d %d 0 %d 0\n", len(p.Requests)+1+v, sink, k)
	}
	return out.Flush()
}

// WriteAssignment writes a problem in which every request has one mandatory
// seat and every volunteer a capacity of one as a `p asn` file, requests first.
func WriteAssignment(w io.Writer, p *bmatch.Problem) error {
	for r, asked := range p.Requests {
		if asked.Seats != 1 || asked.Penalty != bmatch.Mandatory {
			return aid.Errorf(aid.Invalid, "requests[%d] has not one mandatory seat; the assignment form holds nothing else", r)
		}
	}
	for v, k := range p.Capacity {
		if k != 1 {
			return aid.Errorf(aid.Invalid, "capacity[%d] is %d; the assignment form holds 1 alone", v, k)
		}
	}
	arcs := 0
	eachRow(p, func(_ int, row []bmatch.Arc) { arcs += len(row) })
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "p asn %d %d\n", len(p.Requests)+len(p.Capacity), arcs)
	for r := range p.Requests {
		fmt.Fprintf(out, "n %d\n", r+1)
	}
	eachRow(p, func(r int, row []bmatch.Arc) {
		for _, a := range row {
			fmt.Fprintf(out, "a %d %d %d\n", r+1, len(p.Requests)+1+int(a.Volunteer), a.Cost)
		}
	})
	return out.Flush()
}

// eachRow lists the pairs of each request with seats. A request without seats
// would read as a volunteer, so that it must have no arcs.
func eachRow(p *bmatch.Problem, visit func(r int, row []bmatch.Arc)) {
	var row []bmatch.Arc
	for r, asked := range p.Requests {
		if asked.Seats > 0 {
			row = p.Source.AppendBelow(row[:0], int32(r), bmatch.MaxTotal)
			visit(r, row)
		}
	}
}
