package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/sheet"
)

func TestPeopleEnrolByFile(t *testing.T) {
	t.Parallel()
	w := schooled()
	u := w.UseCases().Cohorts
	file := "volunteer_id,name\nv-2,林\nv-far,x\nv-1,\nv-2,\n!,\nv-none,\n"
	out, err := u.EnrolFile(t.Context(), as(aid.RoleCoordinator), "k-1", []byte(file))
	require.NoError(t, err)
	require.Equal(t, 1, out.Noted)
	require.Equal(t, 1, out.Unchanged, "v-1 was there")
	var rows []int
	for _, r := range out.Rejected {
		rows = append(rows, r.Row)
	}
	require.Equal(t, []int{3, 5, 6, 7}, rows)
	require.Equal(t, sheet.CSV, out.Form)
	require.Equal(t, "volunteer_id,name,reason\n"+
		"v-far,x,\"volunteer_id is not registered, or not yours to see\"\n"+
		"v-2,,\"volunteer_id came before, in row 2\"\n"+
		"!,,volunteer_id is missing or malformed\n"+
		"v-none,,\"volunteer_id is not registered, or not yours to see\"\n", string(out.File))
	c, err := w.Cohort(t.Context(), "k-1")
	require.NoError(t, err)
	e, _ := c.Enrolment("v-2")
	require.Equal(t, training.ViaFile, e.Via)

	_, err = u.Change(t.Context(), as(aid.RoleCoordinator), "k-1", app.CohortChange{Status: training.Closed})
	require.NoError(t, err)
	require.NoError(t, u.Withdraw(t.Context(), as(aid.RoleCoordinator), "k-1", "v-2"))
	out, err = u.EnrolFile(t.Context(), as(aid.RoleCoordinator), "k-1", []byte("volunteer_id\nv-2\n"))
	require.NoError(t, err)
	require.Equal(t, training.ReasonCohortClosed, aid.ReasonOf(out.Rejected[0].Error))
	require.Contains(t, string(out.File), "v-2,the cohort takes nobody any more")
	_, err = u.EnrolFile(t.Context(), as(aid.RoleCoordinator), "k-none", []byte("volunteer_id\nv-2\n"))
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	_, err = u.EnrolFile(t.Context(), as(aid.RoleCoordinator), "k-1", []byte("phone\n1\n"))
	require.Equal(t, []string{"file", "file"}, fields(t, err))
	_, err = u.EnrolFile(t.Context(), as(aid.RoleVolunteer), "k-1", []byte("volunteer_id\nv-2\n"))
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
}

func TestAttendanceIsNotedByFile(t *testing.T) {
	t.Parallel()
	w := schooled()
	u := w.UseCases().Cohorts
	file := []byte("volunteer_id,present\nv-1,是\nv-2,perhaps\nv-far,yes\n")
	out, err := u.NoteAttendanceFile(t.Context(), as(aid.RoleTrainer), "k-now", 1, file)
	require.NoError(t, err)
	require.Equal(t, 1, out.Noted)
	require.Equal(t, "volunteer_id,present,reason\nv-2,perhaps,\"present is \"\"perhaps\"\", must be yes or no, 是 or 否, 1 or 0\"\n"+
		"v-far,yes,the volunteer holds no seat in this cohort\n", string(out.File))
	out, err = u.NoteAttendanceFile(t.Context(), as(aid.RoleTrainer), "k-now", 1, []byte("volunteer_id,present,reason\nv-1,YES,\nv-2,0,perhaps\n"))
	require.NoError(t, err)
	require.Equal(t, [2]int{1, 1}, [2]int{out.Noted, out.Unchanged})
	require.Nil(t, out.File)
	seen, err := u.Attendance(t.Context(), as(aid.RoleTrainer), "k-now", 1)
	require.NoError(t, err)
	require.Equal(t, training.ByFile, seen[0].Mark.Means)
	require.False(t, seen[1].Mark.Present)
	_, err = u.NoteAttendanceFile(t.Context(), as(aid.RoleTrainer), "k-now", 2, file)
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	_, err = u.NoteAttendanceFile(t.Context(), as(aid.RoleTrainer), "k-far", 1, file)
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}
