package api

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
)

// Authenticator finds the account of a token's text, or fails with
// [aid.Unknown].
type Authenticator interface {
	Authenticate(ctx context.Context, token string) (aid.Account, error)
}

// Options are what an API is built from. Those without a word on defaults must
// be given.
type Options struct {
	UseCases      app.UseCases
	Authenticator Authenticator
	Keys          Keys
	Parts         []Part               // what /readyz asks; none means always ready
	Metrics       *prometheus.Registry // what /metrics shows, to which the API adds; nil for one of its own
	Log           *slog.Logger
	PerMinute     int              // requests a minute and account; 0 for 6000
	Timeout       time.Duration    // of one request; 0 for 15 s
	Heartbeat     time.Duration    // between comments on a quiet event stream; 0 for 15 s
	Pages         func(chi.Router) // adds the pages for people to the routes; nil for none
}

const (
	defaultPerMinute = 6000
	defaultTimeout   = 15 * time.Second
	defaultHeartbeat = 15 * time.Second
)

// API is the HTTP side of the product. It is safe for concurrent use.
type API struct {
	Options
	log     *slog.Logger
	handler http.Handler
	huma    huma.API
	routes  []route
	probes  *Probes
	metrics *metrics
	closing chan struct{} // closed when event streams are to end
	once    sync.Once
}

// New builds the API.
func New(o Options) *API {
	if o.Metrics == nil {
		o.Metrics = prometheus.NewRegistry()
	}
	if o.PerMinute == 0 {
		o.PerMinute = defaultPerMinute
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = defaultHeartbeat
	}
	a := &API{Options: o, log: o.Log, probes: NewProbes(o.Parts, o.Metrics, o.Log), closing: make(chan struct{}), metrics: newMetrics(o.Metrics)}

	r := chi.NewRouter()
	r.Use(identify, a.observe, a.recover, secure, middleware.GetHead)
	r.NotFound(func(w http.ResponseWriter, r *http.Request) {
		newProblem(http.StatusNotFound, string(aid.NotFound), "there is nothing at this path; /openapi.json lists what there is").write(w)
	})
	r.MethodNotAllowed(methodNotAllowed(r))
	a.servePages(r)
	if o.Pages != nil {
		o.Pages(r)
	}

	r.With(a.limitAddress()).Get(calendarPath+"{secret}.ics", a.calendar)
	r.With(a.limitAddress()).Get(verifyPath+"{id}", a.verify)

	r.Group(func(r chi.Router) {
		r.Use(a.limitAddress(), a.authenticate, a.limitAccount(), plainQuery, a.idempotent)
		a.huma = humachi.New(r, document())
		a.serveRequests()
		a.serveOffers()
		a.servePairings()
		a.serveVisits()
		a.serveRecords()
		a.serveVolunteers()
		a.serveChoices()
		a.serveLimits()
		a.serveParks()
		a.serveBeneficiaries()
		a.serveDoNotMatch()
		a.serveTerritory()
		a.serveAreas()
		a.serveAreaSplit()
		a.serveRiskClasses()
		a.serveCourses()
		a.serveEffects()
		a.serveChangesByHand()
		a.serveCohorts()
		a.serveEnrolments()
		a.serveTrainers()
		a.serveAttendance()
		a.serveTrainingFiles()
		a.serveRollouts()
		a.serveRolloutFigures()
		a.serveRolloutFiles()
		a.serveCertificates()
		a.serveEvents()
		a.serveNotices()
		a.serveContacts()
		a.serveCalendarOrders()
	})
	loosenAnswers(a.huma.OpenAPI())
	a.handler = r
	return a
}

// methodNotAllowed says which methods a path has.
func methodNotAllowed(routes chi.Routes) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			if routes.Match(chi.NewRouteContext(), m, r.URL.Path) {
				w.Header().Add("Allow", m)
				if m == http.MethodGet {
					w.Header().Add("Allow", http.MethodHead)
				}
			}
		}
		newProblem(http.StatusMethodNotAllowed, "method_not_allowed", r.Method+" is not served here; the Allow header says what is").write(w)
	}
}

// ServeHTTP serves one request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.handler.ServeHTTP(w, r) }

// Close ends the event streams, whose clients then come back elsewhere. Other
// requests go on.
func (a *API) Close() { a.once.Do(func() { close(a.closing) }) }
