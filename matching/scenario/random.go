package scenario

import (
	"math/bits"
	"math/rand/v2"
)

// random draws integers. It uses the generator's raw output only, since that
// is fixed by the PCG definition.
type random struct{ pcg *rand.PCG }

// The streams of a scenario.
const (
	streamTowns = 1 + iota
	streamVolunteers
	streamRequests
)

func newRandom(seed, stream uint64) random { return random{rand.NewPCG(seed, stream)} }

// below draws from 0 to n-1; the bias is below n ÷ 2^64.
func (r random) below(n int) int {
	hi, _ := bits.Mul64(r.pcg.Uint64(), uint64(n))
	return int(hi)
}

// between draws from lo to hi, both included.
func (r random) between(lo, hi int) int { return lo + r.below(hi-lo+1) }

// chance is true in so many of a thousand cases.
func (r random) chance(perMille int) bool { return r.below(1000) < perMille }

// normal draws around 0 with standard deviation sigma: the sum of twelve uniform
// draws, so never beyond six sigma.
func (r random) normal(sigma int) int {
	const wide = 1_000_000
	sum := 0
	for range 12 {
		sum += r.between(-wide, wide)
	}
	return sum * sigma / (2 * wide)
}

// pick draws an index in proportion to the weights.
func (r random) pick(weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	at := r.below(total)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}
