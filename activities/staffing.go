package activities

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching"
	"github.com/linli/linli/training"
)

// staff asks trainers to hold the cohorts that lack one, by the plan that is best for
// all of them together. Whoever could take several is looked at again with what they
// were just asked for, until nobody fits. Of a cohort for which nobody is left the
// coordinators are told.
func staff(ctx context.Context, lacking []*training.Cohort, trainers []training.Trainer, now time.Time) error {
	trainers = slices.Clone(trainers)
	for i := range trainers {
		trainers[i].Taken = slices.Clone(trainers[i].Taken)
	}
	verdict := func(c, t int) matching.TrainerVerdict { return judge(lacking[c], trainers[t], now) }
	for {
		lacks := make([]int, len(lacking))
		for i, c := range lacking {
			lacks[i] = c.Vacant(now)
		}
		picks, err := matching.Trainers(ctx, lacks, len(trainers), verdict)
		if err != nil {
			return err
		}
		if len(picks) == 0 {
			break
		}
		for _, p := range picks {
			c, t := lacking[p.Cohort], &trainers[p.Trainer]
			c.AskTrainer(t.Account, p.Distance, now)
			t.Taken = append(t.Taken, c.Engagement(now))
		}
	}
	for i, c := range lacking {
		if c.Vacant(now) == 0 {
			continue
		}
		var unmet aid.ReasonCounts
		for t := range trainers {
			verdict(i, t).Bars.Count(&unmet)
		}
		c.NobodyToAsk(unmet, now)
	}
	return nil
}

// judge finds the first rule that keeps a trainer from a cohort.
func judge(c *training.Cohort, t training.Trainer, now time.Time) matching.TrainerVerdict {
	v := matching.TrainerVerdict{Distance: int64(math.Round(t.Home.Distance(c.Location)))}
	e := c.Engagement(now)
	switch {
	case c.Knows(t.Account):
		v.Bars = matching.TrainerAsked
	case !slices.Contains(t.Courses, c.Course):
		v.Bars = matching.TrainerCourse
	case v.Distance > int64(t.MaxDistance), !slices.ContainsFunc(t.Areas, func(a aid.AreaPath) bool { return a.Holds(c.AreaPath) }):
		v.Bars = matching.TrainerTooFar
	case !t.Free(e):
		v.Bars = matching.TrainerBusy
	case !t.Room(e):
		v.Bars = matching.TrainerFull
	}
	return v
}
