package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// succeeded opens a standing pairing whose only seat v000 has left to v001, and gives
// the first visit of v001.
func (w *world) succeeded(id aid.RequestID) aid.Visit {
	w.t.Helper()
	w.standing(id, 30, 3)
	w.ask(id, 1, "v000")
	require.NoError(w.t, w.accept(w.t.Context(), id, "v000"))
	_, err := w.Change(w.t.Context(), id, func(r *aid.HelpRequest, now time.Time) error {
		return r.Withdraw(r.Pairings[0].ID, "moved", "v.v000", now)
	})
	require.NoError(w.t, err)
	w.ask(id, 1, "v001")
	require.NoError(w.t, w.accept(w.t.Context(), id, "v001"))
	for _, v := range w.read(id).Visits {
		if v.Volunteer == "v001" {
			return v
		}
	}
	w.t.Fatal("v001 has no visit")
	return aid.Visit{}
}

// overlap is the request that asks v000 along to a visit.
func (w *world) overlap(of aid.RequestID, v aid.Visit) *aid.HelpRequest {
	w.t.Helper()
	o, err := aid.OpenRequest(aid.OverlapID(v.ID), w.read(of).OverlapNeed(v, "v000"), "c1", harbin, 7, w.now)
	require.NoError(w.t, err)
	return o
}

func (w *world) askAlong(of aid.RequestID, overlap *aid.HelpRequest) error {
	k := aid.Pick{Offer: "o-" + aid.OfferID(overlap.ID), Volunteer: overlap.OnlyAsks, Cost: aid.Cost{Distance: 4200}}
	return w.AskAlong(w.t.Context(), of, overlap, shard, k, "v.v001", limited(roomy))
}

// TestAskingAlongIsAllOrNothing: whoever is not free is not asked, and neither the
// request nor a note of it is left.
func TestAskingAlongIsAllOrNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(2)
	visit := w.succeeded("s")
	overlap := w.overlap("s", visit)
	busy := w.need(1, 3)
	busy.Window = visit.Window
	w.request("busy", busy)
	w.ask("busy", 1, "v000")
	events, outbox := w.count("SELECT count(*) FROM events"), w.count("SELECT count(*) FROM outbox")
	require.Equal(t, aid.ReasonNotEligible, aid.ReasonOf(w.askAlong("s", overlap)))
	_, err := w.Request(t.Context(), overlap.ID)
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	require.Zero(t, w.count("SELECT count(*) FROM visits WHERE overlap <> ''"))
	require.Equal(t, events, w.count("SELECT count(*) FROM events"))
	require.Equal(t, outbox, w.count("SELECT count(*) FROM outbox"))

	_, err = w.Change(t.Context(), "busy", func(r *aid.HelpRequest, now time.Time) error { return r.Cancel("", "c1", now) })
	require.NoError(t, err)
	require.NoError(t, w.askAlong("s", overlap))
	require.NoError(t, w.askAlong("s", w.overlap("s", visit)), "again asks nobody anew")
	asked := w.read(overlap.ID)
	require.Len(t, asked.Offers, 1)
	require.Equal(t, int64(4200), asked.Offers[0].Cost.Distance)
	require.Equal(t, visit.ID, asked.Serves)
	require.Equal(t, 1, w.count("SELECT count(*) FROM visits WHERE id = $1 AND overlap = $2", string(visit.ID), string(overlap.ID)))
	require.Equal(t, 1, w.count("SELECT count(*) FROM outbox WHERE kind = 'start_request' AND key = $1", string(overlap.ID)))
	require.Equal(t, 1, w.count("SELECT count(*) FROM events WHERE kind = 'request_opened' AND request_id = $1", string(overlap.ID)))
	w.sound()

	_, err = w.Change(t.Context(), overlap.ID, func(r *aid.HelpRequest, now time.Time) error {
		return r.Decline(asked.Offers[0].ID, "v000", aid.Refusal{Reason: "busy"}, "", now)
	})
	require.NoError(t, err)
	require.Equal(t, aid.ReasonRequestEnded, aid.ReasonOf(w.askAlong("s", overlap)))
}

// TestARoundDoesNotSeekForWhatAsksOneAlone: it would find nobody, each minute.
func TestARoundDoesNotSeekForWhatAsksOneAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(1)
	n := w.need(1, 3)
	n.OnlyAsks = "v000"
	w.request("along", n)
	seeking, err := w.SeekingRequests(t.Context(), shard)
	require.NoError(t, err)
	require.Empty(t, seeking)
	shards, err := w.SeekingShards(t.Context())
	require.NoError(t, err)
	require.Empty(t, shards)
}
