package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhoeverIsNotSignedInComesBackToTheirPage(t *testing.T) {
	t.Parallel()
	s := asked(t)
	r := s.stranger()
	a := r.get(visitOf("o-1"))
	require.Equal(t, http.StatusSeeOther, a.status)
	require.Equal(t, "/sign-in?next=%2Fvisits%2F"+visitOf("o-1")[len("/visits/"):], a.to)
	require.Contains(t, r.get(a.to).text, `value="`+visitOf("o-1")+`"`)
	a = r.post("/sign-in", "token", " linli_caseworker\n", "next", visitOf("o-1"))
	require.Equal(t, visitOf("o-1"), a.to)
	require.Equal(t, http.StatusOK, r.get("/").status)
	require.Equal(t, "/sign-in", r.post("/sign-out").to)
	require.Equal(t, "/sign-in", r.get("/").to, "signed out is signed out")
}

func TestNoLinkLeadsElsewhere(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, next := range []string{"https://example.org/", "//example.org/", `/\example.org`, "javascript:alert(1)", "", "%"} {
		require.Equal(t, "/", s.stranger().post("/sign-in", "token", "linli_volunteer", "next", next).to, "%q", next)
		require.Equal(t, "/", s.stranger().get("/language/en?next="+url.QueryEscape(next)).to, "%q", next)
	}
}

func TestAWrongTokenIsRefusedInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	r := open(t).stranger()
	a := r.post("/sign-in", "token", "linli_nobody")
	require.Equal(t, http.StatusUnauthorized, a.status)
	require.Contains(t, a.text, "令牌无效")
	require.NotContains(t, a.text, "linli_nobody", "secrets do not come back")
	r.get("/language/en")
	require.Contains(t, r.post("/sign-in", "token", "").text, "The token is not valid")
}

func TestTheSessionIsOutOfReachOfScriptsAndOtherSites(t *testing.T) {
	t.Parallel()
	s := asked(t)
	r := s.stranger()
	cookie := r.post("/sign-in", "token", "linli_volunteer").header.Values("Set-Cookie")[0]
	require.Contains(t, cookie, "HttpOnly")
	require.Contains(t, cookie, "SameSite=Lax")
	require.NotContains(t, cookie, "Secure", "there is no TLS here")

	for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://example.org"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/offers/o-1/accept", nil)
		require.NoError(t, err)
		req.Header.Set(header, value)
		require.Equal(t, http.StatusForbidden, r.send(req, nil).status, header)
	}
	require.Contains(t, r.get("/").text, "offer-o-1", "nothing was accepted")

	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/sign-out", nil)
	require.NoError(t, err)
	req.Header.Set("X-Forwarded-Proto", "https")
	require.Contains(t, r.send(req, nil).header.Get("Set-Cookie"), "Secure")
	h := r.get("/sign-in").header
	require.Contains(t, h.Get("Content-Security-Policy"), "script-src 'self'")
	require.Equal(t, "no-store", h.Get("Cache-Control"))
}

func TestPagesAreInTheLanguageThatIsChosen(t *testing.T) {
	t.Parallel()
	s := open(t)
	require.Contains(t, s.stranger().get("/sign-in").text, `lang="zh-CN"`, "Chinese, unless somebody asks for something else")
	r := s.stranger()
	require.Equal(t, "/sign-in", r.get("/language/en?next=/sign-in").to)
	require.Contains(t, r.get("/sign-in").text, `<html lang="en">`)
	require.Contains(t, r.get("/language/nonsense?next=/sign-in").header.Get("Set-Cookie"), "nonsense")
	require.Contains(t, r.get("/sign-in").text, `<html lang="zh-CN">`, "what nobody speaks is Chinese")
}

func TestAssetsAreKeptByTheirContent(t *testing.T) {
	t.Parallel()
	r := open(t).stranger()
	require.Equal(t, http.StatusNotFound, r.get("/assets/linli.css").status)
	page := r.get("/sign-in").text
	for _, name := range []string{"css", "js"} {
		path := regexpOf(t, `/assets/linli\.[0-9a-f]+\.`+name, page)
		a := r.get(path)
		require.Equal(t, http.StatusOK, a.status)
		require.Contains(t, a.header.Get("Cache-Control"), "immutable")
	}
}
