package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
)

// paired is a world in which v000's pairing for r1 is confirmed; they sign in
// as "v.v000".
func paired(t *testing.T) (*world, aid.Disclosure) {
	t.Helper()
	w := newWorld(t)
	w.volunteers(1)
	require.NoError(t, w.AddAccount(t.Context(), aid.Account{ID: "v.v000", Role: aid.RoleVolunteer, Name: "张", Volunteer: "v000"}, nil))
	w.request("r1", w.need(1, 3))
	w.ask("r1", 1, "v000")
	require.NoError(t, w.accept(t.Context(), "r1", "v000"))
	return w, aid.Disclosure{
		Beneficiary: "b1", To: "v.v000", What: aid.DisclosedService, Ground: aid.GroundPairing, Request: "r1", Pairing: "p-o-r1-v000",
	}
}

func (w *world) withdraw(request aid.RequestID, p aid.PairingID) error {
	_, err := w.Change(w.t.Context(), request, func(r *aid.HelpRequest, now time.Time) error {
		return r.Withdraw(p, "busy", "", now)
	})
	return err
}

func TestAReleaseIsLoggedAndReadTogether(t *testing.T) {
	t.Parallel()
	w, d := paired(t)
	record := aid.Disclosure{Beneficiary: "b1", To: "c1", What: aid.DisclosedRecord, Ground: aid.GroundArea}
	released, err := w.Release(t.Context(), []aid.Disclosure{d, record, {Beneficiary: "b1", To: "v.v000", What: d.What, Ground: d.Ground, Request: "r1", Pairing: "none"}})
	require.NoError(t, err)
	require.Len(t, released, 2, "nobody has a pairing that there is not")
	require.Equal(t, "王", released[0].Record.Name)
	require.False(t, released[0].At.Before(w.now))

	page, err := w.Disclosures(t.Context(), "b1", aid.Page{Limit: 1})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	record.Seq, record.At = page.Items[0].Seq, page.Items[0].At
	require.Equal(t, record, page.Items[0], "newest first")
	page, err = w.Disclosures(t.Context(), "b1", aid.Page{Limit: 1, After: page.Next})
	require.NoError(t, err)
	d.Seq, d.At = page.Items[0].Seq, page.Items[0].At
	require.Equal(t, d, page.Items[0])
	require.Empty(t, page.Next)
	w.sound()

	require.NoError(t, w.withdraw("r1", d.Pairing))
	released, err = w.Release(t.Context(), []aid.Disclosure{d})
	require.NoError(t, err)
	require.Empty(t, released)
	require.Equal(t, 2, w.count("SELECT count(*) FROM disclosures"))
	w.sound()
}

// TestNothingIsReleasedToWhoeverMayNotComeAnyMore, though they could when the answer was
// begun.
func TestNothingIsReleasedToWhoeverMayNotComeAnyMore(t *testing.T) {
	t.Parallel()
	for name, bar := range map[string]func(*world) error{
		"struck off": func(w *world) error {
			v, err := w.Volunteer(t.Context(), "v000")
			if err != nil {
				return err
			}
			v.Active = false
			return w.UpdateVolunteer(t.Context(), v)
		},
		"kept apart": func(w *world) error {
			_, err := w.KeepApart(t.Context(), aid.DoNotMatch{ID: "d1", Volunteer: "v000", Beneficiary: "b1", Kind: aid.ApartKin, Reason: "x", EnteredBy: "c1"})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := paired(t)
			require.NoError(t, bar(w))
			released, err := w.Release(t.Context(), []aid.Disclosure{d})
			require.NoError(t, err)
			require.Empty(t, released)
			require.Zero(t, w.count("SELECT count(*) FROM disclosures"))
		})
	}
}

// A crew was told, fell below its quorum and stands again, so that it was confirmed anew:
// what was told before had its ground. What is told in between has none.
func TestACrewThatStandsAgainWasToldOnAGround(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(3)
	require.NoError(t, w.AddAccount(t.Context(), aid.Account{ID: "v.v000", Role: aid.RoleVolunteer, Name: "张", Volunteer: "v000"}, nil))
	n := w.need(2, 3)
	n.MinPeople = 2
	w.request("r1", n)
	w.ask("r1", 1, "v000", "v001")
	require.NoError(t, w.accept(t.Context(), "r1", "v000"))
	require.NoError(t, w.accept(t.Context(), "r1", "v001"))
	d := aid.Disclosure{Beneficiary: "b1", To: "v.v000", What: aid.DisclosedService, Ground: aid.GroundPairing, Request: "r1", Pairing: "p-o-r1-v000"}
	told, err := w.Release(t.Context(), []aid.Disclosure{d})
	require.NoError(t, err)
	require.Len(t, told, 1)
	require.NoError(t, w.withdraw("r1", "p-o-r1-v001"))
	w.ask("r1", 1, "v002")
	require.NoError(t, w.accept(t.Context(), "r1", "v002"))
	w.sound()

	require.NoError(t, w.sql(`INSERT INTO disclosures (beneficiary_id, account_id, what, ground, request_id, pairing_id, at)
		SELECT 'b1', 'v.v000', 'service', 'pairing', 'r1', 'p-o-r1-v000', at FROM events WHERE kind = 'request_reopened'`))
	found, err := w.Findings(t.Context())
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, "released_on_a_ground", found[0].Invariant)
}

func TestTheLogOfDisclosuresCannotBeChanged(t *testing.T) {
	t.Parallel()
	w, d := paired(t)
	_, err := w.Release(t.Context(), []aid.Disclosure{d})
	require.NoError(t, err)
	for _, statement := range []string{
		"UPDATE disclosures SET account_id = 'c1'", "DELETE FROM disclosures", "TRUNCATE disclosures",
		"DELETE FROM accounts WHERE id = 'v.v000'",
	} {
		require.Error(t, w.sql(statement), statement)
	}
	require.Equal(t, 1, w.count("SELECT count(*) FROM disclosures"))
}

// However a release and the end of its pairing meet, the log says of no release
// that it came after the end.
func TestAReleaseAndAWithdrawalAtOnce(t *testing.T) {
	t.Parallel()
	for range 8 {
		w, d := paired(t)
		var all errgroup.Group
		for range 4 {
			all.Go(func() error {
				for range 5 {
					if _, err := w.Release(t.Context(), []aid.Disclosure{d}); err != nil {
						return err
					}
				}
				return nil
			})
		}
		all.Go(func() error { return w.withdraw("r1", d.Pairing) })
		require.NoError(t, all.Wait())
		w.sound()
	}
}
