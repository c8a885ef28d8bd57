package training

import (
	"math"
	"time"

	"github.com/linli/linli/aid"
)

// Group says whether somebody had completed a course at a time: they are in one group
// before it and in the other from then on, and so count in both.
type Group string

// The groups.
const (
	Trained       Group = "trained"
	NotYetTrained Group = "not_yet_trained"
)

// Measure is something of which an effect of training is looked for.
type Measure string

// The measures, each a sum over people divided by another one.
const (
	Acceptance Measure = "acceptance" // offers accepted, of those that came to an end
	Retention  Measure = "retention"  // people active after [StillAfter] days, of those who served
	Service    Measure = "hours"      // hours of service a month since registration
)

// Measures lists every measure.
var Measures = []Measure{Acceptance, Retention, Service}

// Limits of what is said of a group.
const (
	ShownPeople = 10 // fewer are not told of: a few could be told apart
	ClaimPeople = 50 // fewer in either group allow no claim
	ClaimMonths = 50 // nor do fewer months of people, of hours
	StillAfter  = 90 // days after serving, at which somebody is active still or not
	ServedSince = 30 // days after serving, from which on serving again shows it
	z95         = 1.959964
)

// EffectFilter names the people and the time of a comparison.
type EffectFilter struct {
	Course      aid.CourseID
	Area        aid.AreaPath // where they live
	From, Until time.Time
	Now         time.Time // nothing later has been seen
}

// Sums are those of a measure over the people of a group who could contribute to it:
// Y is what they did, X what they could have done.
type Sums struct {
	People     int
	Y, X       float64
	YY, XY, XX float64 // of the squares and products of each person
}

// Sample is what one group did.
type Sample struct {
	Withheld  bool // there are fewer than [ShownPeople], and nothing else is given
	People    int
	Y, X      float64
	Value     float64 // Y ÷ X
	Low, High float64 // hold the truth in 95 of 100 cases, people being independent of each other
}

// Claim is what a comparison allows to be said. It is about what goes together, and
// never about what causes it.
type Claim string

// The claims.
const (
	NoClaim Claim = "none"
	Higher  Claim = "higher" // of those trained
	Lower   Claim = "lower"
)

// Comparison is one measure of both groups.
type Comparison struct {
	Measure               Measure
	Trained, Untrained    Sample
	Difference, Low, High float64 // of trained less untrained, unless one is withheld or empty
	Claim                 Claim
	TooFew                []Group // that keep a claim from being made
}

// EffectSums are what a comparison is made of.
type EffectSums struct {
	Of      map[Measure]map[Group]Sums
	Undated int
}

// Compare estimates every measure.
func (s EffectSums) Compare() Effect {
	e := Effect{Undated: s.Undated}
	for _, m := range Measures {
		e.Comparisons = append(e.Comparisons, Compare(m, s.Of[m][Trained], s.Of[m][NotYetTrained]))
	}
	return e
}

// Effect compares those trained in a course with those not yet trained.
type Effect struct {
	Comparisons []Comparison // in the order of [Measures]
	Undated     int          // people left out, since nobody knows when they completed it
}

// Compare estimates a measure of two groups. A share has the interval of Wilson (1927)
// at as many independent trials as the people's answers are worth, a rate the normal
// one; variances are those of a ratio of sums over people (Cochran, Sampling
// Techniques, 6.4). The interval of the difference is built of the two (Newcombe 1998,
// method 10).
func Compare(m Measure, trained, untrained Sums) Comparison {
	c := Comparison{Measure: m, Trained: sample(m, trained), Untrained: sample(m, untrained), Claim: NoClaim}
	if trained.tooFew(m) {
		c.TooFew = append(c.TooFew, Trained)
	}
	if untrained.tooFew(m) {
		c.TooFew = append(c.TooFew, NotYetTrained)
	}
	a, b := c.Trained, c.Untrained
	if a.Withheld || b.Withheld {
		return c
	}
	c.Difference = a.Value - b.Value
	c.Low = c.Difference - math.Hypot(a.Value-a.Low, b.High-b.Value)
	c.High = c.Difference + math.Hypot(a.High-a.Value, b.Value-b.Low)
	switch {
	case len(c.TooFew) > 0:
	case c.Low > 0:
		c.Claim = Higher
	case c.High < 0:
		c.Claim = Lower
	}
	return c
}

// tooFew says whether no claim may be made of a group: it has few people, or they were
// seen for so short a time that most had none to serve in, or nobody served an hour and
// so nothing shows how far hours spread.
func (s Sums) tooFew(m Measure) bool {
	return s.People < ClaimPeople || m == Service && (s.X < ClaimMonths || s.Y == 0)
}

func sample(m Measure, s Sums) Sample {
	if s.People < ShownPeople || s.X <= 0 {
		return Sample{Withheld: true}
	}
	out := Sample{People: s.People, Y: s.Y, X: s.X, Value: s.Y / s.X}
	n, r := float64(s.People), out.Value
	variance := n / (n - 1) * max(0, s.YY-2*r*s.XY+r*r*s.XX) / (s.X * s.X)
	if m == Service {
		half := z95 * math.Sqrt(variance)
		out.Low, out.High = max(0, r-half), r+half
		return out
	}
	trials := n // where all or none did, nothing shows how alike a person's answers are
	if binomial := r * (1 - r) / s.X; binomial > 0 {
		trials = s.X / max(1, variance/binomial)
	}
	out.Low, out.High = wilson(r, trials)
	return out
}

// wilson is the score interval of a share in n trials.
func wilson(p, n float64) (low, high float64) {
	z2 := z95 * z95 / n
	centre := (p + z2/2) / (1 + z2)
	half := z95 / (1 + z2) * math.Sqrt(p*(1-p)/n+z2/(4*n))
	return max(0, centre-half), min(1, centre+half)
}
