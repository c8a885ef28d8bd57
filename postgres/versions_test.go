package postgres_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
)

func (w *world) version(id aid.VolunteerID) int64 {
	w.t.Helper()
	v, err := w.Volunteer(w.t.Context(), id)
	require.NoError(w.t, err)
	return v.Version
}

func TestARecordThatChangedMeanwhileIsNotOverwritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.volunteer("v", 2)
	seen, err := w.Volunteer(ctx, "v")
	require.NoError(t, err)
	require.Equal(t, int64(1), seen.Version)

	first, second := seen, seen
	first.Phone = "456"
	require.NoError(t, w.UpdateVolunteer(ctx, first))
	second.Capacity = 5
	err = w.UpdateVolunteer(ctx, second)
	require.Equal(t, aid.Conflict, aid.KindOf(err))
	require.Equal(t, aid.ReasonChangedMeanwhile, aid.ReasonOf(err))
	stored, err := w.Volunteer(ctx, "v")
	require.NoError(t, err)
	require.Equal(t, "456", stored.Phone)
	require.Equal(t, seen.Capacity, stored.Capacity)

	second.Version = stored.Version
	require.NoError(t, w.UpdateVolunteer(ctx, second), "who has read it again may")
	second.Version = 0
	require.NoError(t, w.UpdateVolunteer(ctx, second), "whoever names no version replaces what there is")
	require.Equal(t, int64(4), w.version("v"))
}

func TestOfManyWhoSawTheSameRecordOneChangesIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 2)
	seen, err := w.Volunteer(t.Context(), "v")
	require.NoError(t, err)
	const writers = 8
	errs := make([]error, writers)
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			mine := seen
			mine.Capacity = 3 + i
			errs[i] = w.UpdateVolunteer(t.Context(), mine)
		})
	}
	all.Wait()
	refused := slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	require.Len(t, refused, writers-1)
	for _, err := range refused {
		require.Equal(t, aid.ReasonChangedMeanwhile, aid.ReasonOf(err))
	}
}

// TestWhatCountsAsAChangeOfTheRecord: courses do, whoever writes them, since an
// update replaces them too. What binds the volunteer does not, else every offer
// would refuse an update.
func TestWhatCountsAsAChangeOfTheRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.volunteer("v000", 1)
	complete := func(until aid.Date) {
		t.Helper()
		held := postgres.Completion{Volunteer: "v000", CourseHeld: aid.CourseHeld{Course: "basics", Until: until}}
		_, err := w.ImportCompletions(ctx, file(nil, held), postgres.ImportWatch{})
		require.NoError(t, err)
	}
	steps := []struct {
		name string
		do   func()
		want int64
	}{
		{"an offer", func() { w.request("r", w.need(1, 3)); w.ask("r", 1, "v000") }, 1},
		{"its acceptance", func() { require.NoError(t, w.accept(ctx, "r", "v000")) }, 1},
		{"a course completed", func() { complete(aid.Date{Year: 2027, Month: 1, Day: 1}) }, 2},
		{"the same again", func() { complete(aid.Date{Year: 2027, Month: 1, Day: 1}) }, 2},
		{"a course prolonged", func() { complete(aid.Date{Year: 2028, Month: 1, Day: 1}) }, 3},
		{"a file with another phone and course", func() { importPhone(t, w, "789") }, 4},
		{"the same file", func() { importPhone(t, w, "789") }, 4},
	}
	for _, step := range steps {
		step.do()
		require.Equal(t, step.want, w.version("v000"), step.name)
	}
}

func importPhone(t *testing.T, w *world, phone string) {
	t.Helper()
	v, err := w.Volunteer(t.Context(), "v000")
	require.NoError(t, err)
	v.Phone, v.Courses = phone, []aid.CourseHeld{{Course: "care"}}
	_, err = w.ImportVolunteers(t.Context(), harbin.ID, file(nil, v), postgres.ImportWatch{})
	require.NoError(t, err)
}
