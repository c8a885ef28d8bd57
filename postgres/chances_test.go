package postgres_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// TestAnOfferIsMadeWithTheChanceThatTheRecordGives: nobody's record but one's own
// and that of the area and category counts, and nothing that was revoked.
func TestAnOfferIsMadeWithTheChanceThatTheRecordGives(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range []aid.VolunteerID{"yes", "no", "new"} {
		w.volunteer(id, 20)
	}
	require.True(t, w.try("r1", "yes", 3, roomy))
	require.InDelta(t, 0.5, w.read("r1").Offers[0].Chance, 1e-12, "nothing is known")
	require.NoError(t, w.accept(t.Context(), "r1", "yes"))
	require.True(t, w.try("r2", "no", 3, roomy))
	w.refuse("r2", "no", "other")
	require.True(t, w.try("r3", "no", 5, roomy))
	w.refuse("r3", "no", "other")
	require.True(t, w.try("r4", "new", 7, roomy))
	require.NoError(t, w.callBack("r4"))

	rate := aid.Record{Yes: 1, Asked: 3}.Rate()
	for v, own := range map[aid.VolunteerID]aid.Record{"yes": {Yes: 1, Asked: 1}, "no": {Asked: 2}, "new": {}} {
		id := aid.RequestID("last-" + v)
		require.True(t, w.try(id, v, 9, roomy))
		require.InDelta(t, own.Chance(rate), w.read(id).Offers[0].Chance, 1e-12, v)
	}
	n := w.need(1, 11)
	n.Category = "shopping"
	w.request("elsewhere", n)
	_, _, err := w.MakeOffers(t.Context(), "round-1", "elsewhere", picks("elsewhere", "new"), limited(roomy))
	require.NoError(t, err)
	require.InDelta(t, 0.5, w.read("elsewhere").Offers[0].Chance, 1e-12, "another category has a rate of its own")
}

// TestAWaveInTheDatabaseStopsWhenItIsLikelyEnough.
func TestAWaveInTheDatabaseStopsWhenItIsLikelyEnough(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.volunteers(9)
	n := w.need(1, 3)
	n.Urgency = aid.Urgent
	w.request("r1", n)
	made, refused, err := w.MakeOffers(t.Context(), "round-1", "r1", picks("r1", ids...), aid.DefaultSearchPolicy())
	require.NoError(t, err)
	require.Empty(t, refused)
	require.Len(t, made, 5)
	require.Empty(t, cmp.Diff(made, w.read("r1").Offers, asWritten), "they are kept as they were made")
	w.sound()
}
