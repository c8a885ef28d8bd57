package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
)

// tokens knows the roles' names as tokens, and a coordinator of the whole tree.
type tokens struct {
	mu      sync.Mutex
	revoked map[string]bool
	err     error
}

func (k *tokens) Authenticate(_ context.Context, token string) (aid.Account, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err != nil {
		return aid.Account{}, k.err
	}
	if token == "overall" {
		whole := apptest.Account(aid.RoleCoordinator)
		whole.Areas = []aid.AreaPath{"/hlj/"}
		return whole, nil
	}
	role := aid.Role(token)
	known := map[aid.Role]bool{
		aid.RoleCaseworker: true, aid.RoleVolunteer: true, aid.RoleTrainer: true, aid.RoleCoordinator: true, "nobody": true,
	}
	if !known[role] || k.revoked[token] {
		return aid.Account{}, aid.Errorf(aid.Unknown, "send a valid token")
	}
	return apptest.Account(role), nil
}

func (k *tokens) revoke(token string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.revoked[token] = true
}

// safeLog is a log that several requests write and a test reads.
type safeLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *safeLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *safeLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// running is an API on a loopback port, with the world behind it.
type running struct {
	t      *testing.T
	world  *apptest.World
	tokens *tokens
	keys   *keys
	log    *safeLog
	api    *API
	url    string
}

// serve starts an API; change may adapt its options.
func serve(t *testing.T, change ...func(*Options)) *running {
	t.Helper()
	r := &running{t: t, world: apptest.New(), tokens: &tokens{revoked: map[string]bool{}}, keys: newKeys(), log: &safeLog{}}
	o := Options{
		UseCases: r.world.UseCases(), Authenticator: r.tokens, Keys: r.keys,
		Log: slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, c := range change {
		c(&o)
	}
	r.api = New(o)
	ctx, cancel := context.WithCancel(t.Context())
	var tail sync.WaitGroup
	tail.Go(func() { o.UseCases.Events.Run(ctx, nil, slog.New(slog.DiscardHandler)) })
	server := httptest.NewServer(r.api)
	r.url = server.URL
	t.Cleanup(func() {
		r.api.Close()
		server.Close()
		cancel()
		tail.Wait()
	})
	return r
}

// answer is what came back.
type answer struct {
	*http.Response
	text string
	body map[string]any
}

// errors are the locations that a problem names.
func (a answer) locations() []string {
	var out []string
	list, _ := a.body["errors"].([]any)
	for _, e := range list {
		out = append(out, e.(map[string]any)["location"].(string))
	}
	return out
}

// send sends a body as it is.
func (r *running) send(token, method, path, body string, headers ...string) answer {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, strings.NewReader(body))
	require.NoError(r.t, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(r.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(r.t, err)
	a := answer{Response: res, text: string(text)}
	if method != http.MethodHead && strings.Contains(res.Header.Get("Content-Type"), "json") {
		require.NoError(r.t, json.Unmarshal(text, &a.body), "%s", text)
	}
	return a
}

// problem requires a problem of a status and gives it.
func (r *running) problem(a answer, status int) answer {
	r.t.Helper()
	require.Equal(r.t, status, a.StatusCode, a.text)
	require.Equal(r.t, "application/problem+json", a.Header.Get("Content-Type"))
	require.EqualValues(r.t, status, a.body["status"])
	require.NotEmpty(r.t, a.body["title"])
	require.NotEmpty(r.t, a.body["detail"])
	require.True(r.t, strings.HasPrefix(a.body["type"].(string), problemType), a.text)
	return a
}

const needBody = `{"beneficiary_id":"b-1","location":{"lat":45.7605,"lng":126.6423},"category":"visit","urgency":"soon",
"roles":[{"name":"companion","skills":["visit"],"courses":[],"people":2}],"min_people":1,
"window":{"starts_at":"2026-11-03T08:00:00Z","ends_at":"2026-11-03T10:00:00Z"},"notes":"third floor"}`

// asked serves a world in which v-1 and v-2 are asked for r-1, and v-far for
// r-far in another area.
func asked(t *testing.T, change ...func(*Options)) *running {
	t.Helper()
	r := serve(t, change...)
	r.world.Seed("r-1", apptest.Need(), apptest.Nangang)
	r.world.Seed("r-far", apptest.Need(), apptest.Daqing)
	r.world.Offer("o-1", "r-1", "v-1")
	r.world.Offer("o-2", "r-1", "v-2")
	r.world.Offer("o-far", "r-far", "v-far")
	return r
}

func TestFromRequestToConfirmedPairing(t *testing.T) {
	t.Parallel()
	r := serve(t)
	opened := r.send("caseworker", "POST", "/v1/help-requests", needBody)
	require.Equal(t, http.StatusCreated, opened.StatusCode, opened.text)
	id := opened.body["id"].(string)
	require.Equal(t, "/v1/help-requests/"+id, opened.Header.Get("Location"))
	require.Equal(t, "open", opened.body["status"])
	require.True(t, strings.HasPrefix(strings.TrimSpace(opened.text), `{"id":`), "the id comes first, for people with grep")

	r.world.Offer("o-1", aid.RequestID(id), "v-1")
	offers := r.send("volunteer", "GET", "/v1/offers?status=pending", "")
	offer := offers.body["items"].([]any)[0].(map[string]any)
	require.Equal(t, id, offer["help_request_id"])
	require.Equal(t, "pending", offer["status"])
	require.NotContains(t, offers.text, "45.7605", "the exact place is not told yet")
	require.NotContains(t, offers.text, "third floor")

	accepted := r.send("volunteer", "POST", "/v1/offers/o-1/accept", "")
	require.Equal(t, http.StatusOK, accepted.StatusCode, accepted.text)
	require.Equal(t, "accepted", accepted.body["status"])
	require.Equal(t, "confirmed", accepted.body["pairing"].(map[string]any)["status"])

	one := r.send("caseworker", "GET", "/v1/help-requests/"+id, "")
	require.Equal(t, "paired", one.body["status"])
	require.EqualValues(t, 1, one.body["filled"])
	mine := r.send("volunteer", "GET", "/v1/pairings", "").body["items"].([]any)[0].(map[string]any)
	require.Equal(t, "confirmed", mine["status"])
	require.Equal(t, "周桂兰", mine["service"].(map[string]any)["beneficiary_name"])
	require.Equal(t, "third floor", mine["service"].(map[string]any)["notes"])
	timeline := r.send("caseworker", "GET", "/v1/help-requests/"+id+"/timeline", "")
	require.Len(t, timeline.body["items"], 4)

	withdrawn := r.send("volunteer", "POST", "/v1/pairings/p-o-1/withdraw", `{"reason":"unwell"}`)
	require.Equal(t, "withdrawn", withdrawn.body["status"], withdrawn.text)
	require.NotContains(t, withdrawn.text, "third floor")
	cancelled := r.send("caseworker", "POST", "/v1/help-requests/"+id+"/cancel", "")
	require.Equal(t, "cancelled", cancelled.body["status"], cancelled.text)
}

func TestLateAnswersSayWhy(t *testing.T) {
	t.Parallel()
	r := asked(t)
	require.Equal(t, http.StatusOK, r.send("volunteer", "POST", "/v1/offers/o-1/decline", `{"reason":"busy"}`).StatusCode)
	late := r.problem(r.send("volunteer", "POST", "/v1/offers/o-1/accept", ""), http.StatusConflict)
	require.Equal(t, "offer_ended", late.body["reason"])
	require.Equal(t, problemType+"offer_ended", late.body["type"])
	r.world.Pass(5 * 60 * 60 * 1e9)
	late = r.problem(r.send("coordinator", "POST", "/v1/offers/o-2/accept", ""), http.StatusConflict)
	require.Equal(t, "offer_expired", late.body["reason"])
	r.problem(r.send("volunteer", "POST", "/v1/offers/o-2/accept", ""), http.StatusNotFound)
}

func TestListsArePaged(t *testing.T) {
	t.Parallel()
	r := serve(t)
	for _, id := range []aid.RequestID{"r-1", "r-2", "r-3"} {
		r.world.Seed(id, apptest.Need(), apptest.Nangang)
	}
	var seen []string
	path := "/v1/help-requests?limit=2&status=open,paired"
	for path != "" {
		a := r.send("caseworker", "GET", path, "")
		require.Equal(t, http.StatusOK, a.StatusCode, a.text)
		for _, item := range a.body["items"].([]any) {
			seen = append(seen, item.(map[string]any)["id"].(string))
		}
		link, next := a.Header.Get("Link"), a.body["next"]
		require.Equal(t, next != nil, link != "")
		path = ""
		if link != "" {
			require.Contains(t, link, "cursor="+next.(string))
			require.Contains(t, link, "status=open%2Cpaired")
			path = strings.TrimPrefix(strings.TrimSuffix(link, `>; rel="next"`), "<")
		}
	}
	require.Equal(t, []string{"r-3", "r-2", "r-1"}, seen)
	empty := r.send("coordinator", "GET", "/v1/help-requests?status=completed", "")
	require.Equal(t, []any{}, empty.body["items"])

	for query, location := range map[string]string{
		"limit=0": "query.limit", "limit=201": "query.limit", "limit=x": "query.limit", "cursor=%C3": "query.cursor",
		"status=lost": "query.status[0]", "sort=id": "query.sort",
	} {
		a := r.problem(r.send("caseworker", "GET", "/v1/help-requests?"+query, ""), http.StatusUnprocessableEntity)
		require.Equal(t, []string{location}, a.locations(), query)
	}
}

func TestCandidatesAndWhyNot(t *testing.T) {
	t.Parallel()
	r := asked(t)
	a := r.send("caseworker", "GET", "/v1/help-requests/r-1/candidates", "")
	require.JSONEq(t, `{"items":[{"role":0,"candidates":[{"rank":1,"volunteer_id":"v-1","distance_m":200,
		"cost":{"distance":200,"spare_skills":250,"total":450}}],
		"reasons":{"too_far":2,"skill":0,"course":0,"check":0,"minor":0,"time":0,"capacity":0,"already_asked":0,"not_suitable":0,"parked":0,"resting":0},
		"almost":[{"volunteer_id":"v-2","fails":"too_far","distance_m":9900}]}]}`, a.text)
	a = r.send("caseworker", "GET", "/v1/help-requests/r-1/why-not?volunteer_id=v-2", "")
	require.JSONEq(t, `{"items":[{"role":0,"eligible":false,"fails":"too_far","distance_m":9900,
		"cost":{"distance":0,"spare_skills":0,"total":0}}]}`, a.text)
	a = r.send("caseworker", "GET", "/v1/help-requests/r-1/why-not?volunteer_id=v-1", "")
	require.JSONEq(t, `{"items":[{"role":0,"eligible":true,"distance_m":200,"extra_cost":1300,
		"cost":{"distance":200,"spare_skills":250,"total":450}}]}`, a.text)
	a = r.problem(r.send("caseworker", "GET", "/v1/help-requests/r-1/why-not", ""), http.StatusUnprocessableEntity)
	require.Equal(t, []string{"query.volunteer_id"}, a.locations())
}

func TestAVerdictSaysUntilWhenSomebodyRests(t *testing.T) {
	t.Parallel()
	require.Nil(t, verdictOf(app.Verdict{Fails: "resting"}).Until, "until an answer")
	local := time.Date(2026, 11, 3, 7, 0, 0, 0, time.FixedZone("Shanghai", 8*3600))
	require.Equal(t, new(local.UTC()), verdictOf(app.Verdict{Fails: "resting", Until: local}).Until)
}

func TestPeople(t *testing.T) {
	t.Parallel()
	r := serve(t)
	a := r.send("coordinator", "POST", "/v1/volunteers", `{"id":"v-new","name":"赵敏","area_id":"hlj.harbin.nangang",
		"home":{"lat":45.76,"lng":126.64},"skills":[],"max_km":5,"capacity":1,
		"courses":[{"course":"basics","until":"2027-05-31"}],
		"availability":{"zone":"Asia/Shanghai","weekly":[{"day":1,"from":540,"to":720}],"away":[{"from":"2026-12-01","to":"2026-12-02"}]}}`)
	require.Equal(t, http.StatusCreated, a.StatusCode, a.text)
	require.Equal(t, "/v1/volunteers/v-new", a.Header.Get("Location"))
	kept, err := r.world.Volunteer(t.Context(), "v-new")
	require.NoError(t, err)
	require.Equal(t, 5000, kept.MaxDistance)
	require.True(t, kept.Active)
	again := r.send("coordinator", "GET", "/v1/volunteers/v-new", "")
	require.Equal(t, a.body, again.body)

	a = r.send("coordinator", "PATCH", "/v1/volunteers/v-new", `{"max_km":7.5,"active":false,"availability":{}}`)
	require.Equal(t, http.StatusOK, a.StatusCode, a.text)
	require.EqualValues(t, 7.5, a.body["max_km"])
	require.Equal(t, false, a.body["active"])
	require.EqualValues(t, 1, a.body["capacity"])

	a = r.problem(r.send("volunteer", "PATCH", "/v1/volunteers/v-1", `{"phone":"1"}`), http.StatusForbidden)
	require.Equal(t, []string{"body.phone"}, a.locations())
	a = r.problem(r.send("coordinator", "PATCH", "/v1/volunteers/v-new", `{"courses":[{"course":"basics","until":"2027-02-30"}]}`), http.StatusUnprocessableEntity)
	require.Equal(t, []string{"body.courses[0].until"}, a.locations())
	a = r.problem(r.send("coordinator", "POST", "/v1/volunteers", `{"id":"v-1","name":"x","area_id":"hlj.harbin","home":{"lat":45,"lng":126},"max_km":5,"capacity":1}`), http.StatusConflict)
	require.Equal(t, "already_exists", a.body["reason"])

	a = r.send("caseworker", "POST", "/v1/beneficiaries", `{"id":"b-new","name":"李秀英","area_id":"hlj.harbin","home":{"lat":45.76,"lng":126.64}}`)
	require.Equal(t, http.StatusCreated, a.StatusCode, a.text)
	require.Equal(t, a.body, r.send("caseworker", "GET", "/v1/beneficiaries/b-new", "").body)
	require.Len(t, r.send("caseworker", "GET", "/v1/beneficiaries", "").body["items"], 2)

	me := r.send("volunteer", "GET", "/v1/me", "")
	require.JSONEq(t, `{"id":"a-volunteer","role":"volunteer","name":"王建国","volunteer_id":"v-1","areas":[]}`, me.text)
	for path, n := range map[string]int{"/v1/areas": 4, "/v1/organisations": 1, "/v1/skills": 2, "/v1/courses": 1, "/v1/rounds": 1, "/v1/volunteers": 3} {
		require.Len(t, r.send("coordinator", "GET", path, "").body["items"], n, path)
	}
}

func TestScarcity(t *testing.T) {
	t.Parallel()
	r := asked(t)
	const nurse = `{"area_id":"hlj.harbin.nangang","cell":"861490b67ffffff","skills":["first_aid","visit"],"open_seats":2,
		"saving":8000000,"as_of":"AT"}`
	at := apptest.Now.UTC().Format(time.RFC3339)
	want := strings.ReplaceAll(`{"items":[`+nurse+`]}`, "AT", at)
	for _, query := range []string{"?skill=visit", "?area_id=hlj.harbin.nangang", "?area_id=hlj&skill=first_aid"} {
		require.JSONEq(t, want, r.send("trainer", "GET", "/v1/scarcity"+query, "").text, query)
	}
	first := r.send("coordinator", "GET", "/v1/scarcity?limit=1", "")
	require.Contains(t, first.Header.Get("Link"), `rel="next"`)
	second := r.send("coordinator", "GET", "/v1/scarcity?limit=1&cursor="+first.body["next"].(string), "")
	require.JSONEq(t, strings.ReplaceAll(`{"items":[{"area_id":"hlj.harbin","cell":"861490b67ffffff","skills":[],"open_seats":0,
		"saving":700,"as_of":"AT"}]}`, "AT", at), second.text, "nothing of Daqing")
	r.problem(r.send("caseworker", "GET", "/v1/scarcity", ""), http.StatusForbidden)
	for query, location := range map[string]string{"?area_id=-": "query.area_id", "?skill=-": "query.skill"} {
		a := r.problem(r.send("trainer", "GET", "/v1/scarcity"+query, ""), http.StatusUnprocessableEntity)
		require.Equal(t, []string{location}, a.locations(), query)
	}
}
