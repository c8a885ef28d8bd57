package activities

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/rollout"
)

// choice is a trainer for a planned cohort, and when its session would begin.
type choice struct {
	training.Busy
	from     time.Time
	distance int64
	bars     matching.TrainerBar
}

// hold judges a trainer for a planned cohort at a place: what is known of them has to
// fit, and they need a working day of the month without another session. Of whom
// nothing is known, only their calendar bars.
func hold(b training.Busy, p *rollout.Planned, at aid.Point) choice {
	c := choice{Busy: b}
	t := training.Trainer{Monthly: math.MaxInt}
	if b.Profile != nil {
		t = *b.Profile
		c.distance = int64(math.Round(t.Home.Distance(at)))
		switch {
		case !slices.Contains(t.Courses, aid.CourseID(p.Course)):
			c.bars = matching.TrainerCourse
			return c
		case c.distance > int64(t.MaxDistance):
			c.bars = matching.TrainerTooFar
			return c
		}
	}
	t.Taken = b.Taken
	days := workingDays(p.Month)
	for i := range days {
		c.from = days[(b.Cohorts+i)%len(days)]
		e := engagement("", c.from)
		if t.Free(e) {
			if !t.Room(e) {
				c.bars = matching.TrainerFull
			}
			return c
		}
	}
	c.bars = matching.TrainerBusy
	return c
}

// engagement is what holding a cohort means that meets once.
func engagement(id training.CohortID, from time.Time) training.Engagement {
	return training.Engagement{Cohort: id, Month: training.MonthOf(from), Sessions: []aid.Window{{StartsAt: from, EndsAt: from.Add(teaching)}}}
}

// choose finds who takes a planned cohort: whom the plan of all of them chose if they
// fit still, else the nearest who fits. One of whom nothing is known, with the fewest
// cohorts in the month, comes after all others. Without anybody it counts why.
func choose(p *rollout.Planned, at aid.Point, all []training.Busy, planned aid.AccountID) (choice, rollout.Hindered) {
	none := rollout.Hindered{Why: rollout.NoTrainer}
	var fit []choice
	for _, b := range all {
		c := hold(b, p, at)
		c.bars.Count(&none.Unmet)
		if c.bars == matching.TrainerFits {
			fit = append(fit, c)
		}
	}
	if len(fit) == 0 {
		return choice{}, none
	}
	rank := func(c choice) int {
		switch {
		case c.Account == planned:
			return 0
		case c.Profile != nil:
			return 1
		}
		return 2
	}
	return slices.MinFunc(fit, func(a, b choice) int { // of equals the first
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.distance, b.distance), cmp.Compare(a.Cohorts, b.Cohorts))
	}), rollout.Hindered{}
}

// lecturers plans who takes the cohorts for which it is time: of trainers of whom it is
// known what they teach, by the plan that is best for all cohorts together. It is a wish
// only, since others may take them before a cohort is made.
func (a *Rollouts) lecturers(ctx context.Context, w rolloutUnderWay, due []*rollout.Planned) ([]aid.AccountID, error) {
	chosen := make([]aid.AccountID, len(due))
	staff := make([]map[aid.AccountID]training.Busy, len(due))
	taken := map[aid.AccountID][]training.Engagement{} // in this plan
	var all []aid.AccountID
	for i, p := range due {
		s, err := a.Store.StaffFor(ctx, *p)
		if err != nil {
			return nil, err
		}
		staff[i] = map[aid.AccountID]training.Busy{}
		for _, b := range s.Trainers {
			if b.Profile == nil {
				continue
			}
			staff[i][b.Account] = b
			if _, seen := taken[b.Account]; !seen {
				taken[b.Account] = nil
				all = append(all, b.Account)
			}
		}
	}
	judge := func(i, t int) choice {
		b, known := staff[i][all[t]]
		if !known {
			return choice{bars: matching.TrainerTooFar} // they act elsewhere
		}
		b.Taken = slices.Concat(b.Taken, taken[b.Account])
		b.Cohorts += len(taken[b.Account])
		return hold(b, due[i], w.place(due[i].Venue))
	}
	for {
		lacks := make([]int, len(due))
		for i := range due {
			if chosen[i] == "" {
				lacks[i] = 1
			}
		}
		picks, err := matching.Trainers(ctx, lacks, len(all), func(i, t int) matching.TrainerVerdict {
			c := judge(i, t)
			// A metre for each cohort they have, so that those who live at one place share.
			return matching.TrainerVerdict{Bars: c.bars, Distance: min(aid.MaxTravel, c.distance+int64(c.Cohorts))}
		})
		if err != nil || len(picks) == 0 {
			return chosen, err
		}
		for _, pick := range picks {
			c := judge(pick.Cohort, pick.Trainer)
			chosen[pick.Cohort] = c.Account
			taken[c.Account] = append(taken[c.Account], engagement(training.CohortID(due[pick.Cohort].CohortID(w.ID)), c.from))
		}
	}
}

// place is where an area of the file lies.
func (w rolloutUnderWay) place(id aid.AreaID) aid.Point {
	i := slices.IndexFunc(w.file.Areas, func(a rollout.Area) bool { return a.ID == id })
	return aid.Point{Lat: w.file.Areas[i].Lat, Lng: w.file.Areas[i].Lng}
}

// workingDays are nine o'clock on the working days of a month.
func workingDays(m rollout.Month) []time.Time {
	var days []time.Time
	for day := m.Begins(); rollout.MonthOf(day) == m; day = day.AddDate(0, 0, 1) {
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			days = append(days, day.Add(firstHour*time.Hour).UTC())
		}
	}
	return days
}
