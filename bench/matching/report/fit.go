package report

import (
	"math"
	"slices"

	"github.com/linli/linli/bench/matching/families"
)

// Growth is how a solver's time grows in a family: time ∝ sizeᴱˣᵖᵒⁿᵉⁿᵗ.
type Growth struct {
	Family   string
	Solver   string
	From, To int // sizes
	Exponent float64
	NLogN    float64 // the exponent that n·log n has between the same sizes
}

// Growths fits every solver with two sizes or more of a family of provinces, in
// the order of the results.
func (r *Results) Growths() []Growth {
	type key struct{ family, solver string }
	times := map[key][]sample{}
	var order []key
	for _, in := range r.Solves {
		for _, f := range in.Figures {
			if cpu, ok := f.CPU(); ok && cpu > 0 && in.Suite == families.Provinces && f.Solver != TwoCore {
				k := key{in.Family, f.Solver}
				if times[k] == nil {
					order = append(order, k)
				}
				times[k] = append(times[k], sample{float64(in.Requests), cpu})
			}
		}
	}
	var out []Growth
	for _, k := range order {
		s := times[k]
		slices.SortFunc(s, func(a, b sample) int { return int(a.size - b.size) })
		from, to := s[0].size, s[len(s)-1].size
		if from < to {
			out = append(out, Growth{k.family, k.solver, int(from), int(to), exponent(s), nLogN(from, to)})
		}
	}
	return out
}

type sample struct{ size, seconds float64 }

// exponent is the slope of the least-squares line through the logarithms.
func exponent(samples []sample) float64 {
	var mx, my float64
	for _, s := range samples {
		mx += math.Log(s.size) / float64(len(samples))
		my += math.Log(s.seconds) / float64(len(samples))
	}
	var xy, xx float64
	for _, s := range samples {
		dx := math.Log(s.size) - mx
		xy += dx * (math.Log(s.seconds) - my)
		xx += dx * dx
	}
	return xy / xx
}

func nLogN(from, to float64) float64 {
	return math.Log(to*math.Log(to)/(from*math.Log(from))) / math.Log(to/from)
}
