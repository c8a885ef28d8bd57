package worker_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
	"github.com/linli/linli/training"
	"github.com/linli/linli/workflows/contract"
)

// school adds a trainer and a course, and opens a cohort of one session that begins in a
// moment and lasts another.
func (s *system) school(id aid.CohortID, begins, lasts time.Duration) {
	s.Helper()
	ctx := s.Context()
	require.NoError(s, s.store.AddAccount(ctx, aid.Account{ID: "t1", Role: aid.RoleTrainer, Name: "赵"}, []aid.AreaID{harbin.ID}))
	_, err := s.store.ImportOrganisations(ctx, harbin.ID, func(yield func(postgres.Numbered[aid.Organisation], error) bool) {
		yield(postgres.Numbered[aid.Organisation]{Row: 1, Value: aid.Organisation{ID: "org", Tree: "regional", Tier: "corps", Area: harbin.ID, NameZh: "总队", NameEn: "Corps"}}, nil)
	}, postgres.ImportWatch{Rejected: func(_ int, why error) error { return why }})
	require.NoError(s, err)
	rule, err := s.store.PublishCourse(ctx, aid.Named{ID: "care", NameZh: "照护", NameEn: "Care"}, training.Definition{Course: "care", Hours: 1, Attendance: 100, PublishedBy: "t1"})
	require.NoError(s, err)
	from := time.Now().Add(begins)
	c := training.New(id, training.Plan{
		Course: "care", Version: rule.Version, Organisation: "org", Mode: training.InPerson, Venue: "Room 1", Location: home, Cell: cellOf(home),
		Trainers: []aid.AccountID{"t1"}, Capacity: 2, Sessions: []training.Session{{During: aid.Window{StartsAt: from, EndsAt: from.Add(lasts)}}},
	}, rule, harbin.Path, "c1", s.now)
	require.NoError(s, s.store.AddCohort(ctx, c))
}

func (s *system) cohort(id aid.CohortID) *training.Cohort {
	s.Helper()
	c, err := s.store.Cohort(s.Context(), id)
	require.NoError(s, err)
	return c
}

// TestACohortRunsFromItsOpeningToItsEnd over the real parts, with its process terminated
// in between: the outbox starts it, the sweep brings it back, its clock runs out, and
// once nobody is left to follow up it ends.
func TestACohortRunsFromItsOpeningToItsEnd(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.volunteers(1)
	s.work()
	s.school("k1", 6*time.Second, time.Second)
	runs := func() bool {
		runs, err := s.processes.IsCohortRunning(t.Context(), "k1")
		require.NoError(t, err)
		return runs
	}
	s.until("its process runs", runs)
	s.until("nothing is left to deliver", func() bool {
		waiting, _, err := s.store.OutboxLag(t.Context())
		require.NoError(t, err)
		return waiting == 0
	})
	s.loses(contract.CohortWorkflowID("k1"), s.sweep().Cohorts)
	s.until("its first session ends enrolment", func() bool { return s.cohort("k1").Status == training.Closed })

	s.until("it can be completed", func() bool {
		_, err := s.store.ChangeCohort(t.Context(), "k1", func(c *training.Cohort, now time.Time) error { return c.Complete("t1", now) })
		return err == nil
	})
	s.until("nobody is left to follow up", func() bool { return !s.cohort("k1").FollowedAt.IsZero() })
	s.until("its process has ended", func() bool { return !runs() })
}

// TestATrainerWhoDropsOutIsReplaced over the real parts: nobody is known, then somebody
// is, who is asked and accepts.
func TestATrainerWhoDropsOutIsReplaced(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.work()
	s.school("k1", time.Hour, time.Hour)
	require.NoError(t, s.store.AddAccount(t.Context(), aid.Account{ID: "boss", Role: aid.RoleCoordinator, Name: "陈"}, []aid.AreaID{harbin.ID}))
	told := func(account aid.AccountID, kind aid.NoticeKind) func() bool {
		return func() bool {
			page, err := s.store.Notices(t.Context(), aid.NoticeFilter{Recipient: account}, aid.Page{Limit: 10})
			require.NoError(t, err)
			return slices.ContainsFunc(page.Items, func(n aid.Notice) bool { return n.Kind == kind && n.Cohort == "k1" })
		}
	}
	s.until("its trainer hears of it", told("t1", aid.NoticeCohortAssigned))
	_, err := s.store.ChangeCohort(t.Context(), "k1", func(c *training.Cohort, now time.Time) error { return c.DropOut("t1", "ill", "t1", now) })
	require.NoError(t, err)
	s.until("the coordinators hear that nobody is known", told("boss", aid.NoticeTrainerMissing))
	require.NoError(t, s.store.AddAccount(t.Context(), aid.Account{ID: "t2", Role: aid.RoleTrainer, Name: "钱"}, []aid.AreaID{harbin.ID}))
	require.NoError(t, s.store.PutTrainer(t.Context(), training.Trainer{
		Account: "t2", Home: home, Cell: cellOf(home), MaxDistance: 1000, Monthly: 1, Courses: []aid.CourseID{"care"},
	}))
	s.until("whoever is registered is asked", told("t2", aid.NoticeTrainerAsked))
	_, err = s.store.AnswerAsk(t.Context(), "k1", "t2", func(c *training.Cohort, who training.Trainer, now time.Time) error {
		return c.AcceptAsk(who, "t2", now)
	})
	require.NoError(t, err)
	require.Equal(t, []aid.AccountID{"t2"}, s.cohort("k1").Trainers)
}
