package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// frail is a service that ends and comes back when a test says so. It is used
// from one goroutine.
type frail struct {
	done     chan struct{}
	began    time.Time
	failures int             // restarts that fail first
	restarts []time.Duration // since began
	back     func()          // called when a restart went well
}

func (f *frail) Done() <-chan struct{} { return f.done }
func (f *frail) LogFile() string       { return "service.log" }

func (f *frail) Err() error {
	select {
	case <-f.done:
		return errors.New("killed")
	default:
		return nil
	}
}

func (f *frail) Restart(context.Context) error {
	f.restarts = append(f.restarts, time.Since(f.began))
	if len(f.restarts) <= f.failures {
		return errors.New("no room")
	}
	f.done = make(chan struct{})
	f.back()
	return nil
}

func TestAServiceThatEndsIsStartedAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		f := &frail{done: make(chan struct{}), began: time.Now(), failures: 8}
		ends := 2
		f.back = func() {
			if ends--; ends == 0 {
				stop()
				return
			}
			close(f.done) // it ends again at once
		}
		close(f.done)
		keepUp(ctx, "service", f, slog.New(slog.DiscardHandler))
		s := time.Second
		require.Equal(t, []time.Duration{
			s / 2, 3 * s / 2, 7 * s / 2, 15 * s / 2, 31 * s / 2, 63 * s / 2, 123 * s / 2, 183 * s / 2, 243 * s / 2, 244 * s / 2,
		}, f.restarts, "pauses double up to half a minute, and begin anew once it was back")
	})
}

func TestAServiceIsLetGoWithTheRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for name, ended := range map[string]bool{"running": false, "ended": true} {
			f := &frail{done: make(chan struct{}), began: time.Now()}
			if ended {
				close(f.done)
			}
			ctx, stop := context.WithCancel(t.Context())
			kept := make(chan struct{})
			go func() {
				keepUp(ctx, "service", f, slog.New(slog.DiscardHandler))
				close(kept)
			}()
			synctest.Wait()
			stop()
			<-kept
			require.Empty(t, f.restarts, name)
		}
	})
}
