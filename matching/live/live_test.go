package live_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/live"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// feed plays a change feed from a list of changes; a mark is a place in it.
type feed struct {
	mu      sync.Mutex
	changes []aid.Candidate
	loads   int   // whole loads so far
	told    []int // how many candidates each call told
	cut     int   // the next call fails after telling that many, if positive
	called  chan struct{}
}

var errCut = errors.New("connection lost")

func (f *feed) change(all ...aid.Candidate) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.changes = append(f.changes, all...)
}

func (f *feed) Candidates(ctx context.Context, yield func(aid.Candidate) error) (aid.FeedMark, error) {
	f.mu.Lock()
	f.loads++
	f.mu.Unlock()
	return f.CandidatesSince(ctx, 0, yield)
}

func (f *feed) CandidatesSince(_ context.Context, mark aid.FeedMark, yield func(aid.Candidate) error) (aid.FeedMark, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.called != nil {
		defer func() { f.called <- struct{}{} }()
	}
	f.told = append(f.told, 0)
	for _, c := range f.changes[mark:] {
		if f.cut > 0 && f.told[len(f.told)-1] == f.cut {
			f.cut = 0
			return 0, errCut
		}
		if err := yield(c); err != nil {
			return 0, err
		}
		f.told[len(f.told)-1]++
	}
	return aid.FeedMark(len(f.changes)), nil
}

// volunteer lives km north of the place where help is asked for.
func volunteer(id aid.VolunteerID, km float64) aid.Candidate {
	return aid.Candidate{Volunteer: aid.Volunteer{
		ID: id, Name: "Private Name", Phone: "0451-5550100", Home: aid.Point{Lat: 45.75 + km/111.2, Lng: 126.65},
		Capacity: 1, MaxDistance: 20_000, Active: true,
	}}
}

func request(t *testing.T, id aid.RequestID, people int) *aid.HelpRequest {
	t.Helper()
	r, err := aid.OpenRequest(id, aid.Need{
		Beneficiary: "b-1", Location: aid.Point{Lat: 45.75, Lng: 126.65}, Category: "company",
		Roles: []aid.RequestRole{{Name: "companion", People: people}}, Urgency: aid.Routine,
		Window: aid.Window{StartsAt: noon.Add(time.Hour), EndsAt: noon.Add(3 * time.Hour)},
	}, "caseworker", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, noon)
	require.NoError(t, err)
	return r
}

// picked gives whom a round would ask, nearest first, and how many it knows.
func picked(t *testing.T, x *live.Index, people int) (ids []aid.VolunteerID, known int) {
	t.Helper()
	plan, known, err := x.Match(t.Context(), harbin, []*aid.HelpRequest{request(t, "r-1", people)}, everybody())
	require.NoError(t, err)
	for _, k := range plan.Picks {
		ids = append(ids, k.Volunteer)
	}
	return ids, known
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestItLoadsOnceAndThenFollows(t *testing.T) {
	t.Parallel()
	f := &feed{}
	f.change(volunteer("far", 9), volunteer("near", 1))
	x := live.New(f, aid.DefaultOfferLimits(), quiet())
	require.False(t, x.Loaded())

	ids, known := picked(t, x, 2)
	require.True(t, x.Loaded())
	require.Equal(t, []aid.VolunteerID{"near", "far"}, ids)
	require.Equal(t, 2, known)

	f.change(volunteer("nearest", 0.1))
	ids, known = picked(t, x, 1)
	require.Equal(t, []aid.VolunteerID{"nearest"}, ids)
	require.Equal(t, 3, known)

	require.NoError(t, x.Refresh(t.Context()))
	require.Equal(t, 1, f.loads, "everybody is read once only")
	require.Equal(t, []int{2, 1, 0}, f.told, "each change is read once")
}

func TestWhoIsBoundIsNotPicked(t *testing.T) {
	t.Parallel()
	f := &feed{}
	f.change(volunteer("near", 1), volunteer("far", 9))
	x := live.New(f, aid.DefaultOfferLimits(), quiet())
	ids, _ := picked(t, x, 1)
	require.Equal(t, []aid.VolunteerID{"near"}, ids)

	bound := volunteer("near", 1)
	bound.Bound = []aid.Window{{StartsAt: noon, EndsAt: noon.Add(4 * time.Hour)}}
	f.change(bound)
	ids, _ = picked(t, x, 1)
	require.Equal(t, []aid.VolunteerID{"far"}, ids)

	f.change(volunteer("near", 1))
	ids, _ = picked(t, x, 1)
	require.Equal(t, []aid.VolunteerID{"near"}, ids, "and is again once free")
}

func TestInactiveVolunteersAreDropped(t *testing.T) {
	t.Parallel()
	left := volunteer("left", 1)
	left.Active = false
	f := &feed{}
	f.change(left, volunteer("stays", 9))
	x := live.New(f, aid.DefaultOfferLimits(), quiet())
	ids, known := picked(t, x, 2)
	require.Equal(t, []aid.VolunteerID{"stays"}, ids)
	require.Equal(t, 1, known)

	leaves := volunteer("stays", 9)
	leaves.Active = false
	f.change(leaves, volunteer("left", 1))
	ids, known = picked(t, x, 2)
	require.Equal(t, []aid.VolunteerID{"left"}, ids)
	require.Equal(t, 1, known)
}

func TestABadRecordIsLeftOutAndNobodyElse(t *testing.T) {
	t.Parallel()
	nowhere := volunteer("nowhere", 1)
	nowhere.Home = aid.Point{Lat: 120, Lng: 45}
	f := &feed{}
	f.change(nowhere, volunteer("sound", 2))
	var log strings.Builder
	x := live.New(f, aid.DefaultOfferLimits(), slog.New(slog.NewTextHandler(&log, nil)))
	ids, known := picked(t, x, 2)
	require.Equal(t, []aid.VolunteerID{"sound"}, ids)
	require.Equal(t, 1, known)
	require.Contains(t, log.String(), "nowhere", "the log names who must be mended")
	require.NotContains(t, log.String(), "Private Name")
	require.NotContains(t, log.String(), "5550100")

	spoilt := volunteer("sound", 2)
	spoilt.Home = aid.Point{Lat: 120, Lng: 45}
	f.change(spoilt)
	_, known = picked(t, x, 2)
	require.Zero(t, known, "who became unsound is not asked on what they were")
}

func TestAFeedThatBreaksOffIsReadAgainFromTheSameMark(t *testing.T) {
	t.Parallel()
	f := &feed{cut: 1}
	f.change(volunteer("a", 1), volunteer("b", 2))
	x := live.New(f, aid.DefaultOfferLimits(), quiet())
	_, _, err := x.Match(t.Context(), harbin, nil, everybody())
	require.ErrorIs(t, err, errCut)
	require.False(t, x.Loaded(), "half a load would say of most people that there are none")

	_, known := picked(t, x, 1)
	require.Equal(t, 2, known)
	require.Equal(t, 2, f.loads, "half a load is no load")

	f.change(volunteer("c", 3), volunteer("d", 4))
	f.mu.Lock()
	f.cut = 1
	f.mu.Unlock()
	require.ErrorIs(t, x.Refresh(t.Context()), errCut)
	_, known = picked(t, x, 1)
	require.Equal(t, 4, known)
	require.Equal(t, 2, f.loads)
}

func TestFollowGoesOnAfterAnError(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	f := &feed{cut: 1, called: make(chan struct{})}
	f.change(volunteer("a", 1), volunteer("b", 2))
	x := live.New(f, aid.DefaultOfferLimits(), quiet())
	ended := make(chan struct{})
	go func() { defer close(ended); x.Follow(ctx, time.Millisecond) }()
	for range 3 { // one that breaks off, one that loads, one that follows
		<-f.called
	}
	stop()
	for open := true; open; {
		select {
		case <-f.called:
		case <-ended:
			open = false
		}
	}
	f.mu.Lock()
	f.called = nil
	f.mu.Unlock()
	_, known := picked(t, x, 1)
	require.Equal(t, 2, known)
	require.Equal(t, 2, f.loads)
}

func TestReadersShareTheIndexWithTheFeed(t *testing.T) {
	t.Parallel()
	f := &feed{}
	x := live.New(f, aid.DefaultOfferLimits(), quiet())
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for j := range 20 {
				f.change(volunteer(aid.VolunteerID(fmt.Sprintf("v-%d-%d", i, j)), float64(j)/2))
				_, _, err := x.Match(t.Context(), harbin, []*aid.HelpRequest{request(t, "r-1", 3)}, everybody())
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	_, known := picked(t, x, 1)
	require.Equal(t, 80, known)
	require.Equal(t, 1, f.loads)
}

// TestWhoRestsComesBackByTheClockAlone: nothing is told between the two rounds.
func TestWhoRestsComesBackByTheClockAlone(t *testing.T) {
	t.Parallel()
	near := volunteer("near", 1)
	near.Budget = aid.Budget{Recent: []time.Time{noon.Add(-time.Hour), noon.Add(-2 * time.Hour)}}
	f := &feed{}
	f.change(near, volunteer("far", 9))
	x := live.New(f, aid.OfferLimits{Pending: 1, Weekly: 2}, quiet())
	now := noon
	x.Now = func() time.Time { return now }
	ids, _ := picked(t, x, 1)
	require.Equal(t, []aid.VolunteerID{"far"}, ids)

	now = noon.Add(-2 * time.Hour).Add(aid.Week)
	ids, _ = picked(t, x, 1)
	require.Equal(t, []aid.VolunteerID{"near"}, ids)
	require.Equal(t, []int{2, 0}, f.told)
}

// TestARequestWaitsForThoseWhoRest and is not given up while somebody will be
// back before its window ends.
func TestARequestWaitsForThoseWhoRest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		budget aid.Budget
		waits  bool
	}{
		"back in time":           {aid.Budget{Declined: noon}, true},
		"has to answer first":    {aid.Budget{Pending: 5}, true},
		"back too late":          {aid.Budget{Parks: []aid.Park{{Kind: aid.ParkBusy, Until: noon.Add(4 * time.Hour)}}}, false},
		"does not do that":       {aid.Budget{Parks: []aid.Park{{Kind: aid.ParkNotComfortable, Category: "company"}}}, false},
		"does something else no": {aid.Budget{Parks: []aid.Park{{Kind: aid.ParkNotComfortable, Category: "bathing"}}, Declined: noon}, true},
	} {
		only := volunteer("only", 1)
		only.Budget = c.budget
		f := &feed{}
		f.change(only)
		x := live.New(f, aid.DefaultOfferLimits(), quiet())
		x.Now = func() time.Time { return noon }
		plan, _, err := x.Match(t.Context(), harbin, []*aid.HelpRequest{request(t, "r-1", 1)}, everybody())
		require.NoError(t, err)
		require.Empty(t, plan.Picks, name)
		require.Equal(t, 1, plan.Open[0].Reasons.Resting+plan.Open[0].Reasons.Parked, name)
		require.Equal(t, c.waits, len(plan.Unmatchable()) == 0, name)
	}
}

// everybody asks all at once, however far they live.
func everybody() aid.SearchPolicy {
	p := aid.DefaultSearchPolicy()
	p.Stay = nil
	return p
}
