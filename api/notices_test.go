package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNoticesAreListedAndRead(t *testing.T) {
	t.Parallel()
	r := asked(t)
	require.Equal(t, http.StatusOK, r.send("volunteer", "POST", "/v1/offers/o-1/accept", "").StatusCode)
	first := r.send("volunteer", "GET", "/v1/notices?limit=1", "")
	require.JSONEq(t, `{"items":[{"id":"n-4","kind":"pairing_confirmed","urgent":false,"title":"pairing_confirmed","body":"zh-CN: visit",
		"at":"2026-11-02T08:00:00Z","help_request_id":"r-1","offer_id":"o-1","pairing_id":"p-o-1"}],"next":"1","unread":2}`, first.text)
	next := strings.TrimPrefix(strings.TrimSuffix(first.Header.Get("Link"), `>; rel="next"`), "<")
	second := r.send("volunteer", "GET", next, "")
	require.Equal(t, "offer_made", second.body["items"].([]any)[0].(map[string]any)["kind"])

	require.Equal(t, http.StatusOK, r.send("volunteer", "PUT", "/v1/contact", `{"language":"en"}`).StatusCode)
	read := r.send("volunteer", "POST", "/v1/notices/n-4/read", "")
	require.Equal(t, http.StatusOK, read.StatusCode, read.text)
	require.Equal(t, "2026-11-02T08:00:00Z", read.body["read_at"])
	require.Equal(t, "en: visit", read.body["body"])
	require.Equal(t, read.body, r.send("volunteer", "POST", "/v1/notices/n-4/read", "").body)
	unread := r.send("volunteer", "GET", "/v1/notices?unread=true", "")
	require.EqualValues(t, 1, unread.body["unread"])
	require.Len(t, unread.body["items"], 1)
}

func TestContactIsChosen(t *testing.T) {
	t.Parallel()
	r := serve(t)
	unset := `{"language":"zh-CN","channels":[],"zone":"Asia/Shanghai","browsers":0,"push_key":"key","set_up":["email","webhook","push"]}`
	require.JSONEq(t, unset, r.send("trainer", "GET", "/v1/contact", "").text)
	for body, location := range map[string]string{
		`{"language":"fr"}`: "body.language", `{}`: "body.language", `{"language":"en","zone":"UTC"}`: "body.zone",
		`{"language":"en","channels":["pigeon"]}`: "body.channels[0]", `{"language":"en","channels":["email"]}`: "body.channels[0]",
		`{"language":"en","quiet":{"from":1440,"to":0}}`: "body.quiet.from",
	} {
		a := r.problem(r.send("trainer", "PUT", "/v1/contact", body), http.StatusUnprocessableEntity)
		require.Contains(t, a.locations(), location, body)
	}
	require.JSONEq(t, unset, r.send("trainer", "GET", "/v1/contact", "").text)

	r.problem(r.send("trainer", "POST", "/v1/contact/email", `{"address":"lin"}`), http.StatusUnprocessableEntity)
	require.Equal(t, "lin@example.org", r.send("trainer", "POST", "/v1/contact/email", `{"address":"lin@example.org"}`).body["email_unverified"])
	a := r.problem(r.send("trainer", "POST", "/v1/contact/email", `{"address":"lin@example.org"}`), http.StatusConflict)
	require.Equal(t, "code_sent", a.body["reason"])
	code := r.world.Mailed("a-trainer").Code
	require.Equal(t, "lin@example.org", r.send("trainer", "POST", "/v1/contact/email/verify", `{"code":"`+code+`"}`).body["email"])
	chosen := r.send("trainer", "PUT", "/v1/contact", `{"language":"en","channels":["email"],"quiet":{"from":1320,"to":420}}`)
	require.JSONEq(t, `{"language":"en","channels":["email"],"quiet":{"from":1320,"to":420},"zone":"Asia/Shanghai",
		"email":"lin@example.org","browsers":0,"push_key":"key","set_up":["email","webhook","push"]}`, chosen.text)
	require.NotContains(t, r.log.String(), "lin@example", "addresses stay out of the log")
	require.NotContains(t, r.log.String(), code)
}

func TestAWebhookIsSet(t *testing.T) {
	t.Parallel()
	r := serve(t)
	set := r.send("trainer", "POST", "/v1/contact/webhook", `{"url":"https://example.org/hook"}`)
	require.JSONEq(t, `{"url":"https://example.org/hook","secret":"whsec_1"}`, set.text)
	contact := r.send("trainer", "GET", "/v1/contact", "")
	require.Equal(t, "https://example.org/hook", contact.body["webhook_url"])
	require.NotContains(t, contact.text, "whsec_")
	a := r.problem(r.send("trainer", "POST", "/v1/contact/webhook", `{"url":"http://example.org"}`), http.StatusUnprocessableEntity)
	require.Equal(t, []string{"body.url"}, a.locations())
	require.JSONEq(t, `{}`, r.send("trainer", "POST", "/v1/contact/webhook", `{"url":""}`).text)
}

func TestACalendarIsReadAtItsSecretAddress(t *testing.T) {
	t.Parallel()
	r := serve(t)
	open := func(headers ...string) string {
		a := r.send("volunteer", "POST", "/v1/contact/calendar", "", headers...)
		require.Equal(t, http.StatusOK, a.StatusCode, a.text)
		url := a.body["url"].(string)
		require.Regexp(t, `/calendar/[A-Za-z0-9_-]{43}\.ics$`, url)
		require.True(t, strings.HasPrefix(url, r.url), url)
		return strings.TrimPrefix(url, r.url)
	}
	// A repeat under the same key makes a new secret, since the first is not kept.
	first, second := open("Idempotency-Key", "k"), open("Idempotency-Key", "k")
	require.NotEqual(t, first, second)
	r.problem(r.send("", "GET", first, ""), http.StatusNotFound)
	got := r.send("", "GET", second, "")
	require.Equal(t, http.StatusOK, got.StatusCode)
	require.Equal(t, "text/calendar; charset=utf-8", got.Header.Get("Content-Type"))
	require.Equal(t, "no-store", got.Header.Get("Cache-Control"))
	require.Contains(t, got.text, "calendar of a-volunteer")
	require.Equal(t, http.StatusOK, r.send("", "HEAD", second, "").StatusCode)
	require.NotContains(t, r.log.String(), strings.TrimSuffix(second, ".ics"), "the secret stays out of the log")

	require.JSONEq(t, `{}`, r.send("volunteer", "POST", "/v1/contact/calendar", `{"revoke":true}`).text)
	r.problem(r.send("", "GET", second, ""), http.StatusNotFound)
	r.problem(r.send("", "GET", "/calendar/.ics", ""), http.StatusNotFound)
}

func TestABrowserIsAdded(t *testing.T) {
	t.Parallel()
	r := serve(t)
	const body = `{"endpoint":"https://example.org/b","expirationTime":null,"keys":{"p256dh":"x","auth":"y"}}`
	for range 2 {
		a := r.send("trainer", "POST", "/v1/contact/push-subscriptions", body)
		require.Equal(t, http.StatusOK, a.StatusCode, a.text)
		require.EqualValues(t, 1, a.body["browsers"])
		require.NotContains(t, a.text, "example.org")
	}
	a := r.problem(r.send("trainer", "POST", "/v1/contact/push-subscriptions", `{"endpoint":"http://x","keys":{"p256dh":"x","auth":"y"}}`), http.StatusUnprocessableEntity)
	require.Equal(t, []string{"body.endpoint"}, a.locations())
}
