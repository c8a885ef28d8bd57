package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

// Whatever happens to a request, in whatever order, the tables hold what the
// aggregate says, and no invariant is broken.
func TestTheTablesFollowTheAggregate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var ids []aid.VolunteerID
	for i := range 6 {
		ids = append(ids, aid.VolunteerID(fmt.Sprintf("v%d", i)))
		w.volunteer(ids[i], 2)
	}
	made := 0
	sorted := cmp.Options{
		asWritten,
		cmpopts.SortSlices(func(a, b aid.Offer) bool { return a.ID < b.ID }),
		cmpopts.SortSlices(func(a, b aid.Pairing) bool { return a.ID < b.ID }),
	}
	rapid.Check(t, func(t *rapid.T) {
		made++
		id := aid.RequestID(fmt.Sprintf("r%d", made))
		n := w.need(rapid.IntRange(1, 3).Draw(t, "people"), rapid.IntRange(1, 4).Draw(t, "hour"))
		n.MinPeople = rapid.IntRange(1, n.Roles[0].People).Draw(t, "min_people")
		w.request(id, n)
		step := func(name string, fn func(r *aid.HelpRequest, now time.Time) error) {
			after, err := w.Change(w.t.Context(), id, fn)
			if err != nil { // refused by a rule of aid: nothing happened
				require.Contains(t, []aid.Kind{aid.Conflict, aid.NotFound}, aid.KindOf(err), "%s: %v", name, err)
				return
			}
			require.Empty(t, cmp.Diff(after, w.read(id), sorted), name)
		}
		offer := func(r *aid.HelpRequest) (aid.OfferID, aid.VolunteerID) {
			if len(r.Offers) == 0 {
				return "none", "v0"
			}
			o := rapid.SampledFrom(r.Offers).Draw(t, "offer")
			return o.ID, o.Volunteer
		}
		t.Repeat(map[string]func(*rapid.T){
			"ask": func(t *rapid.T) {
				chosen := picks(id, rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 1, 4, rapid.ID).Draw(t, "volunteers")...)
				for i := range chosen {
					made++
					chosen[i].Offer = aid.OfferID(fmt.Sprintf("o%d", made))
				}
				_, _, err := w.MakeOffers(w.t.Context(), "round", id, chosen, asking(rapid.IntRange(1, 3).Draw(t, "asks")))
				require.NoError(t, err)
			},
			"accept": func(t *rapid.T) {
				step("accept", func(r *aid.HelpRequest, now time.Time) error {
					o, v := offer(r)
					_, err := r.Accept(o, v, aid.PairingID("p-"+o), "", now)
					return err
				})
			},
			"decline": func(t *rapid.T) {
				step("decline", func(r *aid.HelpRequest, now time.Time) error {
					o, v := offer(r)
					return r.Decline(o, v, aid.Refusal{Reason: "busy"}, "", now)
				})
			},
			"expire": func(t *rapid.T) {
				step("expire", func(r *aid.HelpRequest, now time.Time) error { r.ExpireOffers(now.Add(5 * time.Hour)); return nil })
			},
			"withdraw": func(t *rapid.T) {
				step("withdraw", func(r *aid.HelpRequest, now time.Time) error {
					if len(r.Pairings) == 0 {
						return nil
					}
					return r.Withdraw(rapid.SampledFrom(r.Pairings).Draw(t, "pairing").ID, "unwell", "", now)
				})
			},
			"end the search": func(t *rapid.T) { require.NoError(t, w.endSearch(id, aid.ReasonCounts{Time: 1})) },
			"reach farther": func(t *rapid.T) {
				step("reach farther", func(r *aid.HelpRequest, now time.Time) error {
					r.Widen(aid.DefaultSearchPolicy(), now.Add(time.Hour))
					return nil
				})
			},
			"miss the quorum": func(t *rapid.T) {
				step("miss the quorum", func(r *aid.HelpRequest, now time.Time) error { r.MissQuorum(now); return nil })
			},
			"begin": func(t *rapid.T) {
				step("begin", func(r *aid.HelpRequest, now time.Time) error { return r.BeginService(r.Window.StartsAt) })
			},
			"cancel": func(t *rapid.T) {
				step("cancel", func(r *aid.HelpRequest, now time.Time) error { return r.Cancel("", "c1", now) })
			},
			"complete": func(t *rapid.T) {
				step("complete", func(r *aid.HelpRequest, _ time.Time) error { return r.Complete("c1", r.Window.StartsAt) })
			},
		})
		found, err := w.Findings(w.t.Context())
		require.NoError(t, err)
		require.Empty(t, found)
		step("the end", func(r *aid.HelpRequest, now time.Time) error {
			if r.Status.Ended() {
				return nil
			}
			return r.Cancel("", "c1", now)
		})
	})
	require.Zero(t, w.count("SELECT count(*) FROM reservations"))
	w.sound()
}
