package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Part is something that the product cannot serve without.
type Part struct {
	Name  string                      // such as "postgres"
	Check func(context.Context) error // nil when it is there; the error is logged, not shown
}

const (
	checkTime = 2 * time.Second
	// knownFor is how long an answer counts, so that nobody can burden the parts
	// by asking without end; the question needs no token.
	knownFor = 500 * time.Millisecond
)

// readiness is the answer of /readyz.
type readiness struct {
	Ready bool              `json:"ready"`
	Parts map[string]string `json:"parts"` // "ok" or "away"
}

// Probes answer whether a process lives, and whether the parts are there that it
// cannot work without. They are safe for concurrent use.
type Probes struct {
	parts   []Part
	metrics *prometheus.Registry
	log     *slog.Logger

	mu   sync.Mutex // held while asking: whoever asks meanwhile waits for the answer
	last readiness
	at   time.Time
}

// NewProbes makes the probes of a process that works with some parts and is
// watched by metrics.
func NewProbes(parts []Part, metrics *prometheus.Registry, log *slog.Logger) *Probes {
	addRuntime(metrics)
	return &Probes{parts: parts, metrics: metrics, log: log}
}

// Serve serves /healthz, /readyz and /metrics alone on a listener until ctx ends,
// for a process without an API. The error is nil after an orderly end.
func (p *Probes) Serve(ctx context.Context, l net.Listener) error {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /healthz", health)
	routes.HandleFunc("GET /readyz", p.readyz)
	routes.Handle("GET /metrics", p.figures())
	return serveUntil(ctx, l, routes, p.log, func() {})
}

// ready says what is there and what is away.
func (p *Probes) ready(ctx context.Context) readiness {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at.IsZero() || time.Since(p.at) >= knownFor {
		p.last = p.ask(context.WithoutCancel(ctx)) // for all who wait, not for this one
		p.at = time.Now()
	}
	return p.last
}

// ask asks all parts at the same time.
func (p *Probes) ask(ctx context.Context) readiness {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	errs := make([]error, len(p.parts))
	var all sync.WaitGroup
	for i, part := range p.parts {
		all.Go(func() { errs[i] = part.Check(ctx) })
	}
	all.Wait()
	out := readiness{Ready: true, Parts: map[string]string{}}
	for i, part := range p.parts {
		out.Parts[part.Name] = "ok"
		if errs[i] != nil {
			out.Ready, out.Parts[part.Name] = false, "away"
			p.log.WarnContext(ctx, "not ready", "part", part.Name, "error", errs[i])
		}
	}
	return out
}

// health says that the process lives: it answers.
func health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "alive"})
}

// readyz says whether requests can be served, and if not, which part is away.
func (p *Probes) readyz(w http.ResponseWriter, r *http.Request) {
	found := p.ready(r.Context())
	status := http.StatusOK
	if !found.Ready {
		status = http.StatusServiceUnavailable
		retryAfter(w.Header(), retryUnavailable)
	}
	writeJSON(w, status, found)
}

// figures is the page that Prometheus reads.
func (p *Probes) figures() http.Handler {
	return promhttp.HandlerFor(p.metrics, promhttp.HandlerOpts{})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever hung up does not read it
}
