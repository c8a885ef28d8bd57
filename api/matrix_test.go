package api

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/workflows/contract"
)

var update = flag.Bool("update", false, "write the golden files anew")

// visits are the calls of the matrix: each route with ids that are in the
// callers' area or the volunteer's own, of somebody else nearby, in another
// area, and unknown. Every route must appear.
var visits = []struct {
	method, route, body string
	ids                 []string // own or in the area, another's, elsewhere, unknown; none where the path has no id
}{
	{"POST", "/v1/help-requests", needBody, nil},
	{"GET", "/v1/help-requests", "", nil},
	{"GET", "/v1/help-requests/{id}", "", []string{"r-1", "r-2", "r-far", "r-none"}},
	{"GET", "/v1/help-requests/{id}/candidates", "", []string{"r-1", "r-2", "r-far", "r-none"}},
	{"GET", "/v1/help-requests/{id}/why-not?volunteer_id=v-1", "", []string{"r-1", "r-2", "r-far", "r-none"}},
	{"GET", "/v1/help-requests/{id}/timeline", "", []string{"r-1", "r-2", "r-far", "r-none"}},
	{"POST", "/v1/help-requests/{id}/cancel", "", []string{"r-1", "r-2", "r-far", "r-none"}},
	{"POST", "/v1/help-requests/{id}/close", "", []string{"r-3", "r-3", "r-far", "r-none"}},
	{"POST", "/v1/help-requests/{id}/review", `{"answer":"goes_on"}`, []string{"r-3", "r-5", "r-far", "r-none"}},
	{"POST", "/v1/help-requests/{id}/assignments", `{"volunteer_id":"v-1"}`, []string{"r-2", "r-2", "r-far", "r-none"}},
	{"POST", "/v1/help-requests/{id}/exclusions", `{"volunteer_id":"v-1"}`, []string{"r-1", "r-2", "r-far", "r-none"}},
	{"DELETE", "/v1/help-requests/{id}/exclusions/{volunteer}", "", []string{"r-1", "r-2", "r-far", "r-none"}},
	{"GET", "/v1/offers?help_request_id=r-1", "", nil},
	{"GET", "/v1/offers", "", nil},
	{"POST", "/v1/offers/{id}/accept", "", []string{"o-1", "o-2", "o-far", "o-none"}},
	{"POST", "/v1/offers/{id}/decline", `{"reason":"busy"}`, []string{"o-1", "o-2", "o-far", "o-none"}},
	{"GET", "/v1/pairings", "", nil},
	{"POST", "/v1/pairings/{id}/withdraw", `{"reason":"busy"}`, []string{"p-o-3", "p-o-4", "p-o-5", "p-none"}},
	{"GET", "/v1/visits", "", nil},
	{"GET", "/v1/visits/{id}", "", []string{visitNow("o-7"), visitNow("o-8"), visitNow("o-9"), "vis-none"}},
	{"POST", "/v1/visits/{id}/check-in", "", []string{visitNow("o-7"), visitNow("o-8"), visitNow("o-9"), "vis-none"}},
	{"POST", "/v1/visits/{id}/check-in", `{"code":"` + apptest.Code + `"}`, []string{visitNow("o-7"), visitNow("o-8"), visitNow("o-9"), "vis-none"}},
	{"POST", "/v1/visits/{id}/check-out", "", []string{visitNow("o-10"), visitNow("o-11"), visitNow("o-12"), "vis-none"}},
	{"POST", "/v1/visits/{id}/confirm", "", []string{visitNow("o-10"), visitNow("o-11"), visitNow("o-12"), "vis-none"}},
	{"POST", "/v1/visits/{id}/overlap", "", []string{visitNow("o-10"), visitNow("o-11"), visitNow("o-12"), "vis-none"}},
	{"GET", "/v1/service-records", "", nil},
	{"POST", "/v1/service-records/{id}/dispute", `{"reason":"not_done"}`, []string{visitNow("o-10"), visitNow("o-11"), visitNow("o-12"), "vis-none"}},
	{"POST", "/v1/service-records/{id}/settle", `{"outcome":"struck"}`, []string{visitNow("o-13"), visitNow("o-14"), visitNow("o-15"), "vis-none"}},
	{"POST", "/v1/volunteers", `{"name":"x","area_id":"hlj.harbin","home":{"lat":45,"lng":126},"max_km":1,"capacity":1}`, nil},
	{"POST", "/v1/volunteers", `{"name":"x","area_id":"hlj.daqing","home":{"lat":45,"lng":126},"max_km":1,"capacity":1}`, nil},
	{"GET", "/v1/volunteers", "", nil},
	{"GET", "/v1/volunteers/{id}", "", []string{"v-1", "v-2", "v-9", "v-none"}},
	{"PATCH", "/v1/volunteers/{id}", `{"capacity":2}`, []string{"v-1", "v-2", "v-9", "v-none"}},
	{"PATCH", "/v1/volunteers/{id}", `{"name":"y"}`, []string{"v-1", "v-2", "v-9", "v-none"}},
	{"PATCH", "/v1/volunteers/{id}", `{"birth_date":"2000-01-01"}`, []string{"v-1", "v-2", "v-9", "v-none"}},
	{"POST", "/v1/volunteers/{id}/absences", `{"from":"2026-12-01","to":"2026-12-09"}`, []string{"v-1", "v-2", "v-9", "v-none"}},
	{"GET", "/v1/volunteers/{id}/limits", "", []string{"v-1", "v-2", "v-9", "v-none"}},
	{"PATCH", "/v1/volunteers/{id}/limits", `{"weekly":2}`, []string{"v-1", "v-2", "v-9", "v-none"}},
	{"GET", "/v1/volunteers/{id}/parks", "", []string{"v-1", "v-2", "v-9", "v-none"}},
	{"DELETE", "/v1/volunteers/{id}/parks/{park}", "", []string{"v-1", "v-2", "v-9", "v-none"}},
	{"POST", "/v1/beneficiaries", `{"name":"x","area_id":"hlj.harbin","home":{"lat":45,"lng":126}}`, nil},
	{"POST", "/v1/beneficiaries", `{"name":"x","area_id":"hlj.daqing","home":{"lat":45,"lng":126}}`, nil},
	{"GET", "/v1/beneficiaries", "", nil},
	{"GET", "/v1/beneficiaries/{id}", "", []string{"b-1", "b-1", "b-far", "b-none"}},
	{"GET", "/v1/beneficiaries/{id}/disclosures", "", []string{"b-1", "b-1", "b-far", "b-none"}},
	{"POST", "/v1/do-not-match", `{"volunteer_id":"v-1","other_volunteer_id":"v-2","kind":"kin","reason":"cousins"}`, nil},
	{"POST", "/v1/do-not-match", `{"volunteer_id":"v-far","beneficiary_id":"b-far","kind":"kin","reason":"of daqing"}`, nil},
	{"GET", "/v1/do-not-match", "", nil},
	{"DELETE", "/v1/do-not-match/{id}", "", []string{"d-1", "d-1", "d-far", "d-none"}},
	{"GET", "/v1/areas", "", nil},
	{"GET", "/v1/areas/{id}", "", []string{"hlj.harbin", "hlj.harbin", "hlj.daqing", "none"}},
	{"POST", "/v1/areas/{id}/merge", `{"into_id":"hlj.daqing","reason":"decree 7"}`, []string{"hlj.harbin", "hlj.harbin", "hlj.daqing", "none"}},
	{"POST", "/v1/areas/{id}/split", `{"id":"new","name_en":"New","reason":"decree 8","volunteers":["v-1"],"seat":{"lat":45,"lng":126}}`, []string{"hlj.harbin", "hlj.harbin", "hlj.daqing", "none"}},
	{"GET", "/v1/area-changes", "", nil},
	{"GET", "/v1/organisations", "", nil},
	{"GET", "/v1/skills", "", nil},
	{"GET", "/v1/courses", "", nil},
	{"GET", "/v1/courses/{id}", "", []string{"basics", "basics", "basics", "none"}},
	{"POST", "/v1/courses", `{"id":"basics","hours":4,"attendance":50}`, nil},
	{"GET", "/v1/courses/{id}/effect?area_id=hlj.harbin", "", []string{"basics", "basics", "basics", "none"}},
	{"GET", "/v1/courses/{id}/effect?area_id=hlj.daqing", "", []string{"basics", "basics", "basics", "none"}},
	{"GET", "/v1/courses/{id}/effect/file?area_id=hlj.harbin", "", []string{"basics", "basics", "basics", "none"}},
	{"GET", "/v1/courses/{id}/effect/file?area_id=hlj.daqing", "", []string{"basics", "basics", "basics", "none"}},
	{"GET", "/v1/risk-classes", "", nil},
	{"GET", "/v1/categories", "", nil},
	{"POST", "/v1/cohorts", cohortBody("org-harbin"), nil},
	{"POST", "/v1/cohorts", cohortBody("org-daqing"), nil},
	{"GET", "/v1/cohorts", "", nil},
	{"GET", "/v1/cohorts/{id}", "", []string{"k-1", "k-2", "k-far", "k-none"}},
	{"PATCH", "/v1/cohorts/{id}", `{"status":"closed"}`, []string{"k-1", "k-2", "k-far", "k-none"}},
	{"GET", "/v1/cohorts/{id}/enrolments", "", []string{"k-1", "k-2", "k-far", "k-none"}},
	{"GET", "/v1/cohorts/{id}/proposals", "", []string{"k-1", "k-2", "k-far", "k-none"}},
	{"GET", "/v1/cohorts/{id}/trainers", "", []string{"k-1", "k-2", "k-far", "k-none"}},
	{"POST", "/v1/cohorts/{id}/trainers/{trainer}/withdraw", `{"reason":"ill"}`, []string{"k-1", "k-2", "k-far", "k-none"}},
	{"PUT", "/v1/cohorts/{id}/trainers/{trainer}", `{}`, []string{"k-1", "k-2", "k-far", "k-none"}},
	{"POST", "/v1/cohorts/{id}/sessions/{session}/move", `{"starts_at":"2026-12-24T09:00:00Z","ends_at":"2026-12-24T11:00:00Z"}`, []string{"k-1", "k-2", "k-far", "k-none"}},
	{"POST", "/v1/cohorts/{id}/trainers/{trainer}/accept", "", []string{"k-asks", "k-asks-other", "k-asks-far", "k-none"}},
	{"POST", "/v1/cohorts/{id}/trainers/{trainer}/decline", "", []string{"k-asks", "k-asks-other", "k-asks-far", "k-none"}},
	{"GET", "/v1/trainers/{id}", "", []string{"a-trainer", "a-other-trainer", "a-far-trainer", "a-none"}},
	{"PUT", "/v1/trainers/{id}", `{"home":{"lat":45,"lng":126},"max_km":5,"monthly":2,"courses":[]}`, []string{"a-trainer", "a-other-trainer", "a-far-trainer", "a-none"}},
	{"PUT", "/v1/trainers/{id}", `{"home":{"lat":45,"lng":126},"max_km":5,"monthly":2,"courses":["basics"]}`, []string{"a-trainer", "a-other-trainer", "a-far-trainer", "a-none"}},
	{"POST", "/v1/cohorts/{id}/enrolments", `{"volunteer_id":"v-1"}`, []string{"k-1", "k-2", "k-far", "k-none"}},
	{"POST", "/v1/cohorts/{id}/enrolments", `{"volunteer_id":"v-2"}`, []string{"k-1", "k-2", "k-far", "k-none"}},
	{"POST", "/v1/cohorts/{id}/enrolments/file", "volunteer_id\nv-1\n", []string{"k-1", "k-2", "k-far", "k-none"}},
	{"DELETE", "/v1/cohorts/{id}/enrolments/{volunteer}", "", []string{"k-1", "k-2", "k-far", "k-none"}},
	{"GET", "/v1/cohorts/{id}/sessions/{session}/attendance", "", []string{"k-1", "k-2", "k-far", "k-none"}},
	{"POST", "/v1/cohorts/{id}/sessions/{session}/attendance", `{"marks":[]}`, []string{"k-now", "k-now", "k-far", "k-none"}},
	{"POST", "/v1/cohorts/{id}/sessions/{session}/attendance/file", "volunteer_id,present\nv-1,yes\n", []string{"k-now", "k-now", "k-far", "k-none"}},
	{"GET", "/v1/cohorts/{id}/sessions/{session}/code", "", []string{"k-now", "k-now", "k-far", "k-none"}},
	{"POST", "/v1/cohorts/{id}/sessions/{session}/check-in", `{"code":"wrong"}`, []string{"k-now", "k-2", "k-far", "k-none"}},
	{"GET", "/v1/cohorts/{id}/results", "", []string{"k-1", "k-2", "k-far", "k-none"}},
	{"POST", "/v1/cohorts/{id}/results", `{}`, []string{"k-now", "k-now", "k-far", "k-none"}},
	{"GET", "/v1/certificates", "", nil},
	{"GET", "/v1/certificates/{id}", "", []string{"z-1", "z-2", "z-far", "z-none"}},
	{"GET", "/v1/certificates/{id}/credential", "", []string{"z-1", "z-2", "z-far", "z-none"}},
	{"POST", "/v1/certificates/{id}/revoke", `{"reason":"x"}`, []string{"z-1", "z-2", "z-far", "z-none"}},
	{"POST", "/v1/certificates/{id}/reactivate", `{"reason":"x"}`, []string{"z-1", "z-2", "z-far", "z-none"}},
	{"POST", "/v1/certificates/{id}/prolong", `{"until":"2030-01-01","reason":"x"}`, []string{"z-1", "z-2", "z-far", "z-none"}},
	{"POST", "/v1/certificates/prolongations", `{"course_id":"basics","area_id":"hlj.harbin","lapsing":{"from":"2028-01-01","to":"2028-12-31"},"until":"2030-01-01","reason":"x"}`, nil},
	{"POST", "/v1/certificates/prolongations", `{"course_id":"basics","area_id":"hlj.daqing","lapsing":{"from":"2028-01-01","to":"2028-12-31"},"until":"2030-01-01","reason":"x"}`, nil},
	{"POST", "/v1/rollouts", rolloutBody("Years", 0), nil},
	{"GET", "/v1/rollouts", "", nil},
	{"GET", "/v1/rollouts/{id}", "", []string{"p-1", "p-1", "p-1", "p-none"}},
	{"GET", "/v1/rollouts/{id}/plan", "", []string{"p-1", "p-1", "p-1", "p-none"}},
	{"GET", "/v1/rollouts/{id}/progress", "", []string{"p-1", "p-1", "p-1", "p-none"}},
	{"GET", "/v1/rollouts/{id}/progress/file", "", []string{"p-1", "p-1", "p-1", "p-none"}},
	{"POST", "/v1/rollouts/{id}/amendments", rolloutBody("Years", 1), []string{"p-1", "p-1", "p-1", "p-none"}},
	{"POST", "/v1/rollouts/{id}/departures", `{"volunteer_id":"v-1","left_on":"2026-11-01"}`, []string{"p-1", "p-1", "p-1", "p-none"}},
	{"GET", "/v1/rounds", "", nil},
	{"GET", "/v1/scarcity", "", nil},
	{"GET", "/v1/me", "", nil},
	{"GET", "/v1/events", "", nil},
	{"GET", "/v1/notices", "", nil},
	{"POST", "/v1/notices/{id}/read", "", []string{"n-1", "n-2", "n-3", "n-none"}},
	{"GET", "/v1/contact", "", nil},
	{"PUT", "/v1/contact", `{"language":"en"}`, nil},
	{"POST", "/v1/contact/email", `{"address":"lin@example.org"}`, nil},
	{"POST", "/v1/contact/webhook", `{"url":"https://example.org/hook"}`, nil},
	{"POST", "/v1/contact/push-subscriptions", `{"endpoint":"https://example.org/b","keys":{"p256dh":"x","auth":"y"}}`, nil},
	{"POST", "/v1/contact/calendar", "", nil},
	{"POST", "/v1/contact/email/verify", `{"code":"1"}`, nil},
}

// crowded serves a world with something of everything, in the callers' area and
// elsewhere.
func crowded(t *testing.T) *running {
	t.Helper()
	r := asked(t)
	for id, path := range map[aid.RequestID]aid.AreaPath{"r-2": nangang, "r-3": nangang, "r-4": daqing, "r-5": nangang} {
		r.world.Seed(id, need(), path)
	}
	for _, o := range []struct {
		offer     aid.OfferID
		request   aid.RequestID
		volunteer aid.VolunteerID
	}{{"o-3", "r-3", "v-1"}, {"o-4", "r-3", "v-2"}, {"o-5", "r-4", "v-far"}} {
		r.world.Offer(o.offer, o.request, o.volunteer)
		r.accept(o.offer, o.request, o.volunteer)
	}
	r.visited()
	for offer, volunteer := range map[aid.OfferID]aid.VolunteerID{"o-no-1": "v-1", "o-no-2": "v-2"} {
		r.world.Offer(offer, "r-5", volunteer)
		_, err := r.world.AnswerOffer(t.Context(), "seed-"+string(offer), contract.AnswerOffer{
			Request: "r-5", Offer: offer, Volunteer: volunteer, Answer: contract.AnswerDecline, Reason: "busy",
		})
		require.NoError(t, err)
	}
	for id, of := range map[training.CohortID]struct {
		organisation aid.OrganisationID
		area         aid.AreaPath
		from         time.Duration
		people       []aid.VolunteerID
	}{
		"k-1": {"org-harbin", apptest.Harbin, 24 * time.Hour, []aid.VolunteerID{"v-1"}}, "k-2": {"org-harbin", apptest.Harbin, 48 * time.Hour, nil},
		"k-asks": {"org-harbin", apptest.Harbin, 24 * time.Hour, nil}, "k-asks-other": {"org-harbin", apptest.Harbin, 24 * time.Hour, nil},
		"k-asks-far": {"org-daqing", daqing, 24 * time.Hour, nil},
		"k-far":      {"org-daqing", daqing, 24 * time.Hour, []aid.VolunteerID{"v-far"}}, "k-now": {"org-harbin", apptest.Harbin, -time.Hour, []aid.VolunteerID{"v-1", "v-2"}},
	} {
		r.world.SeedCohort(id, of.organisation, of.area, apptest.Now.Add(of.from), of.people...)
	}
	require.NoError(t, r.world.OpenRollout(t.Context(), rollout.Kept{ID: "p-1", Name: "Years", Source: apptest.RolloutFile("Years", "hlj.harbin"), OpenedBy: "a-coordinator", OpenedAt: apptest.Now}))
	r.world.SeedAsk("k-asks", "a-trainer")
	r.world.SeedAsk("k-asks-other", "a-other-trainer")
	r.world.SeedAsk("k-asks-far", "a-trainer")
	r.world.SeedCertificate("z-1", "v-1")
	r.world.SeedCertificate("z-2", "v-2")
	r.world.SeedCertificate("z-far", "v-far")
	v, err := r.world.Volunteer(t.Context(), "v-far")
	require.NoError(t, err)
	v.ID = "v-9" // lives elsewhere and comes to nobody here
	require.NoError(t, r.world.AddVolunteer(t.Context(), v))
	for _, d := range []aid.DoNotMatch{
		{ID: "d-1", Volunteer: "v-9", Beneficiary: "b-1", Kind: aid.ApartKin, Reason: "aunt", AreaPath: daqing, OtherPath: nangang},
		{ID: "d-far", Volunteer: "v-far", Beneficiary: "b-far", Kind: aid.ApartKin, Reason: "uncle", AreaPath: daqing, OtherPath: daqing},
	} {
		_, err := r.world.KeepApart(t.Context(), d)
		require.NoError(t, err)
	}
	return r
}

func TestGoldenMatrixOverHTTP(t *testing.T) {
	t.Parallel()
	relations := []string{"own", "other", "elsewhere", "unknown"}
	var b strings.Builder
	fmt.Fprintf(&b, "%-62s %-10s %-12s %-10s %-10s %-12s %-10s %s\n", "route", "thing", "caseworker", "volunteer", "trainer", "coordinator", "nobody", "no token")
	callers := []string{"caseworker", "volunteer", "trainer", "coordinator", "nobody", ""}
	visited := map[string]bool{}
	for _, v := range visits {
		route, _, _ := strings.Cut(v.route, "?")
		visited[v.method+" "+route] = true
		ids := v.ids
		if ids == nil {
			ids = []string{""}
		}
		for i, id := range ids {
			thing := "-"
			if id != "" {
				thing = relations[i]
			}
			name := v.method + " " + v.route
			if strings.Contains(v.body, "daqing") {
				name += " in Daqing"
			}
			if strings.Contains(v.body, `{"volunteer_id":"v-2"}`) {
				name += " of another"
			}
			if strings.Contains(v.body, `"code"`) {
				name += " with the code"
			}
			if strings.Contains(v.body, `"name":"y"`) {
				name += " name"
			}
			if strings.Contains(v.body, `"courses":["basics"]`) && v.method == "PUT" {
				name += " courses"
			}
			if strings.Contains(v.body, `"birth_date"`) {
				name += " birth date"
			}
			line := fmt.Sprintf("%-62s %-10s", name, thing)
			for j, caller := range callers {
				r := crowded(t) // calls change things: each gets its own world
				if strings.HasSuffix(v.route, "/close") {
					r.world.Pass(need().Window.StartsAt.Sub(r.world.Clock())) // no help is done before it begins
				}
				status := r.status(caller, v.method, strings.NewReplacer("{id}", id, "{park}", "busy", "{volunteer}", "v-1", "{trainer}", "a-trainer", "{session}", "1").Replace(v.route), v.body)
				line += fmt.Sprintf(" %-*d", []int{12, 10, 10, 12, 10, 3}[j], status)
				switch caller {
				case "nobody":
					require.Equal(t, http.StatusForbidden, status, "%s answers a role without rights", v.route)
				case "":
					require.Equal(t, http.StatusUnauthorized, status, "%s answers without a token", v.route)
				}
			}
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	a := serve(t).api
	for _, route := range a.routes {
		require.True(t, visited[route.method+" "+route.path], "%s %s is not in the matrix", route.method, route.path)
		require.Contains(t, policy.Actions(), route.action, "%s %s", route.method, route.path)
	}
	golden(t, "testdata/matrix.txt", b.String())
}

// TestEveryRouteIsRegisteredWithItsAction compares what chi serves with what
// handle registered, so that nothing under /v1 can go round it.
func TestEveryRouteIsRegisteredWithItsAction(t *testing.T) {
	t.Parallel()
	a := serve(t).api
	var registered []string
	actions := map[policy.Action]bool{}
	for _, route := range a.routes {
		registered = append(registered, route.method+" "+route.path)
		require.False(t, actions[route.action], "%s has two routes", route.action)
		actions[route.action] = true
	}
	served := servedRoutes(t, a)
	slices.Sort(registered)
	require.Equal(t, registered, served)
}

// TestTheRoleIsCheckedBeforeTheBody: whoever may not learns nothing of the form.
func TestTheRoleIsCheckedBeforeTheBody(t *testing.T) {
	t.Parallel()
	r := serve(t)
	for _, body := range []string{"{", `{"x":1}`, strings.Repeat("x", maxBody+10)} {
		r.problem(r.send("volunteer", "POST", "/v1/help-requests", body), http.StatusForbidden)
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(string(want), got), "look at each difference, then run go test ./api -update")
}
