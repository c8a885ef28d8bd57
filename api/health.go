package api

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"
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

// readyState is the last answer. Whoever asks meanwhile waits for it.
type readyState struct {
	mu   sync.Mutex
	last readiness
	at   time.Time
}

// ready says what is there and what is away.
func (a *API) ready(ctx context.Context) readiness {
	a.state.mu.Lock()
	defer a.state.mu.Unlock()
	if a.state.at.IsZero() || time.Since(a.state.at) >= knownFor {
		a.state.last = a.ask(context.WithoutCancel(ctx)) // for all who wait, not for this one
		a.state.at = time.Now()
	}
	return a.state.last
}

// ask asks all parts at the same time.
func (a *API) ask(ctx context.Context) readiness {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	errs := make([]error, len(a.Parts))
	var all sync.WaitGroup
	for i, p := range a.Parts {
		all.Go(func() { errs[i] = p.Check(ctx) })
	}
	all.Wait()
	out := readiness{Ready: true, Parts: map[string]string{}}
	for i, p := range a.Parts {
		out.Parts[p.Name] = "ok"
		if errs[i] != nil {
			out.Ready, out.Parts[p.Name] = false, "away"
			a.log.WarnContext(ctx, "not ready", "part", p.Name, "error", errs[i])
		}
	}
	return out
}

// health says that the process lives: it answers.
func health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "alive"})
}

// readyz says whether requests can be served, and if not, which part is away.
func (a *API) readyz(w http.ResponseWriter, r *http.Request) {
	found := a.ready(r.Context())
	status := http.StatusOK
	if !found.Ready {
		status = http.StatusServiceUnavailable
		retryAfter(w.Header(), retryUnavailable)
	}
	writeJSON(w, status, found)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever hung up does not read it
}
