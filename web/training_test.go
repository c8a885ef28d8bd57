package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/web/browsertest"
)

// taught is a world with a cohort in Harbin that begins in an hour, with people in it.
func taught(t *testing.T, people ...aid.VolunteerID) *site {
	t.Helper()
	s := open(t)
	s.world.SeedCohort("k-1", "org-harbin", apptest.Harbin, apptest.Now.Add(time.Hour), people...)
	return s
}

func TestAVolunteerEnrolsAndGivesUp(t *testing.T) {
	t.Parallel()
	s := taught(t, "v-2")
	r := s.as("volunteer")
	require.Contains(t, r.get("/training").text, "/cohorts/k-1")
	page := r.get("/cohorts/k-1").text
	require.NotContains(t, page, "Room 1", "where it is, is for who comes")
	require.Equal(t, "/cohorts/k-1?done=enrolled", r.post("/cohorts/k-1/enrol").to)
	page = r.get("/cohorts/k-1?done=enrolled").text
	require.Contains(t, page, "You are enrolled")
	require.Contains(t, page, "Room 1")
	require.NotContains(t, page, "/results", "that is for who teaches")
	require.Equal(t, "/cohorts/k-1?done=given_up", r.post("/cohorts/k-1/withdraw").to)
	require.NotContains(t, r.get("/cohorts/k-1").text, "Room 1")
	require.Equal(t, http.StatusNotFound, r.get("/cohorts/k-none").status)
}

func TestWhoeverIsLateWaitsForASeat(t *testing.T) {
	t.Parallel()
	s := taught(t, "v-2", "v-far")
	r := s.as("volunteer")
	require.Contains(t, r.get("/cohorts/k-1").text, "Full: wait for a seat")
	require.Equal(t, "/cohorts/k-1?done=waiting", r.post("/cohorts/k-1/enrol").to)
	require.Equal(t, http.StatusSeeOther, s.as("v-2").post("/cohorts/k-1/withdraw").status)
	require.Contains(t, r.get("/cohorts/k-1").text, "enrolled", "the seat is theirs by now")
}

func TestWhoTeachesNotesWhoIsThereAndCertifies(t *testing.T) {
	t.Parallel()
	s := taught(t, "v-1", "v-2")
	s.world.Pass(time.Hour)
	r := s.as("trainer")
	require.Contains(t, r.get("/training").text, "/cohorts/k-1")
	require.Equal(t, "/cohorts/k-1/sessions/1?done=noted", r.post("/cohorts/k-1/sessions/1/attendance", "present", "v-1").to)
	page := r.get("/cohorts/k-1/sessions/1").text
	require.Contains(t, page, `value="v-1" checked`)
	require.NotContains(t, page, `value="v-2" checked`)
	require.Equal(t, http.StatusUnprocessableEntity, r.post("/cohorts/k-1/results", "score-v-1", "many").status)
	require.Equal(t, http.StatusUnprocessableEntity, r.post("/cohorts/k-1/results", "score-v-1", "101").status)
	require.Equal(t, "/cohorts/k-1?done=noted", r.post("/cohorts/k-1/results", "score-v-1", "８0", "score-v-2", "").to)
	page = r.get("/cohorts/k-1").text
	require.Contains(t, page, "1 of 1 sessions, points 80")
	require.Contains(t, page, "0 of 1 sessions, points –")

	mine := s.as("volunteer")
	path := regexpOf(t, `/certificates/[^"]+`, mine.get("/training").text)
	page = mine.get(path).text
	require.Contains(t, page, "林晓明")
	require.Contains(t, page, "已完成“基础”培训")
	require.Contains(t, page, "has completed the course “Basics”")
	require.Equal(t, http.StatusNotFound, s.as("v-2").get(path).status, "it is somebody else's")
	verified := s.stranger().get(path + "/verify")
	require.Equal(t, http.StatusOK, verified.status, "whoever holds the paper has no account")
	require.Contains(t, verified.text, "有效")
	require.NotContains(t, verified.text, "晓明", "no more than it takes")
	require.Equal(t, http.StatusNotFound, s.stranger().get("/certificates/z-none/verify").status)

	for _, path := range []string{"/cohorts/k-1/sessions/1", "/cohorts/k-1/sessions/1/code"} {
		require.Equal(t, http.StatusForbidden, mine.get(path).status, path)
	}
	for _, path := range []string{"/cohorts/k-1/sessions/2", "/cohorts/k-1/sessions/x"} {
		require.Equal(t, http.StatusNotFound, r.get(path).status, path)
	}
	s.world.Pass(24 * time.Hour)
	require.Equal(t, http.StatusConflict, r.get("/cohorts/k-1/sessions/1/code").status, "there is no code of what is over")
}

// The code in the room is scanned or typed, and following its link does nothing yet.
func TestThoseWhoAreThereNoteItThemselves(t *testing.T) {
	t.Parallel()
	s := taught(t, "v-1", "v-2")
	s.world.Pass(time.Hour)
	room := s.as("trainer").get("/cohorts/k-1/sessions/1/code").text
	typed := regexpOf(t, `[0-9A-Z]{4}-[0-9A-Z]{4}`, room)
	require.Contains(t, room, "data-look-again")
	r := s.as("volunteer")
	require.Contains(t, r.get("/cohorts/k-1").text, "The code that the room shows")
	require.Contains(t, r.post("/cohorts/k-1/sessions/1/check-in", "code", "AAAA-AAAA").text, "That is not the code")
	require.Contains(t, r.get("/attend/k-1/1/"+typed).text, `value="`+typed+`"`)
	require.NotContains(t, s.as("trainer").get("/cohorts/k-1/sessions/1").text, "checked")
	require.Equal(t, "/cohorts/k-1?done=attended", r.post("/cohorts/k-1/sessions/1/check-in", "code", strings.ToLower(typed)).to)
	trainer := s.as("trainer")
	require.Contains(t, trainer.get("/cohorts/k-1/sessions/1").text, `value="v-1" checked`)
	trainer.post("/cohorts/k-1/sessions/1/attendance", "present", "v-2")
	require.Contains(t, trainer.get("/cohorts/k-1/sessions/1").text, `value="v-1" checked`, "a page that was opened before takes nothing back")
	trainer.post("/cohorts/k-1/sessions/1/attendance", "present", "v-2", "was", "v-1")
	require.NotContains(t, trainer.get("/cohorts/k-1/sessions/1").text, `value="v-1" checked`)
}

func TestTrainingInABrowser(t *testing.T) {
	t.Parallel()
	s := taught(t, "v-1", "v-2")
	s.world.Pass(time.Hour)
	p := browsertest.Start(t, string(aid.Chinese))
	p.Open(s.url + "/sign-in#linli_trainer")
	p.Await("培训班")
	p.Picture("trainer-1-cohorts")
	p.Press("基础")
	p.Await("学员")
	require.False(t, p.Wide())
	p.Picture("trainer-2-cohort")
	p.Press("签到情况")
	p.Press("林")
	p.Press("保存")
	p.Await("已登记")
	p.Picture("trainer-3-session")
	p.Press("在教室显示签到码")
	p.Await("每三十秒更换")
	require.False(t, p.Wide())
	p.Picture("trainer-4-code")
	p.Open(s.url + "/cohorts/k-1")
	p.Type("#score-v-1", "88")
	p.Press("登记成绩")
	p.Await("已登记")
	p.Open(s.url + "/settings")
	p.Press("退出")
	p.Await("访问令牌")
	p.Open(s.url + "/sign-in#linli_volunteer")
	p.Await("我的到访")
	p.Press("培训")
	p.Await("我的证书")
	p.Picture("training-1")
	p.Press("有效期至")
	p.Await("培训合格证书")
	require.False(t, p.Wide())
	p.Picture("training-2-certificate")
}
