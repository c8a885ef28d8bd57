package app

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
)

// EventLog reads the stream of all events. EventsAfter gives those that follow
// the one with number seq, 0 for the beginning; an entry is handed out only once
// none can appear before it any more. LastEvent is the number of the last one.
type EventLog interface {
	EventsAfter(ctx context.Context, seq int64, limit int) ([]aid.Entry, error)
	LastEvent(ctx context.Context) (int64, error)
}

const (
	recentEvents = 4096 // entries kept in memory; who is further behind reads from the log
	eventBatch   = 200
	eventPoll    = time.Second // should a wake-up get lost
)

// Events is the tail of the stream for everybody who watches. One reader
// follows the log and keeps the recent entries; watchers hold nothing but their
// place, the number of the last entry they saw, so that a slow one costs no
// memory and loses no entry. Numbers do not rise along the stream: a place is
// found by the entry that has it.
//
//	log ──► Run ──► recent entries ──► Next(place) ──► each watcher
//	 └───────────────────────────────────┘ for places further back
type Events struct {
	Log EventLog

	mu     sync.Mutex
	recent []aid.Entry   // in the order of the stream
	before int64         // number of the entry before the first of recent
	grown  chan struct{} // closed when there is more to see
	begun  bool          // before and recent are known
}

// Run follows the log until ctx ends. It looks whenever wake has something, and
// every second. It must run for Next to see anything new.
func (u *Events) Run(ctx context.Context, wake <-chan struct{}, log *slog.Logger) {
	poll := time.NewTicker(eventPoll)
	defer poll.Stop()
	for {
		if err := u.follow(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "the event stream is behind", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case _, open := <-wake:
			if !open {
				wake = nil
			}
		case <-poll.C:
		}
	}
}

// follow takes over what is new in the log.
func (u *Events) follow(ctx context.Context) error {
	place, begun := u.last()
	if !begun {
		last, err := u.Log.LastEvent(ctx)
		if err != nil {
			return err
		}
		u.begin(last)
		place = last
	}
	for {
		entries, err := u.Log.EventsAfter(ctx, place, eventBatch)
		if err != nil || len(entries) == 0 {
			return err
		}
		place = entries[len(entries)-1].Seq
		u.keep(entries)
	}
}

func (u *Events) begin(place int64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.begun, u.before = true, place
	u.tell()
}

// keep appends entries. Slices of recent that were handed out stay as they are:
// elements are never changed, and what is dropped is left behind by a copy.
func (u *Events) keep(entries []aid.Entry) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.recent = append(u.recent, entries...)
	if drop := len(u.recent) - recentEvents; drop > 0 {
		u.before = u.recent[drop-1].Seq
		u.recent = slices.Clone(u.recent[drop:])
	}
	u.tell()
}

// tell wakes everybody who waits. The lock must be held.
func (u *Events) tell() {
	if u.grown != nil {
		close(u.grown)
		u.grown = nil
	}
}

func (u *Events) last() (place int64, begun bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if n := len(u.recent); n > 0 {
		return u.recent[n-1].Seq, u.begun
	}
	return u.before, u.begun
}

// Place gives the place of the last event, where a new watcher begins.
func (u *Events) Place(ctx context.Context, by Caller) (int64, error) {
	if err := policy.Allow(by.Account, policy.WatchEvents, policy.Resource{}); err != nil {
		return 0, err
	}
	return u.Log.LastEvent(ctx) // what is kept here may be a moment behind
}

// Next waits until there is something after the place and gives the entries
// that the caller may see, with the place that was reached. There may be none:
// then everything up to that place was not for them. It fails when ctx ends.
func (u *Events) Next(ctx context.Context, by Caller, place int64) (seen []aid.Entry, reached int64, err error) {
	if err := policy.Allow(by.Account, policy.WatchEvents, policy.Resource{}); err != nil {
		return nil, place, err
	}
	entries, err := u.since(ctx, place)
	if err != nil {
		return nil, place, err
	}
	for _, e := range entries {
		if policy.Allows(by.Account, policy.SeeEvent, policy.Resource{Area: e.AreaPath, Volunteer: e.Volunteer}) {
			if by.Role == aid.RoleVolunteer {
				if e.Kind.Internal() {
					continue
				}
				e.Actor = "" // who else acted is not theirs to know
			}
			seen = append(seen, e)
		}
	}
	return seen, entries[len(entries)-1].Seq, nil
}

// since waits for at least one entry after the place.
func (u *Events) since(ctx context.Context, place int64) ([]aid.Entry, error) {
	for {
		found, known, grown := u.recentAfter(place)
		if !known {
			var err error
			if found, err = u.Log.EventsAfter(ctx, place, eventBatch); err != nil {
				return nil, err
			}
		}
		if len(found) > 0 {
			return found, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-grown:
		}
	}
}

// recentAfter gives a batch of the recent entries after a place, unless the
// place lies further back, and a channel that is closed once there are more.
func (u *Events) recentAfter(place int64) (entries []aid.Entry, known bool, grown <-chan struct{}) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.grown == nil {
		u.grown = make(chan struct{})
	}
	if !u.begun {
		return nil, false, u.grown
	}
	from, found := 0, place == u.before
	for i := len(u.recent); i > 0 && !found; i-- { // from the end, since most watchers are near it
		from, found = i, u.recent[i-1].Seq == place
	}
	if !found {
		return nil, false, u.grown
	}
	return u.recent[from:min(len(u.recent), from+eventBatch)], true, u.grown
}
