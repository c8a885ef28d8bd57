package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

const (
	// writeTime is how long a client may take to read what it is sent, after
	// which it is cut off and can come back where it stopped.
	writeTime = 10 * time.Second
	// comeBack is what clients are told to wait before they connect again.
	comeBack = 2 * time.Second
)

// serveEvents streams what happens as server-sent events. The id of each is its
// place in the stream: a client that sends the last one it saw as Last-Event-ID
// misses nothing and sees nothing twice.
func (a *API) serveEvents() {
	op := a.operation(http.MethodGet, "/v1/events", policy.WatchEvents, describe{"Stream what happens as server-sent events", 0, "events"})
	op.Description = "Each event has the kind as its name, a JSON object as its data and its place in the stream as its id. " +
		"A quiet stream sends a comment now and then. Send the last id seen as Last-Event-ID to go on from there."
	op.Responses = map[string]*huma.Response{
		"200": {Description: "The stream.", Content: map[string]*huma.MediaType{
			"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}},
		}},
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *struct {
		Last string `header:"Last-Event-ID" doc:"The id of the last event seen." maxLength:"20"`
	},
	) (*huma.StreamResponse, error) {
		by := callerOf(ctx)
		place, err := a.place(ctx, by, in.Last)
		if err != nil {
			return nil, a.problemOf(ctx, err, "header")
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			r, w := humachi.Unwrap(c)
			w.Header().Set("Content-Type", "text/event-stream")
			w.Header().Set("X-Accel-Buffering", "no") // proxies are to pass it on at once
			w.WriteHeader(http.StatusOK)
			aboutOf(ctx).answered = time.Now()
			if r.Method == http.MethodHead {
				return // it would stream to nobody, without end
			}
			a.metrics.streams.Inc()
			defer a.metrics.streams.Dec()
			a.stream(r.Context(), w, sessionOf(ctx), place)
		}}, nil
	})
}

// place is where a stream begins: after the last event seen, or now.
func (a *API) place(ctx context.Context, by app.Caller, last string) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, a.Timeout)
	defer cancel()
	now, err := a.UseCases.Events.Place(ctx, by)
	if err != nil || last == "" {
		return now, err
	}
	place, err := strconv.ParseInt(last, 10, 64)
	if err != nil || place < 0 {
		var c aid.Check
		c.That(false, "Last-Event-ID", "must be the id of an event of this stream")
		return 0, c.Err("stream")
	}
	return place, nil
}

// stream writes events until the client goes, the API closes, the client stops
// reading, or its token is no longer good.
func (a *API) stream(ctx context.Context, w http.ResponseWriter, s session, place int64) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		select {
		case <-a.closing:
			stop()
		case <-ctx.Done():
		}
	}()
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{}) // the request is read; its deadline must not end the stream. A writer without deadlines has none.
	send := func(format string, args ...any) bool {
		_ = out.SetWriteDeadline(time.Now().Add(writeTime)) // a writer without deadlines has none
		_, err := fmt.Fprintf(w, format, args...)
		return err == nil && out.Flush() == nil
	}
	if !send("retry: %d\n\n", comeBack.Milliseconds()) {
		return
	}
	checked := time.Now()
	for {
		waiting, cancel := context.WithTimeout(ctx, a.Heartbeat)
		seen, reached, err := a.UseCases.Events.Next(waiting, s.caller, place)
		quiet := waiting.Err() != nil
		cancel()
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !quiet:
			a.log.WarnContext(ctx, "an event stream ended early", "request_id", requestID(ctx), "error", err)
			return // the client comes back by itself
		case err != nil:
			if !send(": still here\n\n") {
				return
			}
		}
		if now := time.Now(); now.Sub(checked) >= a.Heartbeat {
			if s.caller, err = s.again(ctx); err != nil {
				return
			}
			checked = now
		}
		for _, e := range seen {
			data, err := json.Marshal(eventOf(e))
			if err != nil || !send("id: %d\nevent: %s\ndata: %s\n\n", e.Seq, e.Kind, data) {
				return
			}
		}
		place = reached
	}
}
