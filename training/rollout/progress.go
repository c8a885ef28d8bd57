package rollout

import (
	"cmp"
	"slices"
	"time"

	"github.com/linli/linli/aid"
)

// Checkpoint is how far a rollout has come, counted once a month.
type Checkpoint struct {
	Month    Month      `json:"month"`
	At       time.Time  `json:"at"`
	Version  int        `json:"version"`
	Plan     int        `json:"plan"` // its number
	Progress []Progress `json:"progress"`
	Ended    bool       `json:"ended,omitempty"` // the last deadline is over
}

// Progress is that of a step as a whole, or of one area in it. All but Persons and
// Finished are person-times.
type Progress struct {
	Step      StepID     `json:"step"`
	Area      aid.AreaID `json:"area,omitempty"` // that gathers the people; empty for the whole step
	People    int        `json:"people"`         // to be trained
	Due       int        `json:"due"`            // of them in cohorts of the months that are over
	Announced int        `json:"announced"`      // in cohorts that are announced, held ones too
	Enrolled  int        `json:"enrolled"`       // seats taken in these
	Attended  int        `json:"attended"`       // of them by people who came to a session
	Completed int        `json:"completed"`      // and in office still
	Lapsed    int        `json:"lapsed"`         // of these, whose certificate has lapsed
	Persons   int        `json:"persons"`        // people who completed a course and are in office still
	Finished  int        `json:"finished"`       // of them in all courses
	LeftOut   int        `json:"left_out"`       // without a seat in the calendar
	Hindered  int        `json:"hindered"`       // cohorts that could not be announced in time
	Forecast  Forecast   `json:"forecast"`
	Behind    int        `json:"behind"`   // due and not completed
	Slippage  int        `json:"slippage"` // months by which the forecast's finish comes after the deadline
	Misses    bool       `json:"misses"`   // by the forecast, not everybody will be trained by the deadline
}

// counted is a progress with what its forecast is made of.
type counted struct {
	Progress
	past  map[Month]Outcome
	ahead map[Month]int
}

// Count counts a rollout at a time: its calendar with what came of it, and people
// who completed courses.
func (r *Rollout) Count(all []Turnout, persons []Persons, now Month) []Progress {
	c := counter{r: r, tree: r.tree(), now: now, at: map[need]*counted{}}
	for i := range r.Steps {
		s := &r.Steps[i]
		c.of(s.ID, "") // a step without people has a line too
		for area, n := range r.People(i) {
			for _, k := range c.both(s.ID, area) {
				k.People += n * len(s.Courses)
				k.LeftOut += n * len(s.Courses)
			}
		}
	}
	for i := range all {
		c.turnout(&all[i])
	}
	for _, p := range persons {
		step := slices.IndexFunc(r.Steps, func(s Step) bool { return s.ID == p.Step })
		if step < 0 {
			continue // an amendment took it out
		}
		for _, k := range c.both(p.Step, c.tree.home(p.Path, r.Steps[step].RunBy)) {
			k.Persons += p.Begun
			k.Finished += p.Finished
		}
	}
	return c.forecasts()
}

type counter struct {
	r    *Rollout
	tree tree
	now  Month
	at   map[need]*counted
}

func (c *counter) of(step StepID, area aid.AreaID) *counted {
	k := need{step: step, area: area}
	if c.at[k] == nil {
		c.at[k] = &counted{Progress: Progress{Step: step, Area: area}, past: map[Month]Outcome{}, ahead: map[Month]int{}}
	}
	return c.at[k]
}

// both are the lines to which people of an area count.
func (c *counter) both(step StepID, area aid.AreaID) []*counted {
	if area == "" {
		return []*counted{c.of(step, "")}
	}
	return []*counted{c.of(step, ""), c.of(step, area)}
}

func (c *counter) turnout(t *Turnout) {
	step := slices.IndexFunc(c.r.Steps, func(s Step) bool { return s.ID == t.Step })
	if step < 0 || t.Cancelled {
		return
	}
	if !t.Announced && t.Hindrance != "" {
		for _, k := range c.both(t.Step, t.Area) {
			k.Hindered++
		}
	}
	if !t.Announced && t.Month <= c.now {
		return // its people are to be planned again
	}
	seated, done := c.r.homes(c.tree, t, t.Seated), c.r.homes(c.tree, t, t.Done)
	attended, lapsed := c.r.homes(c.tree, t, t.Attended), c.r.homes(c.tree, t, t.Lapsed)
	for i, e := range t.From {
		for _, k := range c.both(t.Step, e.Area) {
			if t.Month < c.now {
				k.Due += e.People
				k.Behind += max(0, e.People-done[i].People)
			}
			if t.Announced {
				k.Announced += e.People
				k.Enrolled += seated[i].People
				k.Attended += attended[i].People
				k.Completed += done[i].People
				k.Lapsed += lapsed[i].People
			}
			if t.Settled {
				o := k.past[t.Month]
				k.past[t.Month] = Outcome{t.Month, o.Planned + e.People, o.Done + done[i].People}
				k.LeftOut -= min(e.People, done[i].People)
				continue
			}
			k.ahead[max(t.Month, c.now)] += e.People
			k.LeftOut -= e.People
		}
	}
}

// forecasts looks ahead for every line: by its own rate if it has months enough,
// else by that of its step.
func (c *counter) forecasts() []Progress {
	var lines []Progress
	for _, k := range c.at {
		step := slices.IndexFunc(c.r.Steps, func(s Step) bool { return s.ID == k.Step })
		rate := RateOf(outcomes(k.past))
		if rate.Months < leastMonths {
			rate = RateOf(outcomes(c.of(k.Step, "").past))
		}
		var ahead []Load
		for m, people := range k.ahead {
			ahead = append(ahead, Load{m, people})
		}
		slices.SortFunc(ahead, func(a, b Load) int { return cmp.Compare(a.Month, b.Month) })
		k.LeftOut = max(0, k.LeftOut)
		left := k.People - k.Completed
		k.Forecast = Finish(rate, ahead, left, c.now)
		k.Slippage = max(0, int(k.Forecast.Finish-c.r.Steps[step].Deadline))
		k.Misses = left > 0 && (k.Forecast.Finish == 0 || k.Forecast.Finish > c.r.Steps[step].Deadline)
		lines = append(lines, k.Progress)
	}
	slices.SortFunc(lines, func(a, b Progress) int {
		order := func(id StepID) int { return slices.IndexFunc(c.r.Steps, func(s Step) bool { return s.ID == id }) }
		return cmp.Or(cmp.Compare(order(a.Step), order(b.Step)), cmp.Compare(a.Area, b.Area))
	})
	return lines
}

func outcomes(past map[Month]Outcome) []Outcome {
	var list []Outcome
	for _, o := range past {
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b Outcome) int { return cmp.Compare(a.Month, b.Month) })
	return list
}

// Last is the last month of all steps.
func (r *Rollout) Last() Month {
	_, last := r.span()
	return last
}

// NoticeWeeks is how long before its month a cohort is announced.
func (r *Rollout) NoticeWeeks() int {
	if r.AnnounceWeeks == 0 {
		return 8
	}
	return r.AnnounceWeeks
}
