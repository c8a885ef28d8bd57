package api

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/httprate"

	"github.com/linli/linli/app"
)

// session is who calls, and how to find out whether they still may.
type session struct {
	caller app.Caller
	again  func(context.Context) (app.Caller, error)
}

type sessionKey struct{}

func sessionOf(ctx context.Context) session {
	s, _ := ctx.Value(sessionKey{}).(session) // the zero session has no role, and so no rights
	return s
}

func callerOf(ctx context.Context) app.Caller { return sessionOf(ctx).caller }

// authenticate finds the caller of every request by their bearer token.
func (a *API) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := bearerToken(r)
		s := session{again: func(ctx context.Context) (app.Caller, error) {
			account, err := a.Authenticator.Authenticate(ctx, token)
			return app.Caller{Account: account}, err
		}}
		ctx, cancel := context.WithTimeout(r.Context(), a.Timeout)
		defer cancel()
		var err error
		if s.caller, err = s.again(ctx); err != nil {
			a.problemOf(r.Context(), err, "").write(w)
			return
		}
		aboutOf(r.Context()).account = s.caller.ID
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), sessionKey{}, s)))
	})
}

// bearerToken is the token of the Authorization header, empty when there is
// none. The scheme's name may be written in any case (RFC 9110).
func bearerToken(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// addressesPerAccount: many people may share one address, such as an office.
const addressesPerAccount = 10

// limitAddress keeps one address from trying tokens without end.
func (a *API) limitAddress() func(http.Handler) http.Handler {
	return a.limit(addressesPerAccount*a.PerMinute, func(r *http.Request) (string, error) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			host = r.RemoteAddr
		}
		return httprate.CanonicalizeIP(host), nil
	})
}

// limitAccount keeps one account from taking everybody's time.
func (a *API) limitAccount() func(http.Handler) http.Handler {
	return a.limit(a.PerMinute, func(r *http.Request) (string, error) { return string(callerOf(r.Context()).ID), nil })
}

func (a *API) limit(perMinute int, key httprate.KeyFunc) func(http.Handler) http.Handler {
	return httprate.LimitBy(perMinute, time.Minute, key,
		httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"}),
		httprate.WithLimitHandler(func(w http.ResponseWriter, r *http.Request) {
			newProblem(http.StatusTooManyRequests, "too_many_requests", "too many requests in a minute; wait as long as Retry-After says").write(w)
		}))
}
