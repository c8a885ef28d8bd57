package activities_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/workflows/contract"
)

// TestWhoTakesACohort: the trainer with the fewest in the month, each cohort of
// theirs on a day of its own that is a working day.
func TestWhoTakesACohort(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		staff training.Staff
		want  rollout.Hindrance
		by    aid.AccountID
		on    string
	}{
		"the first of equals": {
			training.Staff{Rule: training.Definition{Version: 2}, Organisation: "org", Trainers: []training.Busy{{Account: "t-1", Cohorts: 2}, {Account: "t-2", Cohorts: 2}}}, "", "t-1", "2026-06-03T01:00:00Z",
		},
		"the less busy": {
			training.Staff{Rule: training.Definition{Version: 2}, Organisation: "org", Trainers: []training.Busy{{Account: "t-1", Cohorts: 9}, {Account: "t-2", Cohorts: 5}}}, "", "t-2", "2026-06-08T01:00:00Z",
		},
		"no version":      {training.Staff{Organisation: "org", Trainers: []training.Busy{{Account: "t-1"}}}, rollout.NoCourseVersion, "", ""},
		"no organisation": {training.Staff{Rule: training.Definition{Version: 1}, Trainers: []training.Busy{{Account: "t-1"}}}, rollout.NoOrganisation, "", ""},
		"no trainer":      {training.Staff{Rule: training.Definition{Version: 1}, Organisation: "org"}, rollout.NoTrainer, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			store := &announcing{RolloutStore: w.rollouts, staff: c.staff}
			steps := &activities.Rollouts{Store: store, Cell: func(aid.Point) (aid.Cell, error) { return 7, nil }}
			_, err := w.runRollouts(steps, contract.ActivityAnnounceCohorts, contract.RolloutAt{Rollout: "p-1", At: noon, Until: noon.AddDate(0, 0, 27)})
			require.NoError(t, err)
			require.Equal(t, c.want, store.hindrance)
			if c.want != "" {
				return
			}
			require.NoError(t, store.cohort.Validate(noon), "it is a cohort as anybody could open it")
			require.Equal(t, []aid.AccountID{c.by}, store.cohort.Trainers)
			require.Equal(t, c.on, store.cohort.First().During.StartsAt.Format(time.RFC3339))
			require.Equal(t, 2, store.cohort.Version)
			require.Equal(t, 6, store.cohort.Capacity)
		})
	}
}

// announcing notes the first cohort that is made of a staff.
type announcing struct {
	activities.RolloutStore
	staff     training.Staff
	cohort    *training.Cohort
	hindrance rollout.Hindrance
	unmet     aid.ReasonCounts
	made      []*training.Cohort
	before    *training.Staff // when it was planned, if other than when it is made
}

func (s *announcing) StaffFor(context.Context, rollout.Planned) (training.Staff, error) {
	if s.before != nil {
		return *s.before, nil
	}
	return s.staff, nil
}

func (s *announcing) Announce(_ context.Context, _ aid.RolloutID, p rollout.Planned, fn func(training.Staff) (*training.Cohort, rollout.Hindered)) error {
	s.staff.Rule.Course = aid.CourseID(p.Course)
	c, h := fn(s.staff)
	if len(s.made) == 0 {
		s.cohort, s.hindrance, s.unmet = c, h.Why, h.Unmet
	}
	s.made = append(s.made, c)
	return nil
}

var _ activities.RolloutStore = (*memory.Rollouts)(nil)
