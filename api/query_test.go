package api

import (
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAQueryCountsWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	r := asked(t)
	for query, want := range map[string]struct {
		status    int
		locations []string
	}{
		"status=open&status=paired":       {http.StatusUnprocessableEntity, []string{"query.status"}},
		"limit=1&status=open&limit=2":     {http.StatusUnprocessableEntity, []string{"query.limit"}},
		"limit=1&limit=2&cursor=&cursor=": {http.StatusUnprocessableEntity, []string{"query.cursor", "query.limit"}},
		"status=%zz":                      {http.StatusBadRequest, []string{"query"}},
		"status=open;limit=1":             {http.StatusBadRequest, []string{"query"}},
		"beneficiary_id=%00":              {http.StatusUnprocessableEntity, []string{"query.beneficiary_id"}},
	} {
		a := r.problem(r.send("caseworker", "GET", "/v1/help-requests?"+query, ""), want.status)
		require.Equal(t, want.locations, a.locations(), query)
	}
	for path, location := range map[string]string{
		"/v1/offers?help_request_id=r%0A1":             "query.help_request_id",
		"/v1/pairings?help_request_id=%FF":             "query.help_request_id",
		"/v1/help-requests/r-1/why-not?volunteer_id=-": "query.volunteer_id",
	} {
		a := r.problem(r.send("caseworker", "GET", path, ""), http.StatusUnprocessableEntity)
		require.Equal(t, []string{location}, a.locations(), path)
	}
	require.Equal(t, http.StatusOK, r.send("caseworker", "GET", "/v1/help-requests?status=open,paired&limit=1", "").StatusCode)
}

// What cannot be an id is answered as an unknown one, before any store is asked.
func TestWhatCannotBeAnIDIsNotFound(t *testing.T) {
	t.Parallel()
	r := serve(t)
	r.world.Fail(func(string) error { return errors.New("a store was asked") })
	for _, id := range []string{"%00", "%FF", "r-1'--", "-r", "%E6%B1%82", "r%0A"} {
		for _, path := range []string{"/v1/help-requests/", "/v1/volunteers/", "/v1/beneficiaries/"} {
			a := r.problem(r.send("coordinator", "GET", path+id, ""), http.StatusNotFound)
			require.Empty(t, a.locations())
		}
		r.problem(r.send("volunteer", "POST", "/v1/offers/"+id+"/accept", ""), http.StatusNotFound)
		r.problem(r.send("trainer", "POST", "/v1/offers/"+id+"/accept", ""), http.StatusForbidden)
	}
}

func TestWhatCanBeGotCanBeAskedForItsHead(t *testing.T) {
	t.Parallel()
	r := asked(t)
	for _, path := range []string{"/status", "/healthz", "/readyz", "/metrics", "/v1/help-requests/r-1", "/v1/events"} {
		a := r.send("caseworker", "HEAD", path, "")
		require.Equal(t, http.StatusOK, a.StatusCode, path)
		require.Empty(t, a.text, path)
	}
	require.Equal(t, http.StatusNotFound, r.send("caseworker", "HEAD", "/v1/help-requests/r-none", "").StatusCode)
	require.Equal(t, http.StatusForbidden, r.send("volunteer", "HEAD", "/v1/help-requests", "").StatusCode)
	a := r.problem(r.send("caseworker", "PUT", "/v1/help-requests/r-1", "{}"), http.StatusMethodNotAllowed)
	require.Equal(t, []string{"GET", "HEAD"}, a.Header.Values("Allow"))
}

func TestTheTimesOfVisitsThatAreAskedForAreChecked(t *testing.T) {
	t.Parallel()
	r := serve(t)
	for query, location := range map[string]string{
		"from=x": "query.from",
		"from=2026-11-30T08:00:00Z&until=2026-11-29T08:00:00Z": "query.until",
	} {
		p := r.problem(r.send("caseworker", "GET", "/v1/visits?"+query, ""), http.StatusUnprocessableEntity)
		require.Equal(t, []string{location}, p.locations())
		require.NotContains(t, p.text, "2006-01-02")
	}
}
