package web

import (
	"bytes"
	"context"
	"embed"
	"log/slog"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/words"
)

//go:embed texts/*.json
var texts embed.FS

// Authenticator finds the account of a token's text, or fails with
// [aid.Unknown].
type Authenticator interface {
	Authenticate(ctx context.Context, token string) (aid.Account, error)
}

// Options are what the pages are built from. Those without a word on defaults
// must be given.
type Options struct {
	UseCases      app.UseCases
	Authenticator Authenticator
	Now           func() time.Time
	Log           *slog.Logger
	PerMinute     int           // pages a minute and account; 0 for 600
	Timeout       time.Duration // of one page; 0 for 15 s
}

const (
	defaultPerMinute = 600
	defaultTimeout   = 15 * time.Second
)

// Pages serves the pages. It is safe for concurrent use.
type Pages struct {
	Options
	texts  *words.Catalogue
	origin *http.CrossOriginProtection
}

// New builds the pages. It fails if a text is missing in one of the languages.
func New(o Options) (*Pages, error) {
	if o.PerMinute == 0 {
		o.PerMinute = defaultPerMinute
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	all, err := words.NewCatalogue(texts)
	return &Pages{Options: o, texts: all, origin: http.NewCrossOriginProtection()}, err
}

// Routes adds the pages to a router.
func (p *Pages) Routes(r chi.Router) {
	r.Get(assetsPath+"{name}", serveAsset)
	r.Get("/sw.js", serveWorker)
	r.Group(func(r chi.Router) {
		r.Use(p.limitAddress(), p.guard)
		r.Get("/sign-in", p.signInForm)
		r.Post("/sign-in", p.signIn)
		r.Post("/sign-out", p.signOut)
		r.Get("/language/{language}", p.chooseLanguage)
		r.Get("/certificates/{id}/verify", p.verify)
		r.Group(func(r chi.Router) {
			r.Use(p.authenticate, p.limitAccount())
			r.Get("/", p.home)
			r.Post("/offers/{id}/accept", p.accept)
			r.Post("/offers/{id}/decline", p.decline)
			r.Get("/notices", p.notices)
			r.Post("/notices/read", p.readNotices)
			r.Get("/settings", p.settings)
			r.Post("/settings", p.saveSettings)
			r.Post("/settings/push", p.addPush)
			r.Post("/settings/email", p.setEmail)
			r.Post("/settings/email/verify", p.verifyEmail)
			r.Post("/settings/calendar", p.openCalendar)
			r.Post("/settings/calendar/revoke", p.closeCalendar)
			r.Get("/training", p.training)
			r.Get("/cohorts/{id}", p.cohort)
			r.Post("/cohorts/{id}/enrol", p.enrol)
			r.Post("/cohorts/{id}/withdraw", p.giveUp)
			r.Post("/cohorts/{id}/results", p.results)
			r.Get("/cohorts/{id}/sessions/{session}", p.session)
			r.Get("/cohorts/{id}/sessions/{session}/code", p.code)
			r.Post("/cohorts/{id}/sessions/{session}/attendance", p.attendance)
			r.Post("/cohorts/{id}/sessions/{session}/check-in", p.checkInSession)
			r.Get("/attend/{id}/{session}/{code}", p.attend)
			r.Get("/certificates/{id}", p.certificate)
			r.Get("/visits/{id}", p.visit)
			r.Post("/visits/{id}/address", p.address)
			r.Post("/visits/{id}/check-in", p.checkIn)
			r.Post("/visits/{id}/check-out", p.checkOut)
			r.Post("/visits/{id}/confirm", p.confirm)
			r.Post("/visits/{id}/dispute", p.dispute)
			r.Post("/visits/{id}/withdraw", p.withdraw)
		})
	})
}

// show renders a page whole before any of it is sent.
func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, v *view, page templ.Component) {
	var b bytes.Buffer
	err := page.Render(r.Context(), &b)
	if err == nil {
		err = v.missing
	}
	if err != nil {
		p.Log.ErrorContext(r.Context(), "a page could not be shown", "error", err)
		http.Error(w, "500", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", string(v.Language))
	w.Header().Set("Vary", "Accept-Language, Cookie")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // whoever hung up does not read it
}

// refused shows what went wrong on a page of its own, for what no other page is
// left to show.
func (p *Pages) refused(w http.ResponseWriter, r *http.Request, err error) {
	v := p.viewOf(r)
	p.note(r, err)
	p.show(w, r, statusOf(err), v, errorPage(v, v.fault(err)))
}

// note logs what is a fault of ours.
func (p *Pages) note(r *http.Request, err error) {
	if aid.KindOf(err) == aid.Internal {
		p.Log.ErrorContext(r.Context(), "a page failed", "error", err)
	}
}

var statuses = map[aid.Kind]int{
	aid.Invalid: http.StatusUnprocessableEntity, aid.NotFound: http.StatusNotFound, aid.Conflict: http.StatusConflict,
	aid.Forbidden: http.StatusForbidden, aid.Unknown: http.StatusUnauthorized, aid.Unavailable: http.StatusServiceUnavailable,
	aid.Internal: http.StatusInternalServerError,
}

func statusOf(err error) int { return statuses[aid.KindOf(err)] }
