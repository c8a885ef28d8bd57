package families

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/bench/matching/instance"
	"github.com/linli/linli/matching"
	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/files"
	"github.com/linli/linli/matching/grid"
	"github.com/linli/linli/matching/scenario"
)

const (
	// Candidates is how many volunteers a request is joined to.
	Candidates = 32
	// oneInAvailable of the volunteers have time on a busy day.
	oneInAvailable = 10
	// oneInSurging of the counties get half of the requests in a surge.
	oneInSurging = 16
	// county is an H3 resolution whose cells, 1,770 km², are as large as counties.
	county grid.Resolution = 4
)

// Crowd is how demand lies to supply.
type Crowd string

// The crowds: demand far under supply, near it, and in places far above it.
const (
	Calm  Crowd = "calm"
	Busy  Crowd = "busy"
	Surge Crowd = "surge"
)

// provinces are the families of the product's own use.
func provinces() []Family {
	var out []Family
	for _, form := range []struct {
		prefix, about string
		suite         Suite
		change        func(*instance.Instance)
	}{
		{"m", "1–10 seats a request, capacity 1–3", Provinces, withoutCrews},
		{"o", "one seat a request, capacity 1", Provinces, oneToOne},
		{"crews", "1–10 seats a request, all filled or none, capacity 1–3", Crews, allOrNobody},
	} {
		for _, crowd := range []Crowd{Calm, Busy, Surge} {
			out = append(out, Family{
				Name: form.prefix + "_" + string(crowd), Suite: form.suite, About: crowd.about() + "; " + form.about,
				Sizes: []int{1_000, 10_000, 100_000},
				make: func(ctx context.Context, s *Store, n int, _ *rand.Rand) (*instance.Instance, error) {
					path, err := s.keep(fmt.Sprintf("%s-%d", crowd, n), func() (*instance.Instance, error) {
						return s.province(ctx, crowd, n)
					})
					if err != nil {
						return nil, err
					}
					in, err := instance.Load(path)
					if err == nil {
						form.change(in)
					}
					return in, err
				},
			})
		}
	}
	return out
}

func (c Crowd) about() string {
	switch c {
	case Calm:
		return "all volunteers available"
	case Busy:
		return "one volunteer in ten available"
	default:
		return "one volunteer in ten available, half of the requests in one county of sixteen"
	}
}

func withoutCrews(in *instance.Instance) { in.MinPeople = nil }

func oneToOne(in *instance.Instance) {
	in.MinPeople = nil
	for r := range in.Requests {
		in.Requests[r].Seats = 1
	}
	for v := range in.Capacity {
		in.Capacity[v] = 1
	}
}

func allOrNobody(in *instance.Instance) {
	in.MinPeople = make([]int64, len(in.Requests))
	for r, q := range in.Requests {
		in.MinPeople[r] = q.Seats
	}
}

// province joins n requests of a scenario to their candidates. Numbers follow
// the cells on both sides, and volunteers who are nobody's candidate are left
// out, so that no solver has to carry them.
func (s *Store) province(ctx context.Context, crowd Crowd, n int) (*instance.Instance, error) {
	r := s.random(string(crowd), n)
	config := scenario.Config{Volunteers: s.whole.volunteers, Requests: n, Seed: s.seed}
	if n < s.whole.requests {
		config.Requests = 2 * s.whole.requests // enough for n of them in any part with so many of the volunteers
	} else {
		config.Volunteers = int(int64(s.whole.volunteers) * int64(n) / int64(s.whole.requests))
	}
	made, err := scenario.Generate(ctx, config)
	if err != nil {
		return nil, err
	}
	volunteers, requests := made.Volunteers, made.Requests
	if n < s.whole.requests {
		people := len(volunteers) * n / s.whole.requests
		if volunteers, requests, err = part(volunteers, requests, people, n, s.random("part", n)); err != nil {
			return nil, err
		}
	}
	if crowd != Calm {
		volunteers = slices.DeleteFunc(volunteers, func(files.Volunteer) bool { return r.IntN(oneInAvailable) != 0 })
	}
	if crowd == Surge {
		if err := surge(requests, volunteers, r); err != nil {
			return nil, err
		}
	}
	if err := byCell(volunteers, home); err != nil {
		return nil, err
	}
	if err := byCell(requests, place); err != nil {
		return nil, err
	}
	return join(ctx, volunteers, requests, r)
}

func home(v files.Volunteer) aid.Point { return v.Home }

func place(q files.Request) aid.Point { return q.Place }

// byCell sorts by home cell.
func byCell[T any](all []T, place func(T) aid.Point) error {
	type placed struct {
		cell aid.Cell
		item T
	}
	sorted := make([]placed, len(all))
	for i, item := range all {
		cell, err := grid.CellOf(place(item), grid.Home)
		if err != nil {
			return err
		}
		sorted[i] = placed{cell, item}
	}
	slices.SortStableFunc(sorted, func(a, b placed) int { return cmp.Compare(a.cell, b.cell) })
	for i, p := range sorted {
		all[i] = p.item
	}
	return nil
}

func join(ctx context.Context, volunteers []files.Volunteer, requests []files.Request, r *rand.Rand) (*instance.Instance, error) {
	p, err := matching.FromFiles(volunteers, requests)
	if err != nil {
		return nil, err
	}
	all := make(map[aid.VolunteerID]int32, len(volunteers))
	for i, v := range volunteers {
		all[v.ID] = int32(i)
	}
	in := &instance.Instance{}
	for i, d := range p.Demands {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		found, err := p.Index.Candidates(d.Query, Candidates)
		if err != nil {
			return nil, err
		}
		row := make([]bmatch.Arc, len(found))
		for j, m := range found {
			row[j] = bmatch.Arc{Volunteer: all[m.Volunteer], Cost: m.Cost.Total()}
		}
		r.Shuffle(len(row), func(a, b int) { row[a], row[b] = row[b], row[a] })
		in.Append(bmatch.Request{Seats: int64(d.Seats), Penalty: d.Penalty}, row)
	}
	renumber(in, volunteers)
	return in, nil
}

// renumber keeps the volunteers that an arc leads to, in their order.
func renumber(in *instance.Instance, volunteers []files.Volunteer) {
	number := make([]int32, len(volunteers))
	for _, v := range in.Volunteer {
		number[v] = 1
	}
	for i := range number {
		if number[i] == 1 {
			number[i] = int32(len(in.Capacity))
			in.Capacity = append(in.Capacity, int64(volunteers[i].Capacity))
		}
	}
	for i, v := range in.Volunteer {
		in.Volunteer[i] = number[v]
	}
}
