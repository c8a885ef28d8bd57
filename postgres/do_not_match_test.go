package postgres_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
)

func apart(id aid.DoNotMatchID, v aid.VolunteerID) aid.DoNotMatch {
	return aid.DoNotMatch{ID: id, Volunteer: v, Beneficiary: "b1", Kind: aid.ApartKin, Reason: "her nephew", EnteredBy: "c1"}
}

func (w *world) statuses(id aid.RequestID) map[aid.VolunteerID]aid.OfferStatus {
	out := map[aid.VolunteerID]aid.OfferStatus{}
	for _, o := range w.read(id).Offers {
		out[o.Volunteer] = o.Status
	}
	return out
}

func TestKeptApartFromABeneficiary(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(3)
	w.request("r1", w.need(2, 3))
	w.ask("r1", 1, "v000", "v001")
	d, err := w.KeepApart(t.Context(), apart("d1", "v000"))
	require.NoError(t, err)
	require.False(t, d.EnteredAt.Before(w.now))
	require.Equal(t, map[aid.VolunteerID]aid.OfferStatus{"v000": aid.OfferRevoked, "v001": aid.OfferPending}, w.statuses("r1"))
	require.Equal(t, []aid.VolunteerID{"v000"}, w.read("r1").Unsuited())
	require.Equal(t, 1, w.count("SELECT count(*) FROM outbox WHERE kind = 'request_changed' AND id = (SELECT max(id) FROM outbox)"))

	again := picks("r1", "v000", "v002")
	again[0].Offer = "o-again"
	made, refused, err := w.MakeOffers(t.Context(), "round-2", "r1", again, asking(2))
	require.NoError(t, err)
	require.Len(t, made, 1)
	require.Equal(t, []aid.VolunteerID{"v000"}, refused)
	w.sound()

	_, err = w.KeepApart(t.Context(), apart("d2", "v000"))
	require.Equal(t, aid.ReasonAlreadyExists, aid.ReasonOf(err))
	require.NoError(t, w.LiftDoNotMatch(t.Context(), "d1", "c1"))
	require.NoError(t, w.LiftDoNotMatch(t.Context(), "d1", "c1"))
	require.Empty(t, w.read("r1").Unsuited())
	_, err = w.KeepApart(t.Context(), apart("d2", "v000"))
	require.NoError(t, err, "one that was lifted stands in nobody's way")
}

func TestTwoVolunteersKeptApartShareNoCrew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(3)
	w.request("r1", w.need(3, 3))
	d := aid.DoNotMatch{ID: "d1", Volunteer: "v001", Other: "v000", Kind: aid.ApartConcern, Reason: "quarrel", EnteredBy: "c1"}
	d, err := w.KeepApart(t.Context(), d)
	require.NoError(t, err)
	require.Equal(t, aid.VolunteerID("v000"), d.Volunteer)
	made, refused, err := w.MakeOffers(t.Context(), "round", "r1", picks("r1", "v000", "v001", "v002"), asking(1))
	require.NoError(t, err)
	require.Len(t, made, 2, "of two whom one round picks, the first is asked")
	require.Equal(t, []aid.VolunteerID{"v001"}, refused)
	require.Equal(t, []aid.VolunteerID{"v001"}, w.read("r1").Unsuited())
	seeking, err := w.SeekingRequests(t.Context(), shard)
	require.NoError(t, err)
	require.Equal(t, []aid.VolunteerID{"v001"}, seeking[0].Unsuited(), "the next round sees it")
	w.sound()
}

func TestDoNotMatchesAreListedForEitherSide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(2)
	_, err := w.KeepApart(t.Context(), apart("d1", "v000"))
	require.NoError(t, err)
	_, err = w.KeepApart(t.Context(), aid.DoNotMatch{ID: "d2", Volunteer: "v000", Other: "v001", Kind: aid.ApartConcern, Reason: "x", EnteredBy: "c1"})
	require.NoError(t, err)
	require.NoError(t, w.LiftDoNotMatch(t.Context(), "d2", "c1"))
	for name, c := range map[string]struct {
		f    aid.DoNotMatchFilter
		want []aid.DoNotMatchID
	}{
		"holding":     {aid.DoNotMatchFilter{Areas: []aid.AreaPath{harbin.Path}}, []aid.DoNotMatchID{"d1"}},
		"lifted":      {aid.DoNotMatchFilter{Areas: []aid.AreaPath{province.Path}, Lifted: true}, []aid.DoNotMatchID{"d2", "d1"}},
		"volunteer":   {aid.DoNotMatchFilter{Areas: []aid.AreaPath{harbin.Path}, Lifted: true, Volunteer: "v001"}, []aid.DoNotMatchID{"d2"}},
		"beneficiary": {aid.DoNotMatchFilter{Areas: []aid.AreaPath{harbin.Path}, Lifted: true, Beneficiary: "b1"}, []aid.DoNotMatchID{"d1"}},
		"elsewhere":   {aid.DoNotMatchFilter{Areas: []aid.AreaPath{harbin_.Path}, Lifted: true}, nil},
	} {
		page, err := w.DoNotMatches(t.Context(), c.f, aid.Page{Limit: 5})
		require.NoError(t, err, name)
		var ids []aid.DoNotMatchID
		for _, d := range page.Items {
			ids = append(ids, d.ID)
			require.Equal(t, harbin.Path, d.AreaPath)
			require.Equal(t, harbin.Path, d.OtherPath)
		}
		require.Equal(t, c.want, ids, name)
	}
	_, err = w.DoNotMatch(t.Context(), "none")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}

// Whichever of the two comes first, nobody is being asked in the end to meet
// somebody whom they are kept apart from.
func TestASeparationAndAnOfferAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const n = 30
	for i := range n {
		v, id := aid.VolunteerID(fmt.Sprintf("v%d", i)), aid.RequestID(fmt.Sprintf("r%d", i))
		w.volunteer(v, 1)
		w.request(id, w.need(1, 3))
	}
	var all errgroup.Group
	for i := range n {
		v, id := aid.VolunteerID(fmt.Sprintf("v%d", i)), aid.RequestID(fmt.Sprintf("r%d", i))
		all.Go(func() error {
			_, err := w.KeepApart(t.Context(), apart(aid.DoNotMatchID("d-"+v), v))
			return err
		})
		all.Go(func() error {
			_, _, err := w.MakeOffers(t.Context(), "round", id, picks(id, v), asking(1))
			return err
		})
	}
	require.NoError(t, all.Wait())
	require.Zero(t, w.count("SELECT count(*) FROM offers WHERE status = 'pending'"))
	w.sound()
}
