package aid

// Record is how often somebody was asked and how often they said yes. Offers
// that were revoked do not count: nobody knows what the answer would have been.
type Record struct {
	Yes   int
	Asked int
}

// How many answers the prior opinion weighs as much as.
const (
	ownPrior  = 6.0  // of one volunteer: the rate of area and category
	ratePrior = 10.0 // of an area and category: as many yes as no
	evenOdds  = 0.5
)

// Rate is the chance of a yes in an area and category of which this is the
// record: between 0 and 1, both left out.
func (r Record) Rate() float64 { return r.shrunk(evenOdds, ratePrior) }

// Chance is how likely somebody with this record says yes, where others do at
// the rate, which must lie between 0 and 1, both left out; so does the result. It
// is the mean of a beta-binomial with the rate as its prior mean: without a record
// of one's own it is the rate, with a long one it tends to one's own.
func (r Record) Chance(rate float64) float64 { return r.shrunk(rate, ownPrior) }

func (r Record) shrunk(mean, weight float64) float64 {
	return (float64(r.Yes) + weight*mean) / (float64(r.Asked) + weight)
}

// AtLeast is the chance that at least so many of independent people say yes, each
// with their own chance (a Poisson binomial tail). It takes time of the order of
// the product of both.
func AtLeast(yes int, chances []float64) float64 {
	if yes <= 0 {
		return 1
	}
	// of[n] is the chance that n have said yes so far; the last, n or more.
	of := make([]float64, yes+1)
	of[0] = 1
	for _, p := range chances {
		of[yes] += of[yes-1] * p
		for n := yes - 1; n > 0; n-- {
			of[n] = of[n]*(1-p) + of[n-1]*p
		}
		of[0] *= 1 - p
	}
	return of[yes]
}
