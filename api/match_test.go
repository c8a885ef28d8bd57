package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAChangeIsMadeToWhatWasSeen(t *testing.T) {
	t.Parallel()
	r := serve(t)
	const one = "/v1/volunteers/v-1"
	read := r.send("coordinator", "GET", one, "")
	tag := read.Header.Get("ETag")
	require.Regexp(t, `^"\d+"$`, tag)
	require.Equal(t, tag, r.send("coordinator", "GET", one, "").Header.Get("ETag"), "reading changes nothing")

	theirs := r.send("volunteer", "PATCH", one, `{"capacity":2}`, "If-Match", tag)
	require.Equal(t, http.StatusOK, theirs.StatusCode, theirs.text)
	require.NotEqual(t, tag, theirs.Header.Get("ETag"))
	require.Equal(t, theirs.Header.Get("ETag"), r.send("coordinator", "GET", one, "").Header.Get("ETag"))

	for _, stale := range []string{tag, `"999"`, `"abc"`, `W/` + theirs.Header.Get("ETag"), strings.Replace(theirs.Header.Get("ETag"), `"`, `"0`, 1), `""`} {
		a := r.problem(r.send("coordinator", "PATCH", one, `{"capacity":5}`, "If-Match", stale), http.StatusPreconditionFailed)
		require.Equal(t, "changed_meanwhile", a.body["reason"], stale)
		require.Contains(t, a.body["detail"], "read it again")
	}
	for _, malformed := range []string{"3", `"3`, `"3" "4"`, `"3",`, "*, *", `"3",*`} {
		a := r.problem(r.send("coordinator", "PATCH", one, `{"capacity":5}`, "If-Match", malformed), http.StatusUnprocessableEntity)
		require.Equal(t, []string{"header.If-Match"}, a.locations(), malformed)
	}
	require.EqualValues(t, 2, r.send("coordinator", "GET", one, "").body["capacity"], "nothing was changed by any of these")

	for _, sound := range []string{`"7", ` + theirs.Header.Get("ETag"), "*", ""} {
		a := r.send("coordinator", "PATCH", one, `{"capacity":5}`, "If-Match", sound)
		require.Equal(t, http.StatusOK, a.StatusCode, "%q: %s", sound, a.text)
	}
	r.problem(r.send("volunteer", "PATCH", "/v1/volunteers/v-2", `{"capacity":5}`, "If-Match", `"999"`), http.StatusNotFound)
}

func TestWhatIsMadeHasAStateToo(t *testing.T) {
	t.Parallel()
	r := serve(t)
	const body = `{"id":"v-new","name":"赵敏","area_id":"hlj.harbin.nangang","home":{"lat":45.76,"lng":126.64},"max_km":5,"capacity":1}`
	made := r.send("coordinator", "POST", "/v1/volunteers", body, keyHeader, "k")
	require.Equal(t, http.StatusCreated, made.StatusCode, made.text)
	require.Equal(t, r.send("coordinator", "GET", "/v1/volunteers/v-new", "").Header.Get("ETag"), made.Header.Get("ETag"))
	again := r.send("coordinator", "POST", "/v1/volunteers", body, keyHeader, "k")
	require.Equal(t, "true", again.Header.Get(replayedHeader))
	require.Equal(t, made.Header.Get("ETag"), again.Header.Get("ETag"))
	require.Equal(t, http.StatusOK, r.send("coordinator", "PATCH", "/v1/volunteers/v-new", `{"capacity":2}`, "If-Match", made.Header.Get("ETag")).StatusCode)
}
