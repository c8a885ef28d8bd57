package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/web"
)

// tokens knows the roles' names behind "linli_" as tokens.
type tokens struct{}

func (tokens) Authenticate(_ context.Context, token string) (aid.Account, error) {
	role := aid.Role(strings.TrimPrefix(token, "linli_"))
	for _, known := range aid.Roles {
		if role == known && token != string(role) {
			return apptest.Account(role), nil
		}
	}
	if token == "linli_v-2" {
		a := apptest.Account(aid.RoleVolunteer)
		a.ID, a.Volunteer = "a-v-2", "v-2"
		return a, nil
	}
	return aid.Account{}, aid.Errorf(aid.Unknown, "send a valid token")
}

// site is the pages on a loopback port, with a world behind them.
type site struct {
	t     *testing.T
	world *apptest.World
	url   string
}

func open(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, world: apptest.New()}
	pages, err := web.New(web.Options{UseCases: s.world.UseCases(), Authenticator: tokens{}, Now: s.world.Clock, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	r := chi.NewRouter()
	pages.Routes(r)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// reader is somebody with a browser that follows no redirects.
type reader struct {
	*site
	client *http.Client
}

// as signs somebody in, who reads English.
func (s *site) as(token string) *reader {
	s.t.Helper()
	r := s.stranger()
	a := r.post("/sign-in", "token", "linli_"+token)
	require.Equal(s.t, http.StatusSeeOther, a.status)
	r.get("/language/en")
	return r
}

func (s *site) stranger() *reader {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(s.t, err)
	return &reader{s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

type answer struct {
	status int
	to     string // where it redirects
	header http.Header
	text   string
}

func (r *reader) send(req *http.Request, err error) answer {
	r.t.Helper()
	require.NoError(r.t, err)
	res, err := r.client.Do(req)
	require.NoError(r.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(r.t, err)
	return answer{res.StatusCode, res.Header.Get("Location"), res.Header, string(text)}
}

func (r *reader) get(path string) answer {
	r.t.Helper()
	return r.send(http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.url+path, nil))
}

// post sends a form of names and values.
func (r *reader) post(path string, fields ...string) answer {
	r.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.url+path, strings.NewReader(form.Encode()))
	if err == nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r.send(req, err)
}

// asked is a world in which v-1 and v-2 are asked for the two seats of tomorrow's
// request, for which one is enough.
func asked(t *testing.T) *site {
	t.Helper()
	s := open(t)
	s.world.Seed("r-1", apptest.Need(), apptest.Nangang)
	s.world.Offer("o-1", "r-1", "v-1")
	s.world.Offer("o-2", "r-1", "v-2")
	return s
}

// fresh is the key of a page that was just opened.
func (r *reader) fresh() []string {
	r.t.Helper()
	key := regexpOf(r.t, `name="key" value="[^"]+"`, r.get("/").text)
	return []string{"key", key[len(`name="key" value="`) : len(key)-1]}
}

// visitOf is the path of the visit that accepting an offer of r-1 makes.
func visitOf(offer string) string {
	return "/visits/" + string(aid.VisitIDOf(aid.PairingID("p-"+offer), apptest.Need().Window.StartsAt))
}

func regexpOf(t *testing.T, pattern, text string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindString(text)
	require.NotEmpty(t, found, "%s in %s", pattern, text)
	return found
}
