package matching

import (
	"iter"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/files"
	"github.com/linli/linli/matching/index"
)

// FromFiles makes the problem of two files: each request one need with one
// role, each volunteer with their full capacity.
func FromFiles(volunteers []files.Volunteer, requests []files.Request) (Problem, error) {
	return FromRows(func(yield func(files.Volunteer, error) bool) {
		for _, v := range volunteers {
			if !yield(v, nil) {
				return
			}
		}
	}, requests)
}

// FromRows is [FromFiles] for volunteers that are taken in as they come and not
// held. The first error among them ends it.
func FromRows(volunteers iter.Seq2[files.Volunteer, error], requests []files.Request) (Problem, error) {
	p := Problem{Index: index.New()}
	err := p.Index.Load(func(l *index.Loader) error {
		for v, err := range volunteers {
			if err != nil {
				return err
			}
			err = l.Upsert(index.Volunteer{
				ID: v.ID, Home: v.Home, Skills: v.Skills, Courses: v.Courses, Availability: v.Availability,
				Capacity: v.Capacity, MaxDistance: v.MaxDistance,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Problem{}, err
	}
	for i, r := range requests {
		p.Needs = append(p.Needs, Need{r.ID, r.MinPeople})
		p.Demands = append(p.Demands, Demand{
			Need: i, Seats: r.People, Penalty: penalty(r.Urgency),
			Query: index.Query{Place: r.Place, Skills: r.Skills, Courses: r.Courses, Window: r.Window, Zone: "UTC"}, // files say nothing of clocks
		})
	}
	return p, nil
}

// Pairs gives the rows of the pairs file.
func (p *Plan) Pairs() []files.Pair {
	pairs := make([]files.Pair, len(p.Picks))
	for i, k := range p.Picks {
		pairs[i] = files.Pair{Request: k.Request, Volunteer: k.Volunteer, Cost: k.Cost}
	}
	return pairs
}

// Report gives the report file of a plan for the problem.
func (p *Plan) Report(of Problem) files.Report {
	r := files.Report{
		Method: string(p.Method), Requests: len(of.Needs), Volunteers: of.Index.Len(), Seats: p.Seats, Filled: p.Filled,
		Objective: p.Objective, DualBound: p.DualBound, Gap: p.Gap, Seconds: p.Seconds,
	}
	at := map[aid.RequestID]int{}
	for _, o := range p.Open {
		i, known := at[o.Request]
		if !known {
			i = len(r.Unfilled)
			at[o.Request] = i
			r.Unfilled = append(r.Unfilled, files.Unfilled{Request: o.Request})
		}
		u := &r.Unfilled[i]
		u.OpenSeats += o.Seats
		u.Reasons = add(u.Reasons, o.Reasons)
	}
	return r
}
