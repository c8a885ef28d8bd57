package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
)

func TestOfAHundredWhoAcceptAtOnceOneGetsTheSeat(t *testing.T) {
	t.Parallel()
	const n = 100
	w := newWorld(t)
	ids := w.volunteers(n)
	w.request("r1", w.need(1, 3))
	w.ask("r1", n, ids...)
	var won atomic.Int32
	var all sync.WaitGroup
	for _, v := range ids {
		all.Go(func() {
			switch err := w.accept(t.Context(), "r1", v); {
			case err == nil:
				won.Add(1)
			case aid.KindOf(err) != aid.Conflict || aid.ReasonOf(err) != aid.ReasonSeatTaken:
				t.Errorf("%s: %v", v, err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, won.Load())
	r := w.read("r1")
	require.NoError(t, r.Check())
	require.Equal(t, aid.RequestPaired, r.Status)
	require.Equal(t, 1, w.count("SELECT sum(load) FROM volunteers"))
	require.Equal(t, 1, w.count("SELECT count(*) FROM reservations"))
	w.sound()
}

func TestAChangeSeesTheOneBeforeAndALaterClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(2)
	w.request("r1", w.need(2, 3))
	w.ask("r1", 1, "v000", "v001")
	watch := w.connect()
	decline := func(v aid.VolunteerID, at *time.Time, meanwhile func()) error {
		_, err := w.Change(t.Context(), "r1", func(r *aid.HelpRequest, now time.Time) error {
			*at = now
			meanwhile()
			return r.Decline(offerID("r1", v), v, aid.Refusal{Reason: "busy"}, "", now)
		})
		return err
	}
	var first, committing, second time.Time
	var later errgroup.Group
	require.NoError(t, decline("v000", &first, func() {
		later.Go(func() error { return decline("v001", &second, func() {}) })
		eventually(t, "the second change waits", func() bool { return waitsForLock(t, watch) })
		require.NoError(t, watch.QueryRow(t.Context(), "SELECT clock_timestamp()").Scan(&committing))
	}))
	require.NoError(t, later.Wait())
	require.True(t, second.After(committing), "the clock is read once the lock is held")
	require.True(t, committing.After(first))
	require.Equal(t, aid.RequestOpen, w.read("r1").Status, "both declined, so nobody is being asked")
	w.sound()
}

func TestReadersNeverSeeAChangeHalfDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 1)
	w.request("r1", w.need(1, 3))
	ctx, stop := context.WithCancel(t.Context())
	var readers errgroup.Group
	for _, read := range []func() ([]*aid.HelpRequest, error){
		func() ([]*aid.HelpRequest, error) {
			r, err := w.Request(t.Context(), "r1")
			return []*aid.HelpRequest{r}, err
		},
		func() ([]*aid.HelpRequest, error) { return w.SeekingRequests(t.Context(), shard) },
		func() ([]*aid.HelpRequest, error) {
			page, err := w.Requests(t.Context(), aid.RequestFilter{Areas: []aid.AreaPath{harbin.Path}}, aid.Page{Limit: 5})
			return page.Items, err
		},
	} {
		readers.Go(func() error {
			for ctx.Err() == nil {
				found, err := read()
				if err != nil {
					return err
				}
				if len(found) != 1 {
					return fmt.Errorf("%d requests", len(found))
				}
				if err := found[0].Check(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for i := range 150 { // the volunteer is asked, and what asked them is called back
		chosen := picks("r1", "v")
		chosen[0].Offer += aid.OfferID(fmt.Sprint(i))
		made, _, err := w.MakeOffers(t.Context(), "round", "r1", chosen, asking(1))
		require.NoError(t, err)
		require.Len(t, made, 1)
		require.NoError(t, w.callBack("r1"))
	}
	stop()
	require.NoError(t, readers.Wait())
}

// callBack revokes what is pending, so that the same people can be asked again.
func (w *world) callBack(id aid.RequestID) error {
	_, err := w.Change(w.t.Context(), id, func(r *aid.HelpRequest, now time.Time) error {
		for i := range r.Offers {
			if o := &r.Offers[i]; o.Status == aid.OfferPending {
				o.Status, o.AnsweredAt = aid.OfferRevoked, now
			}
		}
		r.Status = aid.RequestOpen
		return nil
	})
	return err
}

func TestTwoRequestsAtOneTimeGetAVolunteerOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 20 {
		v := aid.VolunteerID(fmt.Sprintf("both%d", i))
		w.volunteer(v, 2)
		first, second := aid.RequestID(fmt.Sprintf("a%d", i)), aid.RequestID(fmt.Sprintf("b%d", i))
		w.request(first, w.need(1, 3))
		w.request(second, w.need(1, 3))
		made := w.race([]aid.RequestID{first, second}, v)
		require.Equal(t, 1, made)
	}
	w.sound()
}

func TestManyRequestsDoNotExceedACapacity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 3)
	var requests []aid.RequestID
	for i := range 12 {
		id := aid.RequestID(fmt.Sprintf("r%d", i))
		w.request(id, w.need(1, 3+i))
		requests = append(requests, id)
	}
	require.Equal(t, 3, w.race(requests, "v"))
	require.Equal(t, 3, w.count("SELECT load FROM volunteers WHERE id = 'v'"))
	w.sound()
}

// race makes offers of all requests to one volunteer at once and counts those made.
func (w *world) race(requests []aid.RequestID, v aid.VolunteerID) int {
	w.t.Helper()
	var made atomic.Int32
	var all errgroup.Group
	for _, id := range requests {
		all.Go(func() error {
			offers, refused, err := w.MakeOffers(w.t.Context(), "round", id, picks(id, v), asking(1))
			if len(offers)+len(refused) != 1 {
				err = errors.Join(err, fmt.Errorf("%s: %d offers and %d refused", id, len(offers), len(refused)))
			}
			made.Add(int32(len(offers)))
			return err
		})
	}
	require.NoError(w.t, all.Wait())
	return int(made.Load())
}

// The requests of this test want the same few people in ever other orders, which
// would end in deadlocks if volunteers were locked as they come.
func TestRequestsThatShareVolunteersNeverLockEachOtherOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.volunteers(12)
	for i := range 8 {
		w.request(aid.RequestID(fmt.Sprintf("r%d", i)), w.need(6, 3))
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var all errgroup.Group
	for i := range 8 {
		id := aid.RequestID(fmt.Sprintf("r%d", i))
		random := rand.New(rand.NewPCG(1, uint64(i)))
		all.Go(func() error {
			for step := range 12 {
				chosen := slices.Clone(ids)
				random.Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
				all := picks(id, chosen...)
				for i := range all {
					all[i].Offer += aid.OfferID(fmt.Sprintf("-%d", step))
				}
				made, _, err := w.MakeOffers(ctx, "round", id, all, asking(2))
				if err != nil {
					return err
				}
				_, err = w.Change(ctx, id, func(r *aid.HelpRequest, now time.Time) error {
					for _, o := range made {
						if o.Volunteer[3]%2 == 0 {
							if err := r.Decline(o.ID, o.Volunteer, aid.Refusal{Reason: "busy"}, "", now); err != nil {
								return err
							}
						}
					}
					r.ExpireOffers(now.Add(24 * time.Hour))
					return nil
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, all.Wait())
	require.Zero(t, w.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
	w.sound()
}

// TestAnImportLocksVolunteersByID: a file that changes one volunteer's record and
// another's courses waits for the first of them before it holds the second.
func TestAnImportLocksVolunteersByID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range []aid.VolunteerID{"a", "b"} {
		w.volunteer(id, 2)
	}
	trained, err := w.Volunteer(t.Context(), "a")
	require.NoError(t, err)
	trained.Courses = []aid.CourseHeld{{Course: "basics"}}
	moved, err := w.Volunteer(t.Context(), "b")
	require.NoError(t, err)
	moved.Home.Lat++

	other := w.connect()
	tx, err := other.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), "SELECT FROM volunteers WHERE id = 'a' FOR NO KEY UPDATE")
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() {
		_, err := w.ImportVolunteers(t.Context(), harbin.ID, file(nil, moved, trained), postgres.ImportWatch{})
		done <- err
	}()
	eventually(t, "the import waits for a lock", func() bool {
		return w.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 1
	})
	_, err = tx.Exec(t.Context(), "SELECT FROM volunteers WHERE id = 'b' FOR NO KEY UPDATE NOWAIT")
	require.NoError(t, err, "it holds nobody while it waits for somebody who comes before")
	require.NoError(t, tx.Commit(t.Context()))
	require.NoError(t, <-done)
	require.Equal(t, int64(2), w.version("a"))
	require.Equal(t, int64(2), w.version("b"))
}

// TestImportsOfOneFileAtOnceAddEachRowOnce: one of them writes, the others find
// what it wrote.
func TestImportsOfOneFileAtOnceAddEachRowOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const imports, rows = 4, 200
	many := make([]postgres.RequestRow, rows)
	for i := range many {
		many[i] = postgres.RequestRow{ID: aid.RequestID(fmt.Sprintf("r%03d", i)), Need: w.need(1, 3), Cell: 7, Shard: shard}
	}
	counts := make([]postgres.ImportCount, imports)
	var all errgroup.Group
	for i := range imports {
		all.Go(func() (err error) {
			counts[i], err = w.ImportRequests(t.Context(), harbin.ID, "c1", file(nil, many...), postgres.ImportWatch{})
			return err
		})
	}
	require.NoError(t, all.Wait())
	var sum postgres.ImportCount
	for _, c := range counts {
		sum.Added, sum.Unchanged = sum.Added+c.Added, sum.Unchanged+c.Unchanged
	}
	require.Equal(t, postgres.ImportCount{Added: rows, Unchanged: (imports - 1) * rows}, sum)
	require.Equal(t, rows, w.count("SELECT count(*) FROM outbox"))
}
