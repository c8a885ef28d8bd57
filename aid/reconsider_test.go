package aid_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

func TestWhatBecomesKnownRevokesOffersAndContestsPairings(t *testing.T) {
	t.Parallel()
	unchecked := but(known(), func(v *aid.Vetted) { v.CheckedOn = aid.Date{} })
	inactive := but(known(), func(v *aid.Vetted) { v.Active = false })
	unskilled := but(known(), func(v *aid.Vetted) { v.Skills = nil })
	untrained := but(known(), func(v *aid.Vetted) { v.Courses = nil })
	minor := known()
	minor.BirthDate = aid.DateOf(noon.AddDate(-17, 0, 0))
	contested := func(pairing aid.PairingID, rule string) []aid.Event {
		return []aid.Event{{Kind: aid.EventPairingContested, Pairing: pairing, Reason: rule}}
	}
	revoked := []aid.Event{{Kind: aid.EventOfferRevoked, Offer: "o-cid-2", Volunteer: "cid", Reason: "not_suitable"}}
	for name, c := range map[string]struct {
		who      aid.VolunteerID
		is       aid.Vetted
		events   []aid.Event
		withheld bool // where to come
	}{
		"asked, and unchecked":            {"cid", unchecked, revoked, false},
		"asked, and struck off":           {"cid", inactive, revoked, false},
		"asked, and without the skill":    {"cid", unskilled, revoked, false},
		"asked, and without the course":   {"cid", untrained, revoked, false},
		"paired, and unchecked":           {"ann", unchecked, contested("p-o-ann-1", "check"), true},
		"paired, and a minor":             {"ann", minor, contested("p-o-ann-1", "minor"), true},
		"paired, and struck off":          {"ann", inactive, contested("p-o-ann-1", "inactive"), true},
		"paired, and without the skill":   {"ann", unskilled, contested("p-o-ann-1", "skill"), false},
		"paired, and without its course":  {"ann", untrained, contested("p-o-ann-1", "course"), false},
		"leads, and without that course":  {"lea", known(), contested("p-o-lea-0", "course"), true},
		"leads, and without every course": {"lea", untrained, contested("p-o-lea-0", "course"), true},
		"nothing that matters":            {"ann", known("protection"), nil, false},
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
				require.Equal(t, aid.PairingConfirmed, p.Status, "somebody may be on the way")
				require.Equal(t, p.Volunteer == c.who && c.withheld, !s.r.MayCome(p), p.Volunteer)
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
	s.r.Ahead = s.r.Ahead[1:] // the first has begun
	for _, p := range s.r.Pairings {
		require.True(t, s.r.MayCome(p), "somebody who is late must find the way")
	}
	for i := range s.r.Visits {
		if v := &s.r.Visits[i]; v.Window.StartsAt.Before(s.r.Ahead[0].StartsAt) {
			v.Status = aid.VisitDone
		}
	}
	for _, p := range s.r.Pairings {
		require.False(t, s.r.MayCome(p))
	}
}

// What is worse than what was known already is said too.
func TestEachRuleThatComesToBarAPairingIsSaid(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann")
	now := known()
	for _, c := range []struct {
		becomes func()
		rule    aid.VettingRule // that is said; empty for none
	}{
		{func() { now.Skills = nil }, aid.VettingSkill},
		{func() { now.Active = false }, aid.VettingInactive},
		{func() { now.CheckedOn = aid.Date{} }, ""}, // they do not come as it is
		{func() { now.Active = true }, aid.VettingCheck},
		{func() { now = known() }, ""},
	} {
		c.becomes()
		s.r.Reconsider("ann", now, s.now)
		var rules []string
		for _, e := range s.r.TakeEvents() {
			require.Equal(t, aid.EventPairingContested, e.Kind)
			rules = append(rules, e.Reason)
		}
		if c.rule == "" {
			require.Empty(t, rules)
		} else {
			require.Equal(t, []string{string(c.rule)}, rules)
		}
	}
}

// TestACheckThatIsTakenBackIsSaidThoughItWouldLapse at a later visit.
func TestACheckThatIsTakenBackIsSaidThoughItWouldLapse(t *testing.T) {
	t.Parallel()
	s := pair(t, "ann")
	lapsing := s.r.Vetted["ann"]
	lapsing.CheckedOn = aid.EarliestCheck(aid.DateOf(s.r.Ahead[0].StartsAt), bathing.CheckMonths)
	s.r.Reconsider("ann", lapsing, s.now)
	s.r.TakeEvents()
	lapsing.CheckedOn = aid.Date{}
	s.r.Reconsider("ann", lapsing, s.now)
	require.Equal(t, []aid.EventKind{aid.EventPairingContested}, s.events())
}
