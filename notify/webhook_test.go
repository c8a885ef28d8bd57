package notify

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// receiver is a program that is told of notices.
type receiver struct {
	*httptest.Server
	status  atomic.Int32
	headers []http.Header
	bodies  [][]byte
}

func receive(t *testing.T, start func(http.Handler) *httptest.Server) *receiver {
	t.Helper()
	r := &receiver{}
	r.status.Store(http.StatusNoContent)
	r.Server = start(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.headers, r.bodies = append(r.headers, q.Header), append(r.bodies, body)
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(int(r.status.Load()))
	}))
	t.Cleanup(r.Close)
	return r
}

func hooks(private bool) *Webhooks { return &Webhooks{NewOutward(private), time.Now} }

func hooked(url string, w *Webhooks) aid.Contact {
	return aid.Contact{Account: "v.v-1", Language: aid.English, Webhook: aid.Webhook{URL: url, Secret: w.NewSecret()}}
}

func tell(t *testing.T, w *Webhooks, to aid.Contact) error {
	t.Helper()
	n := sample(aid.NoticeOfferMade)
	text, err := catalogue(t).Write(n, to)
	require.NoError(t, err)
	return w.Send(t.Context(), to, n, text)
}

func TestAWebhookIsSignedSoThatItsReceiverKnows(t *testing.T) {
	t.Parallel()
	r, w := receive(t, httptest.NewServer), hooks(true)
	to := hooked(r.URL+"/hook", w)
	require.NoError(t, tell(t, w, to))
	require.NoError(t, tell(t, w, to))
	require.Len(t, r.bodies, 2)
	require.Equal(t, r.bodies[0], r.bodies[1], "twice is the same message")
	require.Equal(t, "n-1", r.headers[0].Get("webhook-id"))
	require.Equal(t, "application/json", r.headers[0].Get("Content-Type"))
	verifier, err := standardwebhooks.NewWebhook(to.Webhook.Secret)
	require.NoError(t, err)
	require.NoError(t, verifier.Verify(r.bodies[0], r.headers[0]))
	require.Error(t, verifier.Verify(append(r.bodies[0], ' '), r.headers[0]))

	var got map[string]any
	require.NoError(t, json.Unmarshal(r.bodies[0], &got))
	text, err := catalogue(t).Write(sample(aid.NoticeOfferMade), to)
	require.NoError(t, err)
	require.Equal(t, map[string]any{
		"type": "notice.offer_made", "timestamp": "2026-11-02T08:00:00Z",
		"data": map[string]any{
			"id": "n-1", "account_id": "v.v-1", "kind": "offer_made", "urgent": false, "title": text.Title, "body": text.Body,
			"at": "2026-11-02T08:00:00Z", "help_request_id": "r-1", "offer_id": "o-1", "pairing_id": "p-1",
		},
	}, got)
}

func TestWhileTwoSecretsCountBothWillDo(t *testing.T) {
	t.Parallel()
	r, w := receive(t, httptest.NewServer), hooks(true)
	to := hooked(r.URL, w)
	to.Webhook.OldSecret = w.NewSecret()
	require.NoError(t, tell(t, w, to))
	for _, secret := range []string{to.Webhook.Secret, to.Webhook.OldSecret} {
		verifier, err := standardwebhooks.NewWebhook(secret)
		require.NoError(t, err)
		require.NoError(t, verifier.Verify(r.bodies[0], r.headers[0]))
	}
	stranger, err := standardwebhooks.NewWebhook(w.NewSecret())
	require.NoError(t, err)
	require.Error(t, stranger.Verify(r.bodies[0], r.headers[0]))
}

func TestWhatTheReceiverAnswersDecides(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]aid.Kind{
		200: "", 204: "", 301: aid.Unavailable, 307: aid.Unavailable, 400: aid.Unavailable, 404: aid.Unavailable,
		410: aid.NotFound, 429: aid.Unavailable, 500: aid.Unavailable,
	} {
		r, w := receive(t, httptest.NewServer), hooks(true)
		r.status.Store(int32(status))
		err := tell(t, w, hooked(r.URL, w))
		require.Len(t, r.bodies, 1, "no redirect is followed")
		if want == "" {
			require.NoError(t, err, status)
			continue
		}
		require.Equal(t, want, aid.KindOf(err), status)
		require.NotContains(t, err.Error(), r.URL)
	}
	away := httptest.NewServer(nil)
	away.Close()
	w := hooks(true)
	require.Equal(t, aid.Unavailable, aid.KindOf(tell(t, w, hooked(away.URL, w))))
}

// The name of an address says nothing: what it resolves to is looked at where
// the connection is made.
func TestNoWebhookLeadsInside(t *testing.T) {
	t.Parallel()
	r, w := receive(t, httptest.NewTLSServer), hooks(false)
	_, port, err := net.SplitHostPort(r.Listener.Addr().String())
	require.NoError(t, err)
	for _, url := range []string{"https://127.0.0.1:" + port, "https://localhost:" + port, "http://example.org/", "https://[::1]:" + port, "https://[::ffff:127.0.0.1]:" + port} {
		require.Equal(t, aid.Invalid, aid.KindOf(tell(t, w, hooked(url, w))), url)
	}
	require.Empty(t, r.bodies)
	require.NoError(t, w.Check("https://localhost:"+port), "a name is only known when it is called")
}

func TestURLsAreChecked(t *testing.T) {
	t.Parallel()
	w := hooks(false)
	require.NoError(t, w.Check("https://example.org/hook?x=1"))
	for _, url := range []string{
		"", "example.org", "http://example.org", "https://", "https://lin:secret@example.org", "ftp://example.org", "https://10.0.0.1/", "https://169.254.169.254/latest",
		"https://[fd00::1]/", "https://exa mple.org", "https://example.org/" + strings.Repeat("x", maxURL),
	} {
		require.Equal(t, aid.Invalid, aid.KindOf(w.Check(url)), url)
	}
	require.NoError(t, hooks(true).Check("http://127.0.0.1:8080/hook"))
}

func TestThePublicInternet(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"1.1.1.1": true, "2606:4700::1111": true, "127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false, "224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false,
		"::1": false, "fe80::1": false, "fc00::1": false, "::": false, "::ffff:10.0.0.1": false, "64:ff9b::a00:1": false, "2002:a00:1::": false,
	} {
		require.Equal(t, want, public(netip.MustParseAddr(address)), address)
	}
}
