package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// bathingBody asks for help of a class to which nobody comes alone.
func bathingBody(minPeople string) string {
	return strings.NewReplacer(`"visit","urgency"`, `"bathing","urgency"`, `"min_people":1`, `"min_people":`+minPeople).Replace(needBody)
}

func TestAHelpRequestGetsTheRiskClassOfItsCategory(t *testing.T) {
	t.Parallel()
	r := serve(t)
	classes := r.send("volunteer", "GET", "/v1/risk-classes", "")
	require.JSONEq(t, `{"items":[{"id":"high","name_zh":"高风险","name_en":"High","check_months":24,"minors":"barred","two_deep":true,
		"course":"basics","categories":["bathing"]}]}`, classes.text)

	alone := r.problem(r.send("caseworker", "POST", "/v1/help-requests", bathingBody("1")), http.StatusUnprocessableEntity)
	require.Equal(t, []string{"body.min_people"}, alone.locations())
	require.Contains(t, alone.text, "nobody comes alone")
	single := strings.Replace(bathingBody("1"), `"people":2`, `"people":1`, 1)
	require.Equal(t, []string{"body.roles", "body.min_people"}, r.problem(r.send("caseworker", "POST", "/v1/help-requests", single), http.StatusUnprocessableEntity).locations())

	opened := r.send("caseworker", "POST", "/v1/help-requests", bathingBody("2"), "Idempotency-Key", "k-1")
	require.Equal(t, http.StatusCreated, opened.StatusCode, opened.text)
	require.Equal(t, "high", opened.body["risk_class"])
	roles := opened.body["roles"].([]any)
	require.Len(t, roles, 2)
	require.Equal(t, map[string]any{"name": "companion", "skills": []any{"visit"}, "wishes": []any{}, "courses": []any{"basics"}, "people": 1.0, "lead": false}, roles[0])
	again := r.send("caseworker", "POST", "/v1/help-requests", bathingBody("2"), "Idempotency-Key", "k-1")
	require.Equal(t, opened.text, again.text)
	plain := r.send("caseworker", "POST", "/v1/help-requests", needBody)
	require.NotContains(t, plain.text, "risk_class")
	require.JSONEq(t, `{"items":[{"name":"bathing","risk_class":"high"},{"name":"visit"}]}`, r.send("caseworker", "GET", "/v1/categories", "").text)
}

func TestOnlyCoordinatorsSeeAndEnterWhatIsKnownOfAVolunteer(t *testing.T) {
	t.Parallel()
	r := serve(t)
	const known = `{"checked_on":"2026-10-01","birth_date":"1990-05-06","guardian_consent_until":"2030-01-01"}`
	changed := r.send("coordinator", "PATCH", "/v1/volunteers/v-1", known)
	require.Equal(t, http.StatusOK, changed.StatusCode, changed.text)
	for token, sees := range map[string]bool{"coordinator": true, "caseworker": false, "trainer": false, "volunteer": false} {
		a := r.send(token, "GET", "/v1/volunteers/v-1", "")
		require.Equal(t, http.StatusOK, a.StatusCode)
		for _, field := range []string{"checked_on", "birth_date", "guardian_consent_until"} {
			require.Equal(t, sees, strings.Contains(a.text, field), "%s %s", token, field)
		}
		if token != "volunteer" {
			require.Equal(t, sees, strings.Contains(r.send(token, "GET", "/v1/volunteers", "").text, "1990-05-06"), token)
		}
	}
	refused := r.problem(r.send("volunteer", "PATCH", "/v1/volunteers/v-1", `{"checked_on":"2026-10-01"}`), http.StatusForbidden)
	require.Equal(t, []string{"body.checked_on"}, refused.locations())

	kept := r.send("volunteer", "PATCH", "/v1/volunteers/v-1", `{"capacity":2}`)
	require.Equal(t, http.StatusOK, kept.StatusCode)
	taken := r.send("coordinator", "PATCH", "/v1/volunteers/v-1", `{"checked_on":""}`)
	require.NotContains(t, taken.text, "checked_on", "an empty text takes it back")
	require.Equal(t, "1990-05-06", taken.body["birth_date"], "and nothing else")
	taken = r.send("coordinator", "PATCH", "/v1/volunteers/v-1", `{"birth_date":null}`)
	require.Equal(t, http.StatusOK, taken.StatusCode)
	require.NotContains(t, taken.text, "birth_date", "so does null")
	require.Contains(t, taken.text, "guardian_consent_until", "what is left out stays")

	for body, field := range map[string]string{
		`{"checked_on":"2026-12-24"}`:             "body.checked_on", // it is November there
		`{"birth_date":"1890-01-01"}`:             "body.birth_date",
		`{"birth_date":"2026-02-30"}`:             "body.birth_date",
		`{"guardian_consent_until":"soon"}`:       "body.guardian_consent_until",
		`{"guardian_consent_until":"3999-01-01"}`: "body.guardian_consent_until",
	} {
		a := r.problem(r.send("coordinator", "PATCH", "/v1/volunteers/v-1", body), http.StatusUnprocessableEntity)
		require.Equal(t, []string{field}, a.locations(), body)
		require.NotContains(t, a.text, "1890", "a value that was sent is not repeated")
	}
	const person = `{"name":"赵敏","area_id":"hlj.harbin","home":{"lat":45,"lng":126},"max_km":1,"capacity":1`
	added := r.send("coordinator", "POST", "/v1/volunteers", person+`,"birth_date":"2012-01-01","guardian_consent_until":"2027-01-01"}`)
	require.Equal(t, http.StatusCreated, added.StatusCode, added.text)
	require.Equal(t, "2012-01-01", added.body["birth_date"])
	r.problem(r.send("coordinator", "POST", "/v1/volunteers", person+`,"checked_on":"2027-01-01"}`), http.StatusUnprocessableEntity)
}

func TestAVolunteerWithoutACheckIsToldWhyTheyCannotAccept(t *testing.T) {
	t.Parallel()
	r := serve(t)
	n := need()
	n.MinPeople, n.Risk = 2, aid.Risk{Class: "high", CheckMonths: 24, TwoDeep: true}
	r.world.Seed("r-9", n, nangang)
	r.world.Offer("o-9", "r-9", "v-1")
	a := r.problem(r.send("volunteer", "POST", "/v1/offers/o-9/accept", ""), http.StatusConflict)
	require.Equal(t, "not_eligible", a.body["reason"])
	require.Contains(t, a.text, "background check")
	require.Equal(t, http.StatusOK, r.send("coordinator", "PATCH", "/v1/volunteers/v-1", `{"checked_on":"2026-10-01","birth_date":"1990-05-06"}`).StatusCode)
	accepted := r.send("volunteer", "POST", "/v1/offers/o-9/accept", "", "Idempotency-Key", "second")
	require.Equal(t, http.StatusOK, accepted.StatusCode, accepted.text)
	require.Equal(t, "forming", accepted.body["pairing"].(map[string]any)["status"], "nobody comes alone")
}
