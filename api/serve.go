package api

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

const (
	headerTime = 10 * time.Second
	readTime   = 30 * time.Second
	answerTime = time.Minute // to read an answer; event streams have a limit for each write instead
	idleTime   = 2 * time.Minute
	maxHeaders = 64 << 10
	// DrainTime is how long requests under way may take to end when the server
	// stops.
	DrainTime = 5 * time.Second
)

// Serve serves the API on a listener until ctx ends. Then event streams are
// ended, requests under way get [DrainTime] to end, after which they are cut off,
// and the listener is closed. The error is nil when it ends because ctx did.
func (a *API) Serve(ctx context.Context, l net.Listener) error {
	return serveUntil(ctx, l, a, a.log, a.Close)
}

// serveUntil serves until ctx ends. Then stopping is called, so that what would go on
// for ever ends.
func serveUntil(ctx context.Context, l net.Listener, handler http.Handler, log *slog.Logger, stopping func()) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: answerTime,
		IdleTimeout: idleTime, MaxHeaderBytes: maxHeaders,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	stopping()
	draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), DrainTime)
	defer cancel()
	if err := server.Shutdown(draining); err != nil {
		log.WarnContext(ctx, "requests did not end in time and are cut off", "error", err)
		_ = server.Close()
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
