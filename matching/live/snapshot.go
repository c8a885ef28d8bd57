package live

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/linli/linli/aid"
)

// History tells whether facts are those that a snapshot was taken of. Marks of
// the feed mean nothing in another database, or in this one after it was put back
// to an earlier state.
type History interface {
	// StampHistory names what has happened to the facts so far. The stamp fits
	// into the name of a file.
	StampHistory(ctx context.Context) (stamp string, err error)
	// HasStamp tells whether these facts have come about from those stamped. A
	// stamp of long ago may be forgotten.
	HasStamp(ctx context.Context, stamp string) (bool, error)
}

// saveEvery is the time between two snapshots while volunteers change.
const saveEvery = 10 * time.Minute

// snapshots keeps the index in a directory across starts. The stamp is in the name
// of the file, which is there whole or not at all.
type snapshots struct {
	dir     string
	history History
	log     *slog.Logger

	saved time.Time // last, or taken over
	mark  aid.FeedMark
}

const (
	snapshotPrefix = "volunteers-"
	snapshotSuffix = ".snapshot"
)

// KeptIn has the index saved in a directory of its own, and read from there before
// everybody would be loaded.
func KeptIn(dir string, h History) Option {
	return func(x *Index) { x.snapshots = &snapshots{dir: dir, history: h, log: x.log} }
}

// reopen reads the snapshot, if there is one of these facts, and gives its mark.
// Whatever is wrong with it is logged; then everybody is to be loaded.
func (s *snapshots) reopen(ctx context.Context, x *Index) (mark aid.FeedMark, ok bool) {
	began := time.Now()
	files, err := filepath.Glob(filepath.Join(s.dir, snapshotPrefix+"*"+snapshotSuffix))
	if err != nil {
		s.log.WarnContext(ctx, "index directory cannot be read", "error", err)
	}
	for _, path := range files {
		stamp := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), snapshotPrefix), snapshotSuffix)
		switch known, err := s.history.HasStamp(ctx, stamp); {
		case err != nil:
			s.log.WarnContext(ctx, "snapshot of the index cannot be judged", "file", path, "error", err)
			continue
		case !known:
			s.log.WarnContext(ctx, "snapshot of the index is too old or of another database, and is left aside", "file", path)
			continue
		}
		at, err := x.index.Open(path)
		if err != nil {
			s.log.WarnContext(ctx, "snapshot of the index cannot be used", "file", path, "error", err)
			continue
		}
		s.saved, s.mark = time.Now(), aid.FeedMark(at)
		s.log.InfoContext(ctx, "index read from its snapshot", "volunteers", x.index.Len(), "seconds", time.Since(began).Seconds())
		return s.mark, true
	}
	return 0, false
}

// keep saves the index if that is due.
func (s *snapshots) keep(ctx context.Context, x *Index) {
	x.mu.Lock()
	mark := x.mark
	x.mu.Unlock()
	if mark == s.mark || !s.saved.IsZero() && time.Since(s.saved) < saveEvery {
		return
	}
	s.saved = time.Now() // what fails is tried again when the next is due
	if err := s.save(ctx, x); err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "index not saved", "error", err)
	}
}

// save writes a snapshot and removes those before it. The stamp is made after
// everything in the index was read, so that facts with the stamp have all of it.
func (s *snapshots) save(ctx context.Context, x *Index) error {
	x.mu.Lock()
	stamp, err := s.history.StampHistory(ctx)
	mark := x.mark
	frozen := x.index.Snapshot(int64(mark))
	x.mu.Unlock()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	path := filepath.Join(s.dir, snapshotPrefix+stamp+snapshotSuffix)
	if err := frozen.Save(path); err != nil {
		return err
	}
	s.mark = mark
	old, err := filepath.Glob(filepath.Join(s.dir, snapshotPrefix+"*"+snapshotSuffix+"*"))
	for _, name := range old {
		if name != path {
			err = errors.Join(err, os.Remove(name))
		}
	}
	return err
}
