package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/google/uuid"

	"github.com/linli/linli/aid"
)

// about is what is known of the request that is being served.
type about struct {
	id       string
	account  aid.AccountID // once it is known
	unkept   bool          // its answer holds a secret, and is not kept under an idempotency key
	answered time.Time     // when a stream began, which goes on for as long as somebody reads it
}

type aboutKey struct{}

func aboutOf(ctx context.Context) *about {
	if a, ok := ctx.Value(aboutKey{}).(*about); ok {
		return a
	}
	return &about{}
}

func requestID(ctx context.Context) string { return aboutOf(ctx).id }

const requestIDHeader = "X-Request-Id"

var requestIDForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// identify gives every request an id: the client's own if it is short and
// plain, else a new one.
func identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !requestIDForm.MatchString(id) {
			id = uuid.NewString()
		}
		w.Header().Set(requestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), aboutKey{}, &about{id: id})))
	})
}

// observe logs and counts every request by its route, never by its path and
// query, which may hold what is personal.
func (a *API) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		out := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			took, status := time.Since(began), max(out.Status(), http.StatusOK)
			route := chi.RouteContext(r.Context()).RoutePattern()
			answer := took
			if at := aboutOf(r.Context()).answered; !at.IsZero() {
				answer = at.Sub(began)
			}
			a.metrics.seen(r.Method, route, status, answer)
			a.log.LogAttrs(r.Context(), levelOf(route, status), "request",
				slog.String("request_id", requestID(r.Context())), slog.String("method", method(r.Method)),
				slog.String("route", route), slog.Int("status", status),
				slog.Duration("took", took), slog.Int("bytes", out.BytesWritten()),
				slog.String("account", string(aboutOf(r.Context()).account)))
		}()
		next.ServeHTTP(out, r)
	})
}

// levelOf keeps probes out of the log as long as all is well.
func levelOf(route string, status int) slog.Level {
	switch {
	case status >= http.StatusInternalServerError:
		return slog.LevelWarn
	case route == "/healthz" || route == "/readyz" || route == "/metrics":
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// recover turns a panic into a problem, and the connection lives on.
func (a *API) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			fault := recover()
			if fault == nil {
				return
			}
			if fault == http.ErrAbortHandler { //nolint:errorlint // the server compares it so too
				panic(fault)
			}
			a.log.ErrorContext(r.Context(), "a request panicked", "request_id", requestID(r.Context()),
				"fault", fmt.Sprintf("%T", fault), "stack", string(debug.Stack()))
			if out, ok := w.(middleware.WrapResponseWriter); ok && out.Status() != 0 {
				panic(http.ErrAbortHandler) // the answer has begun: cut it off, so that nobody takes it for whole
			}
			newProblem(http.StatusInternalServerError, string(aid.Internal),
				"something went wrong here; the request's id is "+requestID(r.Context())).write(w)
		}()
		next.ServeHTTP(w, r)
	})
}

// secure sets what browsers are to keep to.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// method keeps labels and logs to the methods that exist.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// retryAfter is a number of seconds for the header.
func retryAfter(h http.Header, seconds int) { h.Set("Retry-After", strconv.Itoa(seconds)) }
