package postgres_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// limited asks one person a seat, everybody within limits.
func limited(l aid.OfferLimits) aid.SearchPolicy {
	p := aid.DefaultSearchPolicy()
	p.Limits = l
	return p
}

var roomy = aid.OfferLimits{Pending: 20, Weekly: 100}

// try makes an offer for a request of its own and tells whether it was made.
func (w *world) try(request aid.RequestID, v aid.VolunteerID, inHours int, l aid.OfferLimits) bool {
	w.t.Helper()
	w.request(request, w.need(1, inHours))
	made, refused, err := w.MakeOffers(w.t.Context(), "round-1", request, picks(request, v), limited(l))
	require.NoError(w.t, err)
	require.Equal(w.t, 1, len(made)+len(refused))
	return len(made) == 1
}

func (w *world) refuse(request aid.RequestID, v aid.VolunteerID, reason string) {
	w.t.Helper()
	_, err := w.Change(w.t.Context(), request, func(r *aid.HelpRequest, now time.Time) error {
		return r.Decline(offerID(request, v), v, aid.Refusal{Reason: reason}, "", now)
	})
	require.NoError(w.t, err)
}

// TestTheTransactionThatReservesKeepsTheBudget, whatever a round believed.
func TestTheTransactionThatReservesKeepsTheBudget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 20)
	l := aid.OfferLimits{Pending: 2, Weekly: 3, CoolDown: time.Hour}
	require.True(t, w.try("r1", "v", 3, l))
	require.True(t, w.try("r2", "v", 5, l))
	require.False(t, w.try("r3", "v", 7, l), "two wait")
	require.NoError(t, w.accept(t.Context(), "r1", "v"))
	require.True(t, w.try("r4", "v", 9, l), "what was accepted waits no more")
	w.refuse("r4", "v", "other")
	require.False(t, w.try("r5", "v", 11, aid.OfferLimits{Pending: 2, Weekly: 4, CoolDown: time.Hour}), "just declined")
	require.False(t, w.try("r6", "v", 13, aid.OfferLimits{Pending: 2, Weekly: 3}), "three in a week")
	require.NoError(t, w.sql("UPDATE offers SET made_at = made_at - interval '7 days'"))
	require.True(t, w.try("r7", "v", 15, aid.OfferLimits{Pending: 2, Weekly: 3}), "the week has passed")

	around := aid.QuietHours{From: minuteOf(w.now, -5), To: minuteOf(w.now, 60)}
	require.False(t, w.try("r8", "v", 17, aid.OfferLimits{Pending: 9, Weekly: 9, Quiet: around}), "a quiet hour")
	w.sound()
}

// minuteOf is the minute of the day some minutes from an instant, for people who say
// no zone.
func minuteOf(at time.Time, later int) int {
	at = aid.InZone(at, aid.DefaultZone).Add(time.Duration(later) * time.Minute)
	return at.Hour()*60 + at.Minute()
}

// TestARaceOfRoundsKeepsTheBudget: many rounds ask one person at once, and no
// more offers are made than they take.
func TestARaceOfRoundsKeepsTheBudget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 20)
	const rounds = 12
	for i := range rounds {
		w.request(raced(i), w.need(1, 3+2*i))
	}
	var all sync.WaitGroup
	errs := make([]error, rounds)
	for i := range rounds {
		all.Go(func() {
			_, _, errs[i] = w.MakeOffers(t.Context(), "round-1", raced(i), picks(raced(i), "v"), limited(aid.OfferLimits{Pending: 3, Weekly: 100}))
		})
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.Equal(t, 3, w.count("SELECT count(*) FROM offers WHERE status = 'pending'"))
	w.sound()
}

func raced(i int) aid.RequestID { return aid.RequestID("r" + string(rune('a'+i))) }

func TestLimitsAreKeptAndToldByTheFeed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 5)
	before, err := w.Volunteer(t.Context(), "v")
	require.NoError(t, err)
	known := map[aid.VolunteerID]aid.Candidate{}
	mark := w.follow(known, 0)
	require.Empty(t, known["v"].Budget)

	one, quiet, cool := 1, aid.QuietHours{From: 1320, To: 420}, 90*time.Minute
	want := aid.OwnLimits{Weekly: &one, Quiet: &quiet, CoolDown: &cool}
	own, err := w.ChangeLimits(t.Context(), "v", func(o *aid.OwnLimits) error { *o = want; return nil })
	require.NoError(t, err)
	require.Equal(t, want, own)
	mark = w.follow(known, mark)
	require.Empty(t, cmp.Diff(aid.Budget{Own: want}, known["v"].Budget))

	_, err = w.ChangeLimits(t.Context(), "v", func(o *aid.OwnLimits) error { o.Quiet = nil; return nil })
	require.NoError(t, err)
	b, err := w.Budget(t.Context(), "v")
	require.NoError(t, err)
	require.Equal(t, aid.OwnLimits{Weekly: &one, CoolDown: &cool}, b.Own)
	w.follow(known, mark)
	require.Nil(t, known["v"].Budget.Own.Quiet)

	after, err := w.Volunteer(t.Context(), "v")
	require.NoError(t, err)
	require.Equal(t, before.Version, after.Version, "the record is what it was")

	_, err = w.ChangeLimits(t.Context(), "nobody", func(*aid.OwnLimits) error { return nil })
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	_, err = w.Budget(t.Context(), "nobody")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}

// TestTheFeedTellsWhatCountsInABudget: an offer made, accepted, declined.
func TestTheFeedTellsWhatCountsInABudget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 5)
	known := map[aid.VolunteerID]aid.Candidate{}
	mark := w.follow(known, 0)
	require.True(t, w.try("r1", "v", 3, roomy))
	mark = w.follow(known, mark)
	require.Equal(t, 1, known["v"].Budget.Pending)
	require.Len(t, known["v"].Budget.Recent, 1)

	clear(known)
	require.NoError(t, w.accept(t.Context(), "r1", "v"))
	mark = w.follow(known, mark)
	require.Contains(t, known, aid.VolunteerID("v"), "accepting binds no more time, and is told all the same")
	require.Zero(t, known["v"].Budget.Pending)

	require.True(t, w.try("r2", "v", 5, roomy))
	w.refuse("r2", "v", "other")
	w.follow(known, mark)
	require.WithinDuration(t, w.read("r2").Offers[0].AnsweredAt, known["v"].Budget.Declined, time.Microsecond)
	require.Len(t, known["v"].Budget.Recent, 2)
	all := map[aid.VolunteerID]aid.Candidate{}
	w.follow(all, 0)
	require.Empty(t, cmp.Diff(known["v"], all["v"], asWritten), "both ways to read the feed tell the same")
}

// TestDecliningParksInTheSameTransaction, and lifting brings back.
func TestDecliningParksInTheSameTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 20)
	known := map[aid.VolunteerID]aid.Candidate{}
	mark := w.follow(known, 0)
	require.True(t, w.try("r1", "v", 3, roomy))
	w.refuse("r1", "v", "not_comfortable")
	mark = w.follow(known, mark)
	b, err := w.Budget(t.Context(), "v")
	require.NoError(t, err)
	require.Equal(t, []aid.Park{{Kind: aid.ParkNotComfortable, Category: "visit", Offer: offerID("r1", "v"), Since: b.Declined}}, b.Parks)
	require.Empty(t, cmp.Diff(b, known["v"].Budget, asWritten))
	require.False(t, w.try("r2", "v", 5, roomy), "the category is put off")

	require.NoError(t, w.LiftPark(t.Context(), "v", "not_comfortable.visit"))
	w.follow(known, mark)
	require.Empty(t, known["v"].Budget.Parks)
	require.True(t, w.try("r3", "v", 7, roomy))
	w.refuse("r3", "v", "too_far") // 120 m
	require.False(t, w.try("r4", "v", 9, roomy), "farther than 100 m")
	require.NoError(t, w.LiftPark(t.Context(), "v", "too_far.visit"))
	require.True(t, w.try("r5", "v", 11, roomy))
	w.refuse("r5", "v", "busy")
	require.False(t, w.try("r6", "v", 13, roomy))
	require.NoError(t, w.sql("UPDATE parks SET until = now() - interval '1 second'"))
	require.True(t, w.try("r7", "v", 15, roomy), "until has passed")
	w.refuse("r7", "v", "busy")
	require.Equal(t, 1, w.count("SELECT count(*) FROM parks WHERE kind = 'busy' AND until > now() + interval '71 hours'"), "said again, one park lasts")

	for _, id := range []aid.ParkID{"unwell", "too_far.visit", "busy.visit", "nonsense", ""} {
		require.Equal(t, aid.NotFound, aid.KindOf(w.LiftPark(t.Context(), "v", id)), id)
	}
	require.Equal(t, aid.NotFound, aid.KindOf(w.LiftPark(t.Context(), "nobody", "busy")))
	w.sound()
}
