// Package live keeps an index of volunteers in step with the facts. The index is
// a cache: it decides whom to look at, never who gets a seat, since the
// transaction that reserves decides that.
//
// An [Index] is loaded whole once, or read from a snapshot, and then follows a
// change feed. It keeps the last solved rounds of some shards, on which the next
// ones go on, in at most 256 MB. It is safe for concurrent use.
package live

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/index"
)

// Feed tells of volunteers. A mark is a place in the feed: what changes after
// it was given out is told again from there, some of it perhaps twice.
// Volunteers who are not active are told too, so that they can be dropped.
type Feed interface {
	Candidates(ctx context.Context, yield func(aid.Candidate) error) (mark aid.FeedMark, err error)
	CandidatesSince(ctx context.Context, mark aid.FeedMark, yield func(aid.Candidate) error) (aid.FeedMark, error)
}

// Index is the index of all active volunteers.
type Index struct {
	// Now is the clock by which volunteers rest; it is set before the first use.
	Now func() time.Time

	feed     Feed
	defaults aid.OfferLimits
	log      *slog.Logger

	mu     sync.Mutex // one refresh at a time
	loaded atomic.Bool
	mark   aid.FeedMark
	index  *index.Index

	snapshots *snapshots // nil: none are kept
	shelf     shelf
}

// Option is something that an index does beyond the usual.
type Option func(*Index)

// New makes an index that is loaded when it is first asked. defaults are the
// limits of volunteers who say nothing else.
func New(feed Feed, defaults aid.OfferLimits, log *slog.Logger, options ...Option) *Index {
	x := &Index{Now: time.Now, feed: feed, defaults: defaults, log: log, index: index.New(), shelf: shelf{most: keptBytes}}
	for _, o := range options {
		o(x)
	}
	return x
}

// Refresh brings the index up to date: everything that was committed before the
// call is in it afterwards. The first call reads a snapshot, if one is kept, or
// loads every volunteer.
func (x *Index) Refresh(ctx context.Context) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.loaded.Load() {
		return x.catchUp(ctx)
	}
	if err := x.begin(ctx); err != nil {
		return err
	}
	x.loaded.Store(true)
	return nil
}

// begin fills an index of which nothing is known.
func (x *Index) begin(ctx context.Context) error {
	if x.snapshots != nil {
		if mark, ok := x.snapshots.reopen(ctx, x); ok {
			x.mark = mark
			return x.catchUp(ctx)
		}
	}
	return x.load(ctx)
}

// catchUp takes in what has changed since the mark.
func (x *Index) catchUp(ctx context.Context) error {
	mark, err := x.feed.CandidatesSince(ctx, x.mark, func(c aid.Candidate) error {
		x.take(c, x.index)
		return nil
	})
	if err == nil {
		x.mark = mark
	}
	return err
}

// load takes every volunteer in at once; half a load is none.
func (x *Index) load(ctx context.Context) error {
	began := time.Now()
	err := x.index.Load(func(l *index.Loader) error {
		mark, err := x.feed.Candidates(ctx, func(c aid.Candidate) error {
			x.take(c, l)
			return nil
		})
		x.mark = mark
		return err
	})
	if err != nil {
		return err
	}
	x.log.InfoContext(ctx, "index loaded", "volunteers", x.index.Len(), "seconds", time.Since(began).Seconds())
	return nil
}

// people is where volunteers are put: the index, or a load of it.
type people interface {
	Upsert(index.Volunteer) error
	Remove(aid.VolunteerID) bool
}

// take puts one volunteer in, or drops one. A record that the index refuses is
// left out and logged, so that one bad row stops nobody else's help.
func (x *Index) take(c aid.Candidate, to people) {
	if !c.Active {
		to.Remove(c.ID)
		return
	}
	if err := to.Upsert(index.Of(c, x.defaults)); err != nil {
		to.Remove(c.ID)
		x.log.Error("volunteer cannot be matched", "volunteer", c.ID, "error", err)
	}
}

// Follow refreshes the index until ctx ends, so that rounds find little to do, and
// saves it now and then if snapshots are kept. One may follow at a time.
func (x *Index) Follow(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		err := x.Refresh(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			x.log.WarnContext(ctx, "index not refreshed", "error", err)
		case err == nil && x.snapshots != nil:
			x.snapshots.keep(ctx, x)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Volunteers is the index itself, for questions about single people.
func (x *Index) Volunteers() *index.Index { return x.index }

// Loaded tells whether every volunteer has been taken in once.
func (x *Index) Loaded() bool { return x.loaded.Load() }
