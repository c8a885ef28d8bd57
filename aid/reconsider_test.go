package aid_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

func TestWhatBecomesKnownRevokesOffersAndContestsPairings(t *testing.T) {
	t.Parallel()
	unchecked := aid.Vetted{Vetting: aid.Vetting{BirthDate: known().BirthDate}}
	minor := known()
	minor.BirthDate = aid.DateOf(noon.AddDate(-17, 0, 0))
	for name, c := range map[string]struct {
		who    aid.VolunteerID
		is     aid.Vetted
		events []aid.Event
	}{
		"asked, and unchecked":          {"cid", unchecked, []aid.Event{{Kind: aid.EventOfferRevoked, Offer: "o-cid-2", Volunteer: "cid", Reason: "not_suitable"}}},
		"paired, and unchecked":         {"ann", unchecked, []aid.Event{{Kind: aid.EventPairingContested, Pairing: "p-o-ann-1", Reason: "check"}}},
		"paired, and a minor":           {"ann", minor, []aid.Event{{Kind: aid.EventPairingContested, Pairing: "p-o-ann-1", Reason: "minor"}}},
		"leads, and without the course": {"lea", known(), []aid.Event{{Kind: aid.EventPairingContested, Pairing: "p-o-lea-0", Reason: "course"}}},
		"nothing that matters":          {"ann", known("protection"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := tell(t, twoDeep(2, 1, 2)) // role 0 leads
			s.r.Vetted = map[aid.VolunteerID]aid.Vetted{"lea": known("protection"), "ann": known(), "cid": known()}
			s.ask("lea", "ann/1", "cid/1").accepts("lea", "ann").is(aid.RequestPaired).r.TakeEvents()
			for _, p := range s.r.Pairings {
				require.True(t, s.r.MayCome(p))
			}

			s.r.Reconsider(c.who, c.is, s.now)
			s.sound().is(aid.RequestPaired)
			for i := range c.events {
				c.events[i].At, c.events[i].Request = s.now, s.r.ID
			}
			events := s.r.TakeEvents()
			require.Equal(t, c.events, events)
			for _, p := range s.r.Pairings {
				contested := p.Volunteer == c.who && len(c.events) > 0
				require.Equal(t, aid.PairingConfirmed, p.Status, "somebody may be on the way")
				require.Equal(t, !contested, s.r.MayCome(p), p.Volunteer)
			}
			for _, told := range s.r.Tellings(events) {
				for _, one := range told {
					require.Equal(t, one.Kind == aid.NoticePairingContested, one.Coordinators)
				}
			}
			s.r.Reconsider(c.who, c.is, s.now)
			require.Empty(t, s.r.TakeEvents(), "it was known before")
		})
	}
}

// A check that lapses after the next visit is no reason to stay away from that.
func TestWhoMayComeNextIsToldWhere(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann")
	for _, p := range s.r.Pairings {
		lapsing := s.r.Vetted[p.Volunteer]
		lapsing.CheckedOn = aid.EarliestCheck(aid.DateOf(s.r.Ahead[0].StartsAt), bathing.CheckMonths)
		s.r.Reconsider(p.Volunteer, lapsing, s.now)
		require.True(t, s.r.MayCome(p))
	}
	s.r.Ahead = s.r.Ahead[1:] // the first is over
	for _, p := range s.r.Pairings {
		require.False(t, s.r.MayCome(p))
	}
}
