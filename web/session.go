package web

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/httprate"
	"github.com/google/uuid"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
)

// The cookies. The session is the token itself: it can be revoked like any other,
// and no script can read it.
const (
	sessionCookie  = "linli_session"
	languageCookie = "linli_language"
	sessionLife    = 30 * 24 * time.Hour // a token may end before
	languageLife   = 365 * 24 * time.Hour
)

type callerKey struct{}

func callerOf(r *http.Request) app.Caller {
	c, _ := r.Context().Value(callerKey{}).(app.Caller) // the zero caller has no role, and so no rights
	return c
}

// onceBy is the caller with the key of the form that they sent: sent again, from the
// same page, it is the same act. A new page can try anew what was refused.
func onceBy(r *http.Request) app.Caller {
	by := callerOf(r)
	if key := r.PostFormValue("key"); uuid.Validate(key) == nil {
		by.Key = key
	}
	return by
}

// guard keeps other sites from acting in somebody's name, and says what a browser
// may do for these pages.
func (p *Pages) guard(next http.Handler) http.Handler {
	return p.origin.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		h.Set("Permissions-Policy", "geolocation=(self)")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		ctx, cancel := context.WithTimeout(r.Context(), p.Timeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	}))
}

// maxForm is the most bytes of a form.
const maxForm = 16 << 10

// authenticate finds who is signed in; whoever is not is asked to, and comes back
// to the page that they wanted.
func (p *Pages) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var token string
		if c, err := r.Cookie(sessionCookie); err == nil {
			token = c.Value
		}
		account, err := p.Authenticator.Authenticate(r.Context(), token)
		switch {
		case aid.KindOf(err) == aid.Unknown && err != nil:
			to := "/sign-in"
			if r.Method == http.MethodGet && r.URL.Path != "/" {
				to += "?next=" + url.QueryEscape(r.URL.Path)
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
		case err != nil:
			p.refused(w, r, err)
		default:
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, app.Caller{Account: account})))
		}
	})
}

func (p *Pages) signInForm(w http.ResponseWriter, r *http.Request) {
	v := p.viewOf(r)
	p.show(w, r, http.StatusOK, v, signInPage(v, within(r.FormValue("next")), ""))
}

func (p *Pages) signIn(w http.ResponseWriter, r *http.Request) {
	token, next := strings.TrimSpace(r.PostFormValue("token")), within(r.PostFormValue("next"))
	if _, err := p.Authenticator.Authenticate(r.Context(), token); err != nil {
		v := p.viewOf(r)
		p.note(r, err)
		p.show(w, r, statusOf(err), v, signInPage(v, next, v.fault(err)))
		return
	}
	setCookie(w, r, sessionCookie, token, sessionLife)
	http.Redirect(w, r, next, http.StatusSeeOther) //nolint:gosec // a path within
}

func (p *Pages) signOut(w http.ResponseWriter, r *http.Request) {
	setCookie(w, r, sessionCookie, "", 0)
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
}

func (p *Pages) chooseLanguage(w http.ResponseWriter, r *http.Request) {
	setCookie(w, r, languageCookie, chi.URLParam(r, "language"), languageLife)
	http.Redirect(w, r, within(r.FormValue("next")), http.StatusSeeOther) //nolint:gosec // a path within
}

// within is a path of these pages; anything else leads home, so that no link sends
// somebody elsewhere.
func within(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.Contains(path, `\`) {
		return "/"
	}
	return u.Path
}

// setCookie keeps a value in the browser, or with no life takes it out. Behind TLS
// it never goes over the wire in the clear.
func setCookie(w http.ResponseWriter, r *http.Request, name, value string, life time.Duration) {
	c := &http.Cookie{ //nolint:gosec // Secure where there is TLS: `linli dev` has none
		Name: name, Value: value, Path: "/", MaxAge: int(life / time.Second), HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: overTLS(r),
	}
	if life == 0 {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// overTLS tells whether the browser speaks TLS, to us or to a proxy in front.
func overTLS(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

// perMinuteOfAddress is for one address, behind which many people may be, as behind
// a proxy.
const perMinuteOfAddress = 60_000

// limitAddress keeps one address from trying tokens without end.
func (p *Pages) limitAddress() func(http.Handler) http.Handler {
	return httprate.LimitBy(perMinuteOfAddress, time.Minute, func(r *http.Request) (string, error) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		return httprate.CanonicalizeIP(host), err
	}, httprate.WithLimitHandler(p.tooMany))
}

func (p *Pages) limitAccount() func(http.Handler) http.Handler {
	return httprate.LimitBy(p.PerMinute, time.Minute, func(r *http.Request) (string, error) {
		return string(callerOf(r).ID), nil
	}, httprate.WithLimitHandler(p.tooMany))
}

func (p *Pages) tooMany(w http.ResponseWriter, r *http.Request) {
	v := p.viewOf(r)
	p.show(w, r, http.StatusTooManyRequests, v, errorPage(v, v.T("error.too_many")))
}
