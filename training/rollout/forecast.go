package rollout

import "math"

// Outcome is a month whose results are settled: for how many people its cohorts
// were made, and how many completed them and are in office still.
type Outcome struct {
	Month   Month
	Planned int
	Done    int
}

// Rate is the share of the planned people who complete, from the months so far.
type Rate struct {
	Mean   float64
	Error  float64 // standard error
	Months int     // that it rests on
}

// leastMonths are needed before anything is said of how sure a rate is.
const leastMonths = 3

// z is that of an interval which holds the truth in 95 of 100 cases, if months are
// independent of each other.
const z = 1.96

// RateOf estimates the rate by the ratio of the sums, with the standard error of a
// ratio estimator (Cochran, Sampling Techniques, 1977, 6.4). Without any month it is 1.
func RateOf(past []Outcome) Rate {
	planned, done, n := 0, 0, 0
	for _, o := range past {
		if o.Planned > 0 {
			planned, done, n = planned+o.Planned, done+o.Done, n+1
		}
	}
	if n == 0 {
		return Rate{Mean: 1}
	}
	rate := Rate{Mean: float64(done) / float64(planned), Months: n}
	if n < leastMonths {
		return rate
	}
	squares := 0.0
	for _, o := range past {
		if o.Planned > 0 {
			d := float64(o.Done) - rate.Mean*float64(o.Planned)
			squares += d * d
		}
	}
	rate.Error = math.Sqrt(squares/float64(n*(n-1))) * float64(n) / float64(planned)
	return rate
}

// Load is how many people the calendar has in a month.
type Load struct {
	Month  Month
	People int
}

// Forecast is when everybody will be trained. A month that is not given means
// never, at the pace so far.
type Forecast struct {
	Finish   Month `json:"finish,omitzero"`
	Earliest Month `json:"earliest,omitzero"` // of the interval
	Latest   Month `json:"latest,omitzero"`
	Sure     bool  `json:"sure"` // there are months enough for an interval; else it is Finish twice
}

// never is how many months after the calendar's end count as never.
const never = 1200

// Finish forecasts when so many people will be trained, if the cohorts ahead (by
// month, ascending) train the rate's share of those they are made for, and what
// is lacking after them is made up at their average pace. Now is the month that it
// is known in.
func Finish(rate Rate, ahead []Load, left int, now Month) Forecast {
	f := Forecast{Finish: finish(rate.Mean, ahead, left, now), Sure: rate.Months >= leastMonths}
	f.Earliest, f.Latest = f.Finish, f.Finish
	if f.Sure {
		f.Earliest = finish(rate.Mean+z*rate.Error, ahead, left, now)
		f.Latest = finish(rate.Mean-z*rate.Error, ahead, left, now)
	}
	return f
}

func finish(rate float64, ahead []Load, left int, now Month) Month {
	const nobody = 0.5 // less than a half person is none
	lacking := float64(left)
	if lacking < nobody {
		return now
	}
	people := 0
	for _, l := range ahead {
		people += l.People
		if lacking -= rate * float64(l.People); lacking < nobody {
			return l.Month
		}
	}
	if people == 0 {
		return 0
	}
	last := ahead[len(ahead)-1].Month
	pace := rate * float64(people) / float64(last-now+1)
	if pace <= 0 || lacking/pace > never {
		return 0
	}
	return last + Month(math.Ceil(lacking/pace))
}
