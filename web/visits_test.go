package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
)

func TestAVolunteerAnswersOffers(t *testing.T) {
	t.Parallel()
	s := asked(t)
	r := s.as("volunteer")
	page := r.get("/").text
	require.Contains(t, page, "within 2 km")
	require.NotContains(t, page, "果戈里大街", "the address is not told yet")
	a := r.post("/offers/o-1/accept")
	require.Equal(t, "/?done=accepted", a.to)
	page = r.get(a.to).text
	require.Contains(t, page, "Thank you!")
	require.Contains(t, page, visitOf("o-1"))
	require.NotContains(t, page, "offer-o-1")
	require.Contains(t, r.get("/?done=nonsense").text, "Nobody waits for your answer")

	a = r.post("/offers/o-2/accept")
	require.Equal(t, http.StatusNotFound, a.status, "it is somebody else's")
	require.Contains(t, a.text, `role="alert"`)
}

func TestWhoeverIsSlowerIsToldThatTheSeatIsFilled(t *testing.T) {
	t.Parallel()
	s := open(t)
	need := apptest.Need()
	need.Roles[0].People = 1
	s.world.Seed("r-1", need, apptest.Nangang)
	s.world.Offer("o-1", "r-1", "v-1")
	s.world.Offer("o-2", "r-1", "v-2")
	require.Equal(t, "/?done=accepted", s.as("v-2").post("/offers/o-2/accept").to)
	r := s.as("volunteer")
	require.Equal(t, "/?done=filled", r.post("/offers/o-1/accept").to)
	require.Contains(t, r.get("/?done=filled").text, "Somebody was faster")
}

func TestARefusalHasTheEffectThatThePageSays(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]struct {
		says string
		park aid.Park
	}{
		"busy":            {"until the date that you give (else for 3 days)", aid.Park{Kind: aid.ParkBusy, Until: time.Date(2026, 11, 20, 0, 0, 0, 0, time.FixedZone("", 8*3600)).UTC()}},
		"too_far":         {"you are asked within 1 km only", aid.Park{Kind: aid.ParkTooFar, Category: "visit", Within: 1000}},
		"not_comfortable": {"you are not asked for it until you say otherwise", aid.Park{Kind: aid.ParkNotComfortable, Category: "visit"}},
	} {
		s := asked(t)
		r := s.as("volunteer")
		require.Contains(t, r.get("/").text, want.says)
		require.Equal(t, "/?done=declined", r.post("/offers/o-1/decline", "reason", reason, "until", "2026-11-20").to, "a day that does not belong to a word does no harm")
		parks, err := s.world.UseCases().Limits.Parks(t.Context(), app.Caller{Account: apptest.Account(aid.RoleVolunteer)}, "v-1")
		require.NoError(t, err)
		require.Len(t, parks, 1)
		got := parks[0]
		got.Offer, got.Since = "", time.Time{}
		got.Until = got.Until.UTC()
		require.Equal(t, want.park, got)
	}
	r := asked(t).as("volunteer")
	for _, form := range [][]string{{}, {"reason", "nonsense"}, {"reason", "busy", "until", "tomorrow"}, {"reason", "busy", "until", "2020-01-01"}} {
		a := r.post("/offers/o-1/decline", form...)
		require.Equal(t, http.StatusUnprocessableEntity, a.status, "%v", form)
		require.Contains(t, a.text, "offer-o-1", "the offer still waits")
	}
}

// arrived is a world in which the visit of v-1 begins now.
func arrived(t *testing.T) *site {
	t.Helper()
	s := asked(t)
	require.Equal(t, http.StatusSeeOther, s.as("volunteer").post("/offers/o-1/accept").status)
	s.world.Pass(24 * time.Hour)
	return s
}

func (r *reader) position(lat float64) []string {
	return []string{"lat", fmt.Sprint(lat), "lng", fmt.Sprint(apptest.Home.Lng)}
}

func TestAVolunteerChecksInAndOut(t *testing.T) {
	t.Parallel()
	s := arrived(t)
	r := s.as("volunteer")
	visit := visitOf("o-1")
	a := r.post(visit+"/check-in", r.position(apptest.Home.Lat+0.1)...)
	require.Equal(t, http.StatusConflict, a.status)
	require.Contains(t, a.text, "Your phone is not near the place")
	a = r.post(visit+"/check-in", "code", "000000")
	require.Contains(t, a.text, "That is not the code")
	a = r.post(visit+"/check-in", r.position(apptest.Home.Lat)...)
	require.Equal(t, visit+"?done=checked_in", a.to)
	page := r.get(a.to).text
	require.Contains(t, page, "under way")
	require.Contains(t, page, `action="`+visit+`/check-out"`)
	require.NotContains(t, page, apptest.Code, "whose word the code stands for is not the volunteer's")
	s.world.Pass(time.Hour)
	require.Equal(t, visit+"?done=checked_out", r.post(visit+"/check-out", "code", "２４６ ８１０").to, "wide digits and spaces are the same code")
	require.Contains(t, r.get("/").text, "Done lately")
	require.Contains(t, r.get(visit).text, "60 minutes")
	require.Equal(t, http.StatusUnprocessableEntity, r.post(visit+"/dispute", "reason", "nonsense").status)
	require.Equal(t, visit+"?done=disputed", r.post(visit+"/dispute", "reason", "wrong_time").to)
	page = r.get(visit).text
	require.Contains(t, page, "counts for nothing meanwhile")
	require.NotContains(t, page, visit+"/dispute")
	require.Contains(t, s.as("caseworker").get(visit).text, "counts for nothing meanwhile")
}

func TestOnlyWhatCanBeDoneNowIsOffered(t *testing.T) {
	t.Parallel()
	s := asked(t)
	r := s.as("volunteer")
	visit := visitOf("o-1")
	r.post("/offers/o-1/accept")
	require.Contains(t, r.get(visit).text, "You can check in from Tue 3 Nov 2026, 15:30", "by the clock of Harbin")
	require.NotContains(t, r.get(visit).text, `action="`+visit+`/check-in"`)
	s.world.Pass(27 * time.Hour)
	page := r.get(visit).text
	require.Contains(t, page, "Report a visit afterwards")
	require.NotContains(t, page, "data-position", "where the phone is now shows nothing of then")
	a := r.post(visit+"/check-in", "code", apptest.Code, "at", "nonsense")
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Equal(t, visit+"?done=checked_in", r.post(visit+"/check-in", "code", apptest.Code, "at", "2026-11-03T16:10").to)
	require.Contains(t, r.get(visit).text, "Tue 3 Nov 2026, 16:10")
	s.world.Pass(48 * time.Hour)
	require.NotContains(t, r.get(visit).text, "<form method=\"post\" action=\""+visit+"/check", "it is too late for a volunteer")
	require.Contains(t, s.as("caseworker").get(visit).text, "Note that the volunteer has left", "and not for a caseworker")
}

func TestTheAddressIsShownWhenAskedForAndNoted(t *testing.T) {
	t.Parallel()
	s := arrived(t)
	r := s.as("volunteer")
	noted := func() int {
		page, err := s.world.UseCases().Beneficiaries.Disclosures(t.Context(), app.Caller{Account: apptest.Account(aid.RoleCaseworker)}, "b-1", aid.Page{Limit: 50})
		require.NoError(t, err)
		return len(page.Items)
	}
	require.NotContains(t, r.get(visitOf("o-1")).text, "果戈里大街")
	require.Zero(t, noted())
	page := r.post(visitOf("o-1") + "/address").text
	require.Contains(t, page, "果戈里大街 1 号")
	require.Contains(t, page, `href="tel:10000000900"`)
	require.Equal(t, 1, noted())

	require.Equal(t, "/?done=withdrawn", r.post(visitOf("o-1")+"/withdraw", "reason", "unwell").to)
	a := r.post(visitOf("o-1") + "/address")
	require.Equal(t, http.StatusConflict, a.status)
	require.NotContains(t, a.text, "果戈里大街")
	require.Contains(t, a.text, "the address is not shown")
}

func TestACaseworkerSeesTheDayAndNotesForOthers(t *testing.T) {
	t.Parallel()
	s := arrived(t)
	r := s.as("caseworker")
	require.Contains(t, r.get("/").text, visitOf("o-1"))
	visit := visitOf("o-1")
	page := r.get(visit).text
	require.Contains(t, page, apptest.Code)
	require.NotContains(t, page, `name="code"`)
	require.Equal(t, visit+"?done=checked_in", r.post(visit+"/check-in").to)
	s.world.Pass(time.Hour)
	require.Equal(t, visit+"?done=checked_out", r.post(visit+"/check-out").to)
	require.Contains(t, r.get(visit).text, "Did this visit take place?")
	require.Equal(t, visit+"?done=confirmed", r.post(visit+"/confirm").to)
	require.NotContains(t, r.get(visit).text, "Did this visit take place?")
	s.world.Pass(72 * time.Hour)
	require.NotContains(t, r.get("/").text, visit, "that was another day")
}

func TestWhatIsNotTheirsIsNotThere(t *testing.T) {
	t.Parallel()
	s := arrived(t)
	for _, path := range []string{visitOf("o-1"), "/visits/vis-none"} {
		a := s.as("v-2").get(path)
		require.Equal(t, http.StatusNotFound, a.status)
		require.Contains(t, a.text, "not yours to see")
		require.Equal(t, http.StatusNotFound, s.as("v-2").post(path+"/check-in", "code", apptest.Code).status)
	}
	require.Equal(t, http.StatusForbidden, s.as("trainer").get(visitOf("o-1")).status)
	require.Equal(t, "/training", s.as("trainer").get("/").to)
}

// Whoever comes where nobody comes alone is told to wait, and of whom.
func TestNobodyIsSentInAlone(t *testing.T) {
	t.Parallel()
	s := open(t)
	need := apptest.Need()
	need.Category, need.MinPeople = "bathing", 2
	need.Risk = aid.Risk{Class: "high", TwoDeep: true}
	s.world.Seed("r-1", need, apptest.Nangang)
	s.world.Offer("o-1", "r-1", "v-1")
	s.world.Offer("o-2", "r-1", "v-2")
	one, other := s.as("volunteer"), s.as("v-2")
	require.Contains(t, one.post("/offers/o-1/accept").text, "You do not meet what this asks for", "of whom no age is known may be a minor")
	for _, id := range []aid.VolunteerID{"v-1", "v-2"} {
		born := app.VolunteerChange{BirthDate: new(aid.Date{Year: 1990, Month: time.May, Day: 6})}
		_, err := s.world.UseCases().Volunteers.Update(t.Context(), app.Caller{Account: apptest.Account(aid.RoleCoordinator)}, id, nil, born)
		require.NoError(t, err)
	}
	require.Equal(t, "/?done=accepted", one.post("/offers/o-1/accept", one.fresh()...).to, "what was refused can be tried anew")
	other.post("/offers/o-2/accept")
	require.Contains(t, one.get(visitOf("o-1")).text, "Nobody goes to this alone")
	s.world.Pass(24 * time.Hour)
	one.post(visitOf("o-1")+"/check-in", "code", apptest.Code)
	page := one.get(visitOf("o-1")).text
	require.Contains(t, page, "Wait outside and do not go in alone")
	require.Contains(t, page, "data-look-again")
	other.post(visitOf("o-2")+"/check-in", "code", apptest.Code)
	page = one.get(visitOf("o-1")).text
	require.NotContains(t, page, "Wait outside")
	require.Contains(t, page, "under way")
}

// A part that is away is told from a fault of the reader's.
func TestAPartThatIsAwayIsSaidToBe(t *testing.T) {
	t.Parallel()
	s := arrived(t)
	r := s.as("volunteer")
	s.world.Fail(func(call string) error {
		if call == "Change" {
			return aid.Errorf(aid.Unavailable, "postgres is away")
		}
		return nil
	})
	a := r.post(visitOf("o-1")+"/check-in", "code", apptest.Code)
	require.Equal(t, http.StatusServiceUnavailable, a.status)
	require.Contains(t, a.text, "nothing was done")
	require.Contains(t, a.text, `action="`+visitOf("o-1")+`/check-in"`, "and it can be tried again")
	s.world.Fail(func(string) error { return aid.Errorf(aid.Internal, "a secret fault") })
	a = r.get("/")
	require.Equal(t, http.StatusInternalServerError, a.status)
	require.NotContains(t, a.text, "secret")
}

// Every status, alarm and reason has its words in both languages: a page lacking a
// text is not shown.
func TestEveryStateOfAVisitHasItsWords(t *testing.T) {
	t.Parallel()
	s := arrived(t)
	id := aid.VisitID(strings.TrimPrefix(visitOf("o-1"), "/visits/"))
	states := []func(*aid.Visit){}
	for _, status := range aid.VisitStatuses {
		for _, reason := range []string{"", aid.HandedOverAway, aid.HandedOverBound, aid.HandedOverCourse, aid.HandedOverCheck, aid.HandedOverMinor, aid.HandedOverAlone, aid.HandedOverVacant} {
			states = append(states, func(v *aid.Visit) { v.Status, v.Reason = status, reason })
		}
		for alarm := aid.NoAlarm; alarm <= aid.AlarmCaseworker; alarm++ {
			states = append(states, func(v *aid.Visit) { v.Status, v.Alarm = status, alarm })
		}
	}
	for _, set := range states {
		_, err := s.world.Change(t.Context(), "r-1", func(r *aid.HelpRequest, _ time.Time) error {
			for i := range r.Visits {
				if r.Visits[i].ID == id {
					set(&r.Visits[i])
				}
			}
			return nil
		})
		require.NoError(t, err)
		for _, role := range []string{"volunteer", "caseworker"} {
			r := s.as(role)
			for _, path := range []string{"/", visitOf("o-1")} {
				require.Equal(t, http.StatusOK, r.get(path).status)
				r.get("/language/zh-CN")
			}
		}
	}
}
