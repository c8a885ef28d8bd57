package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
)

// crewOfTwo opens a standing pairing with two seats, held by v000 and v001, of whom
// v000 is away on the first day, and the request for a substitute.
func (w *world) crewOfTwo(id aid.RequestID) (substitute aid.RequestID) {
	w.t.Helper()
	ctx := w.t.Context()
	n, ahead := w.need(2, 30), w.daily(30, 3)
	n.Window = ahead[0]
	n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY", First: ahead[0].StartsAt, Minutes: 60, Zone: "UTC"}
	r, err := aid.OpenRequest(id, n, "c1", harbin, 7, w.now)
	require.NoError(w.t, err)
	r.Ahead = ahead
	require.NoError(w.t, w.OpenRequest(ctx, r, shard))
	w.ask(id, 1, "v000", "v001")
	require.NoError(w.t, w.accept(ctx, id, "v000"))
	require.NoError(w.t, w.accept(ctx, id, "v001"))
	who, err := w.Volunteer(ctx, "v000")
	require.NoError(w.t, err)
	day := aid.DateOf(aid.InZone(ahead[0].StartsAt, aid.DefaultZone))
	who.Availability.Away = []aid.DateRange{{From: day, To: day}}
	require.NoError(w.t, w.UpdateVolunteer(ctx, who))
	r = w.advance(id, ahead, nil)
	sought := r.Unsought(w.now)
	require.Len(w.t, sought, 1)
	sub, err := aid.OpenRequest(aid.SubstituteID(sought[0].ID), r.SubstituteNeed(sought[0], w.now), "c1", harbin, 7, w.now)
	require.NoError(w.t, err)
	sub.Excluded = r.NoSubstitutes(sought[0])
	require.NoError(w.t, w.OpenRequest(ctx, sub, shard))
	return sub.ID
}

func (w *world) keepApart(one, two aid.VolunteerID) {
	w.t.Helper()
	_, err := w.KeepApart(w.t.Context(), aid.DoNotMatch{
		ID: aid.DoNotMatchID("d-" + one + two), Volunteer: one, Other: two, Kind: aid.ApartConcern, Reason: "x", EnteredBy: "c1",
	})
	require.NoError(w.t, err)
}

func (w *world) refuses(id aid.RequestID, v aid.VolunteerID) {
	w.t.Helper()
	again := picks(id, v)
	again[0].Offer = "o-again-" + aid.OfferID(v)
	made, refused, err := w.MakeOffers(w.t.Context(), "round-2", id, again, asking(5))
	require.NoError(w.t, err)
	require.Empty(w.t, made)
	require.Equal(w.t, []aid.VolunteerID{v}, refused)
	_, err = w.AssignVolunteer(w.t.Context(), id, again[0], "c1", limited(roomy))
	require.Equal(w.t, aid.ReasonNotEligible, aid.ReasonOf(err))
	require.NotContains(w.t, err.Error(), "apart")
}

// TestASubstituteIsKeptApartFromWhoComesBesideThem, though each comes by a request of
// their own.
func TestASubstituteIsKeptApartFromWhoComesBesideThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(4)
	w.keepApart("v001", "v002")
	sub := w.crewOfTwo("s")
	seeking, err := w.SeekingRequests(t.Context(), shard)
	require.NoError(t, err)
	require.Equal(t, sub, seeking[0].ID)
	require.Equal(t, []aid.VolunteerID{"v002"}, seeking[0].Unsuited(), "the round sees it")
	w.refuses(sub, "v002")
	w.ask(sub, 1, "v003")
	w.sound()
}

// TestASuccessorIsKeptApartFromASubstitute who comes to one of their visits.
func TestASuccessorIsKeptApartFromASubstitute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(4)
	w.keepApart("v002", "v003")
	sub := w.crewOfTwo("s")
	w.ask(sub, 1, "v003")
	require.NoError(t, w.accept(t.Context(), sub, "v003"))
	_, err := w.Change(t.Context(), "s", func(r *aid.HelpRequest, now time.Time) error {
		return r.Withdraw(r.Pairings[0].ID, "moved", "v.v000", now)
	})
	require.NoError(t, err)
	w.refuses("s", "v002")
	_, err = w.Change(t.Context(), sub, func(r *aid.HelpRequest, now time.Time) error { return r.Cancel("", "c1", now) })
	require.NoError(t, err)
	w.ask("s", 1, "v002")
	w.sound()
}

// TestWhoComesAlongIsKeptApartFromASubstitute for another of the crew at that visit.
func TestWhoComesAlongIsKeptApartFromASubstitute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(4)
	w.keepApart("v002", "v003")
	sub := w.crewOfTwo("s")
	w.ask(sub, 1, "v003")
	var first aid.Visit
	for _, v := range w.read("s").Visits {
		if v.Volunteer == "v001" {
			first = v
			break
		}
	}
	n := w.read("s").OverlapNeed(first, "v002")
	along, err := aid.OpenRequest(aid.OverlapID(first.ID), n, "c1", harbin, 7, w.now)
	require.NoError(t, err)
	require.NoError(t, w.OpenRequest(t.Context(), along, shard))
	require.Equal(t, []aid.VolunteerID{"v002"}, w.read(along.ID).Unsuited())
	_, err = w.AssignVolunteer(t.Context(), along.ID, picks(along.ID, "v002")[0], "c1", limited(roomy))
	require.Equal(t, aid.ReasonNotEligible, aid.ReasonOf(err))
	w.sound()
}

// TestASeparationReachesTheRequestsBeside: offers end at once, and a coordinator is
// called to pairings.
func TestASeparationReachesTheRequestsBeside(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(4)
	sub := w.crewOfTwo("s")
	w.ask(sub, 1, "v002")
	w.keepApart("v001", "v002")
	require.Equal(t, aid.OfferRevoked, w.statuses(sub)["v002"])
	require.Equal(t, 1, w.count("SELECT count(*) FROM events WHERE kind = 'pairing_contested' AND request_id = 's'"))

	w.ask(sub, 1, "v003")
	require.NoError(t, w.accept(t.Context(), sub, "v003"))
	w.keepApart("v001", "v003")
	require.Equal(t, 1, w.count("SELECT count(*) FROM events WHERE kind = 'pairing_contested' AND request_id = $1", string(sub)))
	w.sound() // as it was made before
	r := w.read(sub)
	require.False(t, r.MayCome(r.Pairings[0]), "and until they decide, the address is not told")

	require.NoError(t, w.sql("UPDATE do_not_match SET entered_at = entered_at - interval '1 hour'"))
	found, err := w.Findings(t.Context())
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, "kept_apart", found[0].Invariant)
	require.Equal(t, "d-v001v003", found[0].IDs[0])
}

// TestTwoKeptApartAreNotAskedAtOnce by two requests that bring them to one door.
func TestTwoKeptApartAreNotAskedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(4)
	w.keepApart("v002", "v003")
	sub := w.crewOfTwo("s")
	_, err := w.Change(t.Context(), "s", func(r *aid.HelpRequest, now time.Time) error {
		return r.Withdraw(r.Pairings[0].ID, "moved", "v.v000", now)
	})
	require.NoError(t, err)
	for i := range 20 {
		var both errgroup.Group
		for v, id := range map[aid.VolunteerID]aid.RequestID{"v002": "s", "v003": sub} {
			both.Go(func() error {
				k := aid.Pick{Offer: aid.OfferID(fmt.Sprintf("o-%d-%s", i, v)), Volunteer: v}
				_, _, err := w.MakeOffers(t.Context(), "round", id, []aid.Pick{k}, asking(9))
				return err
			})
		}
		require.NoError(t, both.Wait())
		require.Equal(t, 1, w.count("SELECT count(*) FROM offers WHERE status = 'pending'"))
		w.sound()
		for _, id := range []aid.RequestID{"s", sub} {
			_, err := w.Change(t.Context(), id, func(r *aid.HelpRequest, now time.Time) error {
				r.KeepApart(aid.Separation{Volunteer: "v002"}, now) // takes the offer back
				r.KeepApart(aid.Separation{Volunteer: "v003"}, now)
				return nil
			})
			require.NoError(t, err)
		}
	}
}

// TestWhoIsExcludedLaterDoesNotStandIn: whom a pairing excludes is excluded from what
// serves its visits, whenever that was opened.
func TestWhoIsExcludedLaterDoesNotStandIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(4)
	sub := w.crewOfTwo("s")
	w.ask(sub, 1, "v002")
	_, err := w.Choose(t.Context(), "s", func(r *aid.HelpRequest, now time.Time) error { return r.Exclude("v002", "c1", now) })
	require.NoError(t, err)
	require.Equal(t, []aid.VolunteerID{"v000", "v002"}, w.read(sub).Excluded)
	require.Equal(t, aid.ReasonNotSuitable, aid.ReasonOf(w.accept(t.Context(), sub, "v002")))
	_, err = w.Choose(t.Context(), sub, func(r *aid.HelpRequest, now time.Time) error { return r.Exclude("v002", "c1", now) })
	require.NoError(t, err)
	require.Equal(t, aid.OfferRevoked, w.statuses(sub)["v002"])
	w.sound()
}
