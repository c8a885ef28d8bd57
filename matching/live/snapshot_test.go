package live_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/live"
)

// history is that of facts which know their own stamps.
type history struct {
	mu    sync.Mutex
	made  int
	known map[string]bool
	err   error
}

func (h *history) StampHistory(context.Context) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.made++
	stamp := fmt.Sprint("stamp-", h.made)
	if h.known == nil {
		h.known = map[string]bool{}
	}
	h.known[stamp] = true
	return stamp, h.err
}

func (h *history) HasStamp(_ context.Context, stamp string) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.known[stamp], h.err
}

// follow follows for a time of a bubble's clock.
func follow(t *testing.T, x *live.Index, during time.Duration) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), during)
	defer stop()
	x.Follow(ctx, time.Second)
}

func inDir(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	return files
}

func TestAStartGoesOnFromTheSnapshot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dir, h, f := filepath.Join(t.TempDir(), "index"), &history{}, &feed{}
		f.change(volunteer("near", 1), volunteer("far", 9))
		first := live.New(f, aid.DefaultOfferLimits(), quiet(), live.KeptIn(dir, h))
		follow(t, first, 5*time.Second)
		require.Equal(t, 1, h.made, "saved once loaded")
		require.Len(t, inDir(t, dir), 1)
		info, err := os.Stat(inDir(t, dir)[0])
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "it says where people live")

		gone := volunteer("near", 1)
		gone.Active = false
		f.change(gone, volunteer("nearer", 0.5))
		second := live.New(f, aid.DefaultOfferLimits(), quiet(), live.KeptIn(dir, h))
		ids, known := picked(t, second, 2)
		require.Equal(t, []aid.VolunteerID{"nearer", "far"}, ids)
		require.Equal(t, 2, known)
		require.Equal(t, 1, f.loads, "everybody is read once in two lives")

		follow(t, second, 9*time.Minute)
		require.Equal(t, 1, h.made, "not yet due")
		follow(t, second, 2*time.Minute)
		require.Equal(t, 2, h.made, "saved now and then")
		require.Equal(t, []string{filepath.Join(dir, "volunteers-stamp-2.snapshot")}, inDir(t, dir), "in place of the one before")
		follow(t, second, time.Hour)
		require.Equal(t, 2, h.made, "but not when nothing changed")
	})
}

func TestASnapshotThatCannotBeTrustedMeansAWholeLoad(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(t *testing.T, path string, h *history){
		"damaged": func(t *testing.T, path string, _ *history) {
			b, err := os.ReadFile(path)
			require.NoError(t, err)
			b[len(b)/2]++
			require.NoError(t, os.WriteFile(path, b, 0o600))
		},
		"cut off":  func(t *testing.T, path string, _ *history) { require.NoError(t, os.Truncate(path, 40)) },
		"foreign":  func(_ *testing.T, _ string, h *history) { h.known = nil },
		"unjudged": func(_ *testing.T, _ string, h *history) { h.err = errors.New("connection lost") },
		"renamed": func(t *testing.T, path string, _ *history) {
			require.NoError(t, os.Rename(path, filepath.Join(filepath.Dir(path), "volunteers-other.snapshot")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				dir, h, f := t.TempDir(), &history{}, &feed{}
				f.change(volunteer("a", 1), volunteer("b", 2))
				follow(t, live.New(f, aid.DefaultOfferLimits(), quiet(), live.KeptIn(dir, h)), time.Second)
				spoil(t, inDir(t, dir)[0], h)

				var log strings.Builder
				x := live.New(f, aid.DefaultOfferLimits(), slog.New(slog.NewTextHandler(&log, nil)), live.KeptIn(dir, h))
				_, known := picked(t, x, 1)
				require.Equal(t, 2, known)
				require.Equal(t, 2, f.loads)
				require.Contains(t, log.String(), "snapshot of the index")
			})
		})
	}
}

func TestASnapshotThatCannotBeSavedStopsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, h := &feed{}, &history{err: errors.New("connection lost")}
		f.change(volunteer("a", 1))
		var log strings.Builder
		x := live.New(f, aid.DefaultOfferLimits(), slog.New(slog.NewTextHandler(&log, nil)), live.KeptIn(t.TempDir(), h))
		follow(t, x, 5*time.Minute)
		require.Equal(t, 1, strings.Count(log.String(), "index not saved"), "said once, and tried again when the next is due")
		follow(t, x, 10*time.Minute)
		require.Equal(t, 2, strings.Count(log.String(), "index not saved"))
		_, known := picked(t, x, 1)
		require.Equal(t, 1, known)
	})
}
