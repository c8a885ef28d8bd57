package app

import (
	"context"
	"errors"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/sheet"
)

// EffectStore adds up what people did before and after they completed a course. Course
// is [aid.NotFound] for an unknown id.
type EffectStore interface {
	AreaReader
	Course(ctx context.Context, id aid.CourseID) (training.Course, error)
	Effect(ctx context.Context, f training.EffectFilter) (training.EffectSums, error)
}

// Effects compare those trained with those not yet trained. They show numbers of people,
// and none of a few.
type Effects struct {
	Store EffectStore
	Now   func() time.Time
}

// EffectOf names a comparison. Without months it is of the last twelve.
type EffectOf struct {
	Course      aid.CourseID
	Area        aid.AreaID
	From, Until rollout.Month // the first and the last
}

// mostMonths is the longest time that is compared.
const mostMonths = 120

// effectTime is within what a server takes to answer. A whole province of 2.66 million,
// of whom 2 million served in a year, needs about 40 s.
const effectTime = 50 * time.Second

// Compare compares the people of an area, and gives the months that were meant. The
// month that goes on counts as far as it has come.
func (u *Effects) Compare(ctx context.Context, by Caller, of EffectOf) (training.Effect, EffectOf, error) {
	return u.compare(ctx, by, policy.ReadCourseEffect, of)
}

// File gives the same as a spreadsheet.
func (u *Effects) File(ctx context.Context, by Caller, of EffectOf, form sheet.Form) ([]byte, error) {
	e, _, err := u.compare(ctx, by, policy.ReadEffectFile, of)
	if err != nil {
		return nil, err
	}
	return sheet.Write(form, e.Table())
}

func (u *Effects) compare(ctx context.Context, by Caller, action policy.Action, of EffectOf) (training.Effect, EffectOf, error) {
	var none training.Effect
	if err := policy.Role(by.Role, action); err != nil {
		return none, of, err
	}
	now := u.Now()
	if of.Until == 0 {
		of.Until = rollout.MonthOf(now)
	}
	if of.From == 0 {
		of.From = of.Until - 11
	}
	var c aid.Check
	c.That(aid.ValidID(of.Area), "area_id", "is missing or malformed")
	area, err := areaFor(ctx, u.Store, &c, by, action, of.Area)
	if err != nil {
		return none, of, err
	}
	c.That(of.Until <= rollout.MonthOf(now), "until", "must not lie in the future")
	c.That(of.From <= of.Until, "from", "must not come after until")
	c.That(of.Until-of.From < mostMonths, "from", "must be within %d months of until", mostMonths)
	if err := c.Err("comparison"); err != nil {
		return none, of, err
	}
	if _, err := u.Store.Course(ctx, of.Course); err != nil {
		return none, of, hidden(err, "course")
	}
	until := (of.Until + 1).Begins()
	if until.After(now) {
		until = now
	}
	limited, cancel := context.WithTimeout(ctx, effectTime)
	defer cancel()
	sums, err := u.Store.Effect(limited, training.EffectFilter{
		Course: of.Course, Area: area.Path, From: of.From.Begins(), Until: until, Now: now,
	})
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		c.That(false, "area_id", "holds more people than can be compared within %v: name an area within it, or fewer months", effectTime)
		return none, of, c.Err("comparison")
	}
	if err != nil {
		return none, of, err
	}
	return sums.Compare(), of, nil
}
