package postgres

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/training"
)

// LapsingNear gives those of the filter who hold or held the course until a day that
// is not after f.Soon, who need it most first, without distances.
func (s *Store) LapsingNear(ctx context.Context, f training.ProposalFilter) ([]training.Proposal, error) {
	rows, err := s.queries().LapsingNear(ctx, db.LapsingNearParams{
		Course: f.Course, Soon: dateTo(f.Soon), Cells: cellsTo(f.Cells), Areas: texts(f.Areas), Cohort: string(f.Cohort),
		Prerequisites: texts(f.Prerequisites), FirstDay: dateTo(f.FirstDay), Lat: f.At.Lat, Lng: f.At.Lng, AtMost: int32(f.Limit),
	})
	out := make([]training.Proposal, len(rows))
	for i, row := range rows {
		out[i] = training.Proposal{Volunteer: aid.VolunteerID(row.ID), Need: training.NeedLapsing, Until: dateOf(row.HoldsUntil)}
		if row.Paired {
			out[i].Need = training.NeedPairing
		}
	}
	return out, mapped(err)
}

// UntrainedNear gives those of the filter who never held the course, who lives nearest
// first, without distances.
func (s *Store) UntrainedNear(ctx context.Context, f training.ProposalFilter) ([]training.Proposal, error) {
	rows, err := s.queries().UntrainedNear(ctx, db.UntrainedNearParams{
		Course: f.Course, Cells: cellsTo(f.Cells), Areas: texts(f.Areas), Cohort: string(f.Cohort),
		Prerequisites: texts(f.Prerequisites), FirstDay: dateTo(f.FirstDay), Lat: f.At.Lat, Lng: f.At.Lng, AtMost: int32(f.Limit),
	})
	out := make([]training.Proposal, len(rows))
	for i, id := range rows {
		out[i] = training.Proposal{Volunteer: id, Need: training.NeedNew}
	}
	return out, mapped(err)
}

func cellsTo(cells []aid.Cell) []int64 {
	out := make([]int64, len(cells))
	for i, c := range cells {
		out[i] = int64(c)
	}
	return out
}
