package postgres

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/training"
)

// Effect adds up what people did before they completed a course and after it.
func (s *Store) Effect(ctx context.Context, f training.EffectFilter) (training.EffectSums, error) {
	out := training.EffectSums{Of: map[training.Measure]map[training.Group]training.Sums{}}
	rows, err := s.queries().CourseEffect(ctx, db.CourseEffectParams{
		Course: f.Course, Area: string(f.Area), FromAt: f.From, UntilAt: f.Until, Now: f.Now, ByHand: aid.ByHand,
		ServedSince: training.ServedSince, StillAfter: training.StillAfter,
	})
	if err != nil {
		return out, mapped(err)
	}
	for _, r := range rows {
		m := training.Measure(r.Measure)
		if out.Of[m] == nil {
			out.Of[m] = map[training.Group]training.Sums{}
		}
		out.Of[m][training.Group(r.Of)] = training.Sums{People: int(r.People), Y: r.Y, X: r.X, YY: r.Yy, XY: r.Xy, XX: r.Xx}
	}
	undated, err := s.queries().UndatedHolders(ctx, db.UndatedHoldersParams{Course: f.Course, Area: string(f.Area)})
	out.Undated = int(undated)
	return out, mapped(err)
}
