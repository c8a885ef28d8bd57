package families

import (
	"context"
	"math/rand/v2"

	"github.com/linli/linli/bench/matching/instance"
	"github.com/linli/linli/matching/bmatch"
)

// oneInChanges of the requests and of the volunteers come, and as many go.
const oneInChanges = 100

// churned are the m families after a change of one in a hundred. Who has gone
// is still there with no seat or no capacity, so that numbers stay.
func churned() []Family {
	var out []Family
	for _, crowd := range []Crowd{Calm, Busy, Surge} {
		before := named("m_" + string(crowd))
		out = append(out, Family{
			Name: "churn_" + string(crowd), Suite: Churn, Sizes: before.Sizes,
			About: "m_" + string(crowd) + " after one in a hundred requests and volunteers have gone; linli-warm starts from the plan before",
			make: func(ctx context.Context, s *Store, n int, r *rand.Rand) (*instance.Instance, error) {
				path, err := s.Path(ctx, before, n)
				if err != nil {
					return nil, err
				}
				in, err := instance.Load(path)
				if err != nil {
					return nil, err
				}
				for i := range in.Requests {
					if r.IntN(oneInChanges) == 0 {
						in.Requests[i].Seats = 0
					}
				}
				for v := range in.Capacity {
					if r.IntN(oneInChanges) == 0 {
						in.Capacity[v] = 0
					}
				}
				return in, nil
			},
		})
	}
	return out
}

func named(name string) Family {
	for _, f := range provinces() {
		if f.Name == name {
			return f
		}
	}
	return Family{}
}

// Change is a request that wants other seats than before, or a volunteer with
// another capacity.
type Change struct {
	Request   int32 // or -1
	Volunteer int32 // or -1
	Seats     int64 // after the change: of the request, or the volunteer's capacity
}

// Before gives the state from which an instance of the churn suite came about,
// and the changes that lead from it to the instance, in random order: who has
// gone was there, and as many others were not there yet. Of those who have gone
// an instance does not tell what they wanted or could, so it is drawn from the
// others.
func Before(in *instance.Instance, seed uint64) (requests []bmatch.Request, capacity []int64, changes []Change) {
	r := rand.New(rand.NewPCG(seed, uint64(len(in.Requests))))
	requests, capacity = append(requests, in.Requests...), append(capacity, in.Capacity...)
	for i, q := range in.Requests {
		switch {
		case q.Seats == 0:
			requests[i].Seats = max(1, in.Requests[r.IntN(len(in.Requests))].Seats)
		case r.IntN(oneInChanges) == 0:
			requests[i].Seats = 0
		default:
			continue
		}
		changes = append(changes, Change{int32(i), -1, q.Seats})
	}
	for v, k := range in.Capacity {
		switch {
		case k == 0:
			capacity[v] = max(1, in.Capacity[r.IntN(len(in.Capacity))])
		case r.IntN(oneInChanges) == 0:
			capacity[v] = 0
		default:
			continue
		}
		changes = append(changes, Change{-1, int32(v), k})
	}
	r.Shuffle(len(changes), func(a, b int) { changes[a], changes[b] = changes[b], changes[a] })
	return requests, capacity, changes
}
