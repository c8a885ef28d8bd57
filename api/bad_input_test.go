package api

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app/apptest"
)

// with replaces a part of the sound body.
func with(old, by string) string { return strings.Replace(needBody, old, by, 1) }

func TestBadRequestsAreRefusedByField(t *testing.T) {
	t.Parallel()
	r := serve(t)
	for name, test := range map[string]struct {
		body   string
		status int
		fields []string
		says   string
	}{
		"latitude out of range":  {with(`"lat":45.7605`, `"lat":95`), 422, []string{"body.location.lat"}, "-90 to 90"},
		"longitude out of range": {with(`"lng":126.6423`, `"lng":181`), 422, []string{"body.location.lng"}, "-180 to 180"},
		"swapped":                {with(`"lat":45.7605,"lng":126.6423`, `"lat":126.6423,"lng":45.7605`), 422, []string{"body.location.lat"}, "swapped"},
		"not a number":           {with(`"lat":45.7605`, `"lat":"45"`), 422, []string{"body.location.lat"}, "expected number"},
		"infinite":               {with(`"lat":45.7605`, `"lat":1e999`), 400, []string{"body"}, "out of range"},
		"unknown skill":          {with(`"visit"],`, `"flying"],`), 422, []string{"body.roles[0].skills[0]"}, "flying"},
		"unknown course":         {with(`"courses":[]`, `"courses":["wizardry"]`), 422, []string{"body.roles[0].courses[0]"}, "wizardry"},
		"end before start":       {with(`10:00:00Z`, `07:00:00Z`), 422, []string{"body.window.ends_at"}, "after starts_at"},
		"end in the past":        {strings.ReplaceAll(needBody, "2026-11-03", "2026-11-01"), 422, []string{"body.window.ends_at"}, "passed"},
		"no zone in a time":      {with(`08:00:00Z`, `08:00:00`), 422, []string{"body.window.starts_at"}, "RFC 3339"},
		"no people":              {with(`"people":2`, `"people":0`), 422, []string{"body.roles[0].people"}, "1 to 100"},
		"negative people":        {with(`"people":2`, `"people":-2`), 422, []string{"body.roles[0].people"}, "1 to 100"},
		"too many people":        {with(`"people":2`, `"people":101`), 422, []string{"body.roles[0].people", "body.roles"}, "1 to 100"},
		"half a person":          {with(`"people":2`, `"people":1.5`), 422, []string{"body.roles[0].people"}, "integer"},
		"people without end":     {with(`"people":2`, `"people":1e30`), 422, []string{"body.roles[0].people"}, "<="},
		"minimum above people":   {with(`"min_people":1`, `"min_people":3`), 422, []string{"body.min_people"}, "more than the 2"},
		"negative minimum":       {with(`"min_people":1`, `"min_people":-1`), 422, []string{"body.min_people"}, ">= 1"},
		"minimum of nobody":      {with(`"min_people":1`, `"min_people":0`), 422, []string{"body.min_people"}, ">= 1"},
		"no roles":               {with(`{"name":"companion","skills":["visit"],"courses":[],"people":2}`, ``), 422, []string{"body.roles"}, "1 to 10"},
		"unknown urgency":        {with(`"soon"`, `"asap"`), 422, []string{"body.urgency"}, "routine"},
		"unknown beneficiary":    {with(`"b-1"`, `"b-none"`), 422, []string{"body.beneficiary_id"}, "no such beneficiary"},
		"malformed beneficiary":  {with(`"b-1"`, `"b 1; DROP"`), 422, []string{"body.beneficiary_id"}, "malformed"},
		"missing field":          {with(`"category":"visit",`, ``), 422, []string{"body.category"}, "missing"},
		"missing in an object":   {with(`"lat":45.7605,`, ``), 422, []string{"body.location.lat"}, "missing"},
		"no window":              {with(`"window":{"starts_at":"2026-11-03T08:00:00Z","ends_at":"2026-11-03T10:00:00Z"},`, ``), 422, []string{"body.window"}, "or cadence is missing"},
		"cadence and window":     {with(`"notes"`, `"cadence":`+cadenceBody+`,"notes"`), 422, []string{"body.cadence"}, "one of them"},
		"cadence of no form":     {withCadence(`{"every":"week"}`), 422, []string{"body.cadence.first_visit", "body.cadence.minutes", "body.cadence.rule", "body.cadence.time_zone", "body.cadence.every"}, "missing"},
		"cadence every hour":     {withCadence(strings.Replace(cadenceBody, "WEEKLY", "HOURLY", 1)), 422, []string{"body.cadence.rule"}, "too frequent"},
		"cadence of no day":      {withCadence(strings.Replace(cadenceBody, "}", `,"ends_on":"soon"}`, 1)), 422, []string{"body.cadence.ends_on"}, "not a date"},
		"null":                   {with(`{"lat":45.7605,"lng":126.6423}`, `null`), 422, []string{"body.location"}, "object"},
		"null in a list":         {with(`"visit"],`, `null],`), 422, []string{"body.roles[0].skills[0]"}, "string"},
		"NUL in text":            {with(`third floor`, `third\u0000floor`), 422, []string{"body.notes"}, "UTF-8"},
		"notes too long":         {with(`third floor`, strings.Repeat("x", 4001)), 422, []string{"body.notes"}, "4000"},
		"unknown field":          {with(`"notes"`, `"note":"x","notes"`), 422, []string{"body.note"}, "no field"},
		"unknown field inside":   {with(`"name":"companion"`, `"name":"c","wage":3`), 422, []string{"body.roles[0].wage"}, "no field"},
		"field in other letters": {with(`"notes"`, `"Notes"`), 422, []string{"body.Notes"}, "no field"},
		"field twice":            {with(`"notes"`, `"category":"meal","notes"`), 400, []string{"body"}, "category"},
		"not an object":          {`[1]`, 422, []string{"body"}, "object"},
		"half a character":       {with(`third floor`, `\ud83d\u0041`), 400, []string{"body"}, "half of a character"},
		"broken":                 {needBody[:40], 400, []string{"body"}, "not valid JSON"},
		"trailing":               {needBody + `{"x":1}`, 400, []string{"body"}, "not valid JSON"},
		"not UTF-8":              {with(`third floor`, "\xc8\xfd\xc2\xa5"), 400, []string{"body"}, "UTF-8"},
		"deep":                   {strings.Repeat("[", 200_000), 400, []string{"body"}, "not valid JSON"},
		"deep and closed":        {strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), 400, []string{"body"}, "not valid JSON"},
		"huge":                   {`{"notes":"` + strings.Repeat("x", maxBody) + `"}`, 413, nil, ""},
		"nothing":                {"", 400, []string{"body"}, "required"},
	} {
		a := r.problem(r.send("caseworker", "POST", "/v1/help-requests", test.body), test.status)
		require.Equal(t, test.fields, a.locations(), "%s: %s", name, a.text)
		if test.says != "" {
			require.Contains(t, a.body["errors"].([]any)[0].(map[string]any)["message"], test.says, name)
		}
	}
	require.Zero(t, r.world.Requested())
}

func TestOneAnswerNamesEveryField(t *testing.T) {
	t.Parallel()
	body := with(`"lat":45.7605`, `"lat":95`)
	body = strings.Replace(body, `"people":2`, `"people":0`, 1)
	body = strings.Replace(body, `"b-1"`, `"b-none"`, 1)
	r := serve(t)
	a := r.problem(r.send("caseworker", "POST", "/v1/help-requests", body), 422)
	require.ElementsMatch(t, []string{"body.location.lat", "body.roles[0].people", "body.beneficiary_id"}, a.locations())
}

func TestWhatASizeAndATypeMustBe(t *testing.T) {
	t.Parallel()
	r := serve(t)
	padded := needBody + strings.Repeat(" ", maxBody-len(needBody))
	require.Equal(t, http.StatusCreated, r.send("caseworker", "POST", "/v1/help-requests", padded).StatusCode, "1 MiB is taken")
	r.problem(r.send("caseworker", "POST", "/v1/help-requests", padded+" "), http.StatusRequestEntityTooLarge)
	r.problem(r.send("caseworker", "POST", "/v1/help-requests", padded+" ", "Idempotency-Key", "k"), http.StatusRequestEntityTooLarge)
	for _, kind := range []string{"application/x-www-form-urlencoded", "text/plain", "application/xml", "multipart/form-data; boundary=x"} {
		a := r.problem(r.send("caseworker", "POST", "/v1/help-requests", needBody, "Content-Type", kind), http.StatusUnsupportedMediaType)
		require.Contains(t, a.body["detail"], "application/json")
	}
	require.Equal(t, http.StatusCreated, r.send("caseworker", "POST", "/v1/help-requests", needBody, "Content-Type", "application/json; charset=utf-8").StatusCode)
	require.Equal(t, http.StatusCreated, r.send("caseworker", "POST", "/v1/help-requests", "\xef\xbb\xbf"+needBody).StatusCode, "a byte order mark is passed over")
	a := r.problem(r.send("volunteer", "POST", "/v1/offers/o-1/accept", `{"seat":2}`), 422)
	require.Equal(t, []string{"body.seat"}, a.locations())
}

func TestAnswersHoldNoValueOfTheInput(t *testing.T) {
	t.Parallel()
	r := serve(t)
	const secret = "果戈里大街 77 号"
	for _, body := range []string{
		with(`third floor`, secret+`","x":"`), with(`"third floor"`, `["`+secret+`"]`),
		with(`third floor`, secret)[:len(needBody)-3], with(`"b-1"`, `"`+secret+`"`),
	} {
		a := r.send("caseworker", "POST", "/v1/help-requests", body)
		require.GreaterOrEqual(t, a.StatusCode, 400)
		require.NotContains(t, a.text, secret)
	}
	require.NotContains(t, r.log.String(), secret)
}

func TestPathsAndMethods(t *testing.T) {
	t.Parallel()
	r := serve(t)
	r.problem(r.send("caseworker", "GET", "/v1/nothing", ""), http.StatusNotFound)
	a := r.problem(r.send("caseworker", "DELETE", "/v1/help-requests", ""), http.StatusMethodNotAllowed)
	require.NotEmpty(t, a.Header.Get("Allow"))
	for _, id := range []string{"..%2F..", strings.Repeat("x", 65)} {
		r.problem(r.send("caseworker", "GET", "/v1/help-requests/"+id, ""), http.StatusNotFound)
	}
}

func TestErrorsWithoutAKindStayInside(t *testing.T) {
	t.Parallel()
	r := asked(t)
	r.world.Fail(func(string) error { return http.ErrBodyNotAllowed })
	a := r.problem(r.send("caseworker", "GET", "/v1/help-requests/r-1", "", "X-Request-Id", "req-77"), 500)
	require.NotContains(t, a.text, http.ErrBodyNotAllowed.Error())
	require.Contains(t, a.text, "req-77")
	require.Contains(t, r.log.String(), http.ErrBodyNotAllowed.Error(), "the operator finds it in the log by that id")

	r.world.Fail(func(call string) error {
		if call == "Request" {
			panic("第三层 secret")
		}
		return nil
	})
	a = r.problem(r.send("caseworker", "GET", "/v1/help-requests/r-1", ""), 500)
	require.NotContains(t, a.text, "secret")
	require.NotContains(t, r.log.String(), "第三层 secret")
}

func TestAPartThatIsAwayIs503(t *testing.T) {
	t.Parallel()
	r := asked(t)
	r.world.Fail(func(string) error { return aid.Errorf(aid.Unavailable, "the database is away; try again") })
	for _, path := range []string{"/v1/help-requests/r-1", "/v1/help-requests", "/v1/skills"} {
		a := r.problem(r.send("caseworker", "GET", path, ""), http.StatusServiceUnavailable)
		require.NotEmpty(t, a.Header.Get("Retry-After"))
	}
	a := r.problem(r.send("volunteer", "POST", "/v1/offers/o-1/accept", ""), http.StatusServiceUnavailable)
	require.NotEmpty(t, a.Header.Get("Retry-After"))
	r.world.Fail(nil)
	require.Equal(t, http.StatusOK, r.send("volunteer", "POST", "/v1/offers/o-1/accept", "").StatusCode, "nothing was half done")
	r.tokens.err = aid.Errorf(aid.Unavailable, "away")
	r.problem(r.send("volunteer", "GET", "/v1/me", ""), http.StatusServiceUnavailable)
}

func TestEveryKindHasItsStatus(t *testing.T) {
	t.Parallel()
	for _, kind := range []aid.Kind{aid.Invalid, aid.NotFound, aid.Conflict, aid.Forbidden, aid.Unknown, aid.Unavailable, aid.Internal} {
		require.NotZero(t, statusOf[kind], kind)
		require.NotEmpty(t, titleOf[statusOf[kind]], kind)
	}
}

func FuzzOpenHelpRequest(f *testing.F) {
	for _, body := range []string{
		needBody, "", "null", "{}", "[]", `{"roles":[{}]}`, with(`"people":2`, `"people":-0`), with("third floor", `\ud800`),
		with(`2026-11-03T08`, `9999-12-31T08`), with(`"visit"],`, `null],`), `{"cadence":null}`,
	} {
		f.Add([]byte(body))
	}
	a := New(Options{
		UseCases: apptest.New().UseCases(), Authenticator: &tokens{}, Keys: newKeys(), Log: slog.New(slog.DiscardHandler), PerMinute: 1 << 30,
	})
	f.Fuzz(func(t *testing.T, body []byte) {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/help-requests", bytes.NewReader(body))
		req.Header.Set("Authorization", "Bearer caseworker")
		req.Header.Set("Content-Type", "application/json")
		res := httptest.NewRecorder()
		a.ServeHTTP(res, req)
		switch res.Code {
		case http.StatusCreated:
			require.True(t, json.Valid(res.Body.Bytes()))
		case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
			var p Problem
			require.NoError(t, json.Unmarshal(res.Body.Bytes(), &p))
			require.NotEmpty(t, p.Type)
		default:
			t.Fatalf("%d %s", res.Code, res.Body)
		}
	})
}

func FuzzTwice(f *testing.F) {
	f.Add([]byte(`{"a":{"b":1},"c":[{"b":1},{"b":2}]}`))
	f.Add([]byte(`{"a":1,"b":[[{"c":{"d":1,"d":2}}]]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		field, found := twice(data)
		if found {
			quoted, err := json.Marshal(field)
			require.NoError(t, err)
			require.NotEmpty(t, quoted)
		}
	})
}

func TestHalfCharacter(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]bool{
		`"\ud83d\ude00"`: false, `"\ud83d"`: true, `"\ude00\ud83d"`: true, `"\ude00"`: true, `"\ud83dx"`: true, `"\ud83d\n"`: true,
		`"\\ud83d"`: false, `"\\\ud83d"`: true, `"\ufffd"`: false, `"\u00e9\ud83d"`: true, `"\ud83d\ude00\ude00"`: true,
		`"\ud8"`: false, `"\`: false, ``: false, `"😀"`: false,
	} {
		require.Equal(t, want, halfCharacter([]byte(data)), data)
	}
}

func TestTwice(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`{"a":1,"a":2}`: "a", `{"a":{"b":1,"b":2}}`: "b", `[{"a":1},{"a":1}]`: "", `{"a":[1,"a","a"],"b":"a"}`: "",
		`{"a":{"a":{"a":1}}}`: "", `{"a":[{"b":1}],"c":{},"a":0}`: "a", `{"a":1,"\u0061":2}`: "a", `{"a"`: "", ``: "", `{"a":1}{"a":1}`: "",
	} {
		got, found := twice([]byte(data))
		require.Equal(t, want, got, data)
		require.Equal(t, want != "", found, data)
	}
}

const cadenceBody = `{"rule":"FREQ=WEEKLY","first_visit":"2026-11-03T08:00:00Z","minutes":60,"time_zone":"Asia/Shanghai"}`

// withCadence is the need with a cadence instead of its window.
func withCadence(cadence string) string {
	return with(`"window":{"starts_at":"2026-11-03T08:00:00Z","ends_at":"2026-11-03T10:00:00Z"},`, `"cadence":`+cadence+`,`)
}

func TestAStandingPairingIsOpenedByItsCadence(t *testing.T) {
	t.Parallel()
	r := serve(t)
	a := r.send("caseworker", "POST", "/v1/help-requests", withCadence(cadenceBody))
	require.Equal(t, http.StatusCreated, a.StatusCode, a.text)
	require.Equal(t, map[string]any{"starts_at": "2026-11-03T08:00:00Z", "ends_at": "2026-11-03T09:00:00Z"}, a.body["window"])
	require.Equal(t, "FREQ=WEEKLY", a.body["cadence"].(map[string]any)["rule"])
	again := r.send("caseworker", "GET", a.Header.Get("Location"), "")
	require.Equal(t, a.body["cadence"], again.body["cadence"])
}
