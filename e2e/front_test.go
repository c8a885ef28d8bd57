package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFront tries what callers may do to each other and to themselves at the
// same moment.
func TestFront(t *testing.T) {
	t.Parallel()
	s := start(t)
	for name, test := range map[string]func(*testing.T, *system){
		"a change is made to what was seen":    editsSeen,
		"changes at once do not undo another":  editsAtOnce,
		"a key at once makes one request":      oneKeyAtOnce,
		"a token is of the account asked for":  tokensOfAccounts,
		"what cannot be asked is not answered": askedInVain,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t, s.with(t)) })
	}
}

// patch changes a volunteer as the coordinator, as the record that has the tag.
func (s *system) patch(id, tag, body string) (Answer, error) {
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPatch, s.URL+"/v1/volunteers/"+id, bytes.NewBufferString(body))
	if err != nil {
		return Answer{}, err
	}
	req.Header.Set("Authorization", "Bearer "+s.Tokens["coordinator"])
	req.Header.Set("Content-Type", "application/json")
	if tag != "" {
		req.Header.Set("If-Match", tag)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Status: res.StatusCode, Header: res.Header}, res.Body.Close()
}

func editsSeen(t *testing.T, s *system) {
	path := "/v1/volunteers/v-0001"
	read, err := s.Call(t.Context(), s.Tokens["coordinator"], "GET", path, nil)
	require.NoError(t, err)
	tag := read.Header.Get("ETag")
	require.NotEmpty(t, tag)
	var all sync.WaitGroup
	status := make([]int, 8)
	for i := range status { // all have seen the same record
		all.Go(func() {
			a, err := s.patch("v-0001", tag, fmt.Sprintf(`{"phone":"1000000%d"}`, i))
			if err == nil {
				status[i] = a.Status
			}
		})
	}
	all.Wait()
	made := -1
	for i, found := range status {
		if found == http.StatusOK {
			require.Equal(t, -1, made, "%v", status)
			made = i
			continue
		}
		require.Equal(t, http.StatusPreconditionFailed, found, "%v", status)
	}
	require.GreaterOrEqual(t, made, 0, "%v", status)
	kept, err := s.Call(t.Context(), s.Tokens["coordinator"], "GET", path, nil)
	require.NoError(t, err)
	require.Equal(t, fmt.Sprintf("1000000%d", made), kept.Body["phone"])
	a, err := s.patch("v-0001", kept.Header.Get("ETag"), `{"courses":[]}`)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, a.Status)
	kept, err = s.Call(t.Context(), s.Tokens["coordinator"], "GET", path, nil)
	require.NoError(t, err)
	require.Equal(t, a.Header.Get("ETag"), kept.Header.Get("ETag"), "the answer to a change names the record that is kept")
}

func editsAtOnce(t *testing.T, s *system) {
	var all sync.WaitGroup
	for _, body := range []string{`{"phone":"10000000077"}`, `{"capacity":7}`, `{"max_km":33}`, `{"name":"钱进"}`} {
		all.Go(func() {
			a, err := s.patch("v-0002", "", body)
			if err != nil || a.Status != http.StatusOK {
				t.Error(body, a.Status, err)
			}
		})
	}
	all.Wait()
	kept := s.do(http.StatusOK, s.Tokens["coordinator"], "GET", "/v1/volunteers/v-0002", nil)
	require.Equal(t, []any{"10000000077", 7.0, 33.0, "钱进"}, []any{kept["phone"], kept["capacity"], kept["max_km"], kept["name"]})
}

func oneKeyAtOnce(t *testing.T, s *system) {
	beneficiary, at, _ := s.village(0)
	body := need(beneficiary, at, "routine", 1, 1)
	var all sync.WaitGroup
	var mu sync.Mutex
	made := map[any]bool{}
	for range 20 {
		all.Go(func() {
			a, err := s.CallOnce(s.t.Context(), "at once", s.Tokens["caseworker"], "POST", "/v1/help-requests", body)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
				t.Error(err)
			case a.Status == http.StatusCreated:
				made[a.Body["id"]] = true
			case a.Status != http.StatusConflict || a.Body["reason"] != "key_in_flight" || a.Header.Get("Retry-After") == "":
				t.Error(a.Status, a.Body)
			}
		})
	}
	all.Wait()
	require.Len(t, made, 1)
	found := s.do(http.StatusOK, s.Tokens["caseworker"], "GET", "/v1/help-requests?beneficiary_id="+beneficiary, nil)
	require.Len(t, found["items"], 1)
	for id := range made {
		require.Equal(t, http.StatusOK, cancel(s, id.(string), http.StatusOK).Status)
	}
}

func tokensOfAccounts(t *testing.T, s *system) {
	first := s.command("token", "create", "--account", "dora", "--role", "trainer", "--area", "hlj.harbin")
	_, err := s.Command(t.Context(), "token", "create", "--account", "dora", "--role", "coordinator", "--area", "hlj")
	require.ErrorContains(t, err, "already", "no token of a trainer goes to who asks for one of a coordinator")
	second := s.command("token", "create", "--account", "dora")
	for _, token := range []string{first, second} {
		me := s.do(http.StatusOK, token, "GET", "/v1/me", nil)
		require.Equal(t, "trainer", me["role"])
		require.Equal(t, []any{"/hlj/hlj.harbin/"}, me["areas"])
	}
	_, err = s.Command(t.Context(), "token", "create", "--account", "nobody")
	require.ErrorContains(t, err, `--account: there is no account "nobody"`)
	_, err = s.Command(t.Context(), "token", "create", "--account", "erin", "--role", "trainer", "--area", "hlj", "--area", "nowhere")
	require.ErrorContains(t, err, `--area: there is no area "nowhere"`)
	s.command("token", "create", "--account", "erin", "--role", "trainer", "--area", "hlj", "--area", "hlj")
	_, err = s.Command(t.Context(), "token", "create", "--volunteer", "nobody")
	require.ErrorContains(t, err, `--volunteer: there is no volunteer "nobody"`)
}

func askedInVain(t *testing.T, s *system) {
	for path, status := range map[string]int{
		"/v1/volunteers/%00":                                http.StatusNotFound,
		"/v1/help-requests/%FF":                             http.StatusNotFound,
		"/v1/help-requests?beneficiary_id=%00":              http.StatusUnprocessableEntity,
		"/v1/help-requests?status=open&status=paired":       http.StatusUnprocessableEntity,
		"/v1/help-requests?status=%zz":                      http.StatusBadRequest,
		"/v1/help-requests?cursor=%00":                      http.StatusUnprocessableEntity,
		"/v1/beneficiaries?cursor=AAAA":                     http.StatusUnprocessableEntity,
		"/v1/help-requests?limit=99999999999999999999":      http.StatusUnprocessableEntity,
		"/v1/volunteers/" + strings.Repeat("v", 65):         http.StatusNotFound,
		"/v1/volunteers?cursor=" + strings.Repeat("A", 501): http.StatusUnprocessableEntity,
	} {
		a := s.do(status, s.Tokens["coordinator"], "GET", path, nil)
		require.NotEmpty(t, a["detail"], path)
	}
}
