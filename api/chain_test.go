package api

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/app/apptest"
)

func TestWhoIsNotKnownIsToldHowToBe(t *testing.T) {
	t.Parallel()
	r := serve(t)
	missing := r.problem(r.send("", "GET", "/v1/me", ""), http.StatusUnauthorized)
	require.Contains(t, missing.Header.Get("WWW-Authenticate"), "Bearer")
	for _, header := range []string{"Bearer", "Bearer ", "Basic Y2FzZXdvcmtlcg==", "Basic caseworker", "Token caseworker", "caseworker", "Bearer linli_wrong"} {
		a := r.problem(r.send("", "GET", "/v1/me", "", "Authorization", header), http.StatusUnauthorized)
		require.Equal(t, missing.text, a.text, header)
	}
	require.Equal(t, http.StatusOK, r.send("", "GET", "/v1/me", "", "Authorization", "bearer caseworker").StatusCode)
	r.problem(r.send("", "GET", "/v1/me?access_token=caseworker", ""), http.StatusUnauthorized)
}

func TestLogsHoldIdsAndNothingPersonal(t *testing.T) {
	t.Parallel()
	r := asked(t)
	r.send("caseworker", "GET", "/v1/help-requests?beneficiary_id=zhou-gui-lan", "", "X-Request-Id", "trace-9")
	r.send("caseworker", "POST", "/v1/beneficiaries", `{"name":"周桂兰","phone":"10000000900","area_id":"hlj.harbin","home":{"lat":45,"lng":126}}`, keyHeader, "secret-key")
	log := r.log.String()
	require.Contains(t, log, "request_id=trace-9")
	require.Contains(t, log, "route=/v1/help-requests ")
	require.Contains(t, log, "account=a-caseworker")
	for _, personal := range []string{"zhou-gui-lan", "周桂兰", "10000000900", "Bearer", "secret-key"} {
		require.NotContains(t, log, personal)
	}
}

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	t.Parallel()
	r := serve(t)
	for _, path := range []string{"/", "/v1/me", "/v1/nothing", "/healthz", "/openapi.json"} {
		a := r.send("caseworker", "GET", path, "", "X-Request-Id", "bad id\twith blanks")
		require.Equal(t, "nosniff", a.Header.Get("X-Content-Type-Options"), path)
		require.Contains(t, a.Header.Get("Content-Security-Policy"), "default-src 'none'", path)
		require.Equal(t, "no-store", a.Header.Get("Cache-Control"), path)
		require.Len(t, a.Header.Get("X-Request-Id"), 36, path)
	}
}

func TestTooManyRequestsAreHeldOff(t *testing.T) {
	t.Parallel()
	r := serve(t, func(o *Options) { o.PerMinute = 3 })
	for range 3 {
		require.Equal(t, http.StatusOK, r.send("caseworker", "GET", "/v1/me", "").StatusCode)
	}
	a := r.problem(r.send("caseworker", "GET", "/v1/me", ""), http.StatusTooManyRequests)
	require.NotEmpty(t, a.Header.Get("Retry-After"))
	require.Equal(t, http.StatusOK, r.send("volunteer", "GET", "/v1/me", "").StatusCode, "others are not held off")
	require.Equal(t, http.StatusOK, r.send("", "GET", "/healthz", "").StatusCode)
}

func TestARequestThatTakesTooLongIsGivenUp(t *testing.T) {
	t.Parallel()
	r := asked(t, func(o *Options) { o.Timeout = 10 * time.Millisecond })
	goOn := make(chan struct{})
	t.Cleanup(func() { close(goOn) })
	r.world.Fail(func(call string) error {
		select {
		case <-goOn:
		case <-time.After(50 * time.Millisecond):
		}
		return context.DeadlineExceeded
	})
	r.problem(r.send("caseworker", "GET", "/v1/help-requests/r-1", ""), http.StatusServiceUnavailable)
}

func TestHealthAndReadinessTellTheTruth(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	var asked atomic.Int32
	r := serve(t, func(o *Options) {
		o.Parts = []Part{
			{"postgres", func(context.Context) error { asked.Add(1); return nil }},
			{"temporal", func(context.Context) error {
				if away.Load() {
					return errors.New("dial tcp 10.1.2.3: refused")
				}
				return nil
			}},
		}
	})
	became := func(status int) answer {
		var a answer
		require.Eventually(t, func() bool {
			a = r.send("", "GET", "/readyz", "")
			return a.StatusCode == status
		}, 10*time.Second, 10*time.Millisecond)
		return a
	}
	require.JSONEq(t, `{"ready":true,"parts":{"postgres":"ok","temporal":"ok"}}`, became(http.StatusOK).text)
	away.Store(true)
	a := became(http.StatusServiceUnavailable)
	require.JSONEq(t, `{"ready":false,"parts":{"postgres":"ok","temporal":"away"}}`, a.text)
	require.NotContains(t, a.text, "10.1.2.3")
	require.NotEmpty(t, a.Header.Get("Retry-After"))
	require.Equal(t, http.StatusOK, r.send("", "GET", "/healthz", "").StatusCode, "the process lives all the same")
	require.Contains(t, r.send("", "GET", "/status?lang=en", "").text, "Not ready.")
	before := asked.Load()
	for range 40 {
		r.send("", "GET", "/readyz", "")
	}
	require.Less(t, asked.Load()-before, int32(20), "asking often does not burden the parts")
	away.Store(false)
	became(http.StatusOK)
}

func TestPages(t *testing.T) {
	t.Parallel()
	r := serve(t, func(o *Options) {
		o.Parts = []Part{{"postgres", func(context.Context) error { return nil }}}
	})
	zh, en := r.send("", "GET", "/status", ""), r.send("", "GET", "/status", "", "Accept-Language", "en-GB,en;q=0.9")
	require.Contains(t, zh.text, `lang="zh-CN"`)
	require.Contains(t, zh.text, "正常")
	require.Contains(t, zh.text, r.url+"/v1/me", "the example can be pasted")
	require.Contains(t, r.send("", "GET", "/status", "", "X-Forwarded-Proto", "https").text, "https://"+strings.TrimPrefix(r.url, "http://")+"/v1/me")
	require.Contains(t, en.text, "pairs volunteers with people in need")
	require.Contains(t, r.send("", "GET", "/status?lang=zh", "", "Accept-Language", "en").text, "一对一")
	docs := r.send("", "GET", "/docs?lang=en", "")
	require.Equal(t, "text/html; charset=utf-8", docs.Header.Get("Content-Type"))
	for _, route := range r.api.routes {
		require.Contains(t, docs.text, "<code>"+route.path+"</code>")
	}
	for _, field := range []string{
		"<code>roles[].people</code> *", "<code>?volunteer_id</code> *", "<code>?status</code></td>", "pending, accepted, declined", "routine, soon, urgent",
	} {
		require.Contains(t, docs.text, field)
	}
	for _, page := range []answer{zh, en, docs} {
		for _, outside := range []string{"<script", "src=", "href=\"http", "@import", "url("} {
			require.NotContains(t, page.text, outside, "pages are whole in themselves")
		}
	}
}

func TestMetricsCountByRoute(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	r := asked(t, func(o *Options) { o.Metrics = registry })
	r.send("caseworker", "GET", "/v1/help-requests/r-1", "")
	r.send("caseworker", "GET", "/v1/help-requests/r-none", "")
	r.send("caseworker", "GET", "/etc/passwd", "")
	text := r.send("", "GET", "/metrics", "").text
	require.Contains(t, text, `linli_http_request_duration_seconds_count{method="GET",route="/v1/help-requests/{id}",status="200"} 1`)
	require.Contains(t, text, `linli_http_request_duration_seconds_count{method="GET",route="/v1/help-requests/{id}",status="404"} 1`)
	require.Contains(t, text, "go_goroutines")
	require.Contains(t, text, `linli_http_request_duration_seconds_count{method="GET",route="none",status="404"} 1`)
	require.NotContains(t, text, "passwd", "paths that nobody serves do not become labels")
	require.NotContains(t, text, "r-1")
}

// A stream is answered when it begins; how long somebody reads it says nothing
// of how fast this side is.
func TestAStreamCountsByItsBeginning(t *testing.T) {
	t.Parallel()
	r := asked(t, func(o *Options) { o.Heartbeat = 10 * time.Millisecond })
	began := time.Now()
	s := r.stream("caseworker", "")
	require.Contains(t, r.send("", "GET", "/metrics", "").text, "\nlinli_http_event_streams 1\n")
	for range 100 {
		_, ok := s.next()
		require.True(t, ok)
	}
	open := time.Since(began)
	require.NoError(t, s.body.Close())
	sum := regexp.MustCompile(`duration_seconds_sum\{method="GET",route="/v1/events",status="200"\} (\S+)`)
	require.Eventually(t, func() bool {
		text := r.send("", "GET", "/metrics", "").text
		found := sum.FindStringSubmatch(text)
		if found == nil {
			return false
		}
		seconds, err := strconv.ParseFloat(found[1], 64)
		require.NoError(t, err)
		require.Less(t, seconds, open.Seconds()/2)
		return strings.Contains(text, "\nlinli_http_event_streams 0\n")
	}, 10*time.Second, 5*time.Millisecond)
}

func TestServeCutsOffWhoDoesNotEnd(t *testing.T) {
	t.Parallel()
	log := &safeLog{}
	a := New(Options{
		UseCases: apptest.New().UseCases(), Authenticator: &tokens{}, Keys: newKeys(), Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(ctx, l) }()
	slow, err := new(net.Dialer).DialContext(t.Context(), "tcp", l.Addr().String())
	require.NoError(t, err)
	defer slow.Close()
	_, err = slow.Write([]byte("POST /v1/help-requests HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer caseworker\r\n" +
		"Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n"))
	require.NoError(t, err)
	_, err = slow.Read(make([]byte, 100)) // it asks for the body, so the request is under way
	require.NoError(t, err)
	began := time.Now()
	stop()
	require.NoError(t, <-ended, "who sends a body for ever does not make an orderly end a failure")
	require.Less(t, time.Since(began), DrainTime+2*time.Second)
	require.Contains(t, log.String(), "cut off")
}

func TestServeEndsInOrder(t *testing.T) {
	t.Parallel()
	w, log := apptest.New(), &safeLog{}
	a := New(Options{UseCases: w.UseCases(), Authenticator: &tokens{}, Keys: newKeys(), Log: slog.New(slog.NewTextHandler(log, nil))})
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(ctx, l) }()
	r := &running{t: t, url: "http://" + l.Addr().String()}
	s := r.stream("caseworker", "")
	stop()
	_, more := s.next()
	require.False(t, more, "an open stream does not hold up the end")
	require.NoError(t, <-ended)
	require.NotContains(t, log.String(), "cut off")
	_, err = new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(r.url, "http://"))
	require.Error(t, err)
}

// TestProbesAreServedAlone: a process without an API says whether it is ready,
// and nothing else.
func TestProbesAreServedAlone(t *testing.T) {
	t.Parallel()
	parts := []Part{{"worker", func(context.Context) error { return errors.New("not yet") }}}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- NewProbes(parts, prometheus.NewRegistry(), slog.New(slog.DiscardHandler)).Serve(ctx, l)
	}()
	r := &running{t: t, url: "http://" + l.Addr().String()}
	a := r.send("", "GET", "/readyz", "")
	require.Equal(t, http.StatusServiceUnavailable, a.StatusCode)
	require.JSONEq(t, `{"ready":false,"parts":{"worker":"away"}}`, a.text)
	require.Equal(t, http.StatusOK, r.send("", "GET", "/healthz", "").StatusCode)
	require.Contains(t, r.send("", "GET", "/metrics", "").text, "go_goroutines")
	require.Equal(t, http.StatusNotFound, r.send("", "GET", "/v1/offers", "").StatusCode)
	stop()
	require.NoError(t, <-ended)
}
