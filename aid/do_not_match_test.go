package aid_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// statusesOf gives the offers' statuses by volunteer.
func (s *story) statusesOf() map[aid.VolunteerID]aid.OfferStatus {
	out := map[aid.VolunteerID]aid.OfferStatus{}
	for _, o := range s.r.Offers {
		out[o.Volunteer] = o.Status
	}
	return out
}

func (s *story) keepApart(v, from aid.VolunteerID) *story {
	s.Helper()
	s.r.KeepApart(aid.Separation{Volunteer: v, From: from}, s.now)
	return s.sound()
}

// kinds gives the events since the last look.
func (s *story) kinds() (kinds []aid.EventKind) {
	for _, e := range s.r.TakeEvents() {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

func TestWhoMustNotMeetIsNotAsked(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Routine, 3))
	s.keepApart("nephew", "").keepApart("ann", "bob")
	require.Len(t, s.offer("nephew", "bob", "ann", "cid"), 2)
	require.Equal(t, map[aid.VolunteerID]aid.OfferStatus{"bob": aid.OfferPending, "cid": aid.OfferPending}, s.statusesOf())
	require.Equal(t, []aid.VolunteerID{"ann", "nephew"}, s.r.Unsuited())
	require.True(t, s.r.Suitable("cid"))
	require.NoError(t, s.r.Decline("o-bob-1", "bob", aid.Refusal{Reason: "busy"}, "", s.now))
	require.True(t, s.r.Suitable("ann"), "whoever has declined is met by nobody")
}

func TestASeparationRevokesOffersAndContestsPairings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		accepted string
		v, from  aid.VolunteerID
		want     map[aid.VolunteerID]aid.OfferStatus
		events   []aid.EventKind
	}{
		"the beneficiary": {"", "ann", "", map[aid.VolunteerID]aid.OfferStatus{"ann": aid.OfferRevoked, "bob": aid.OfferPending}, []aid.EventKind{aid.EventOfferRevoked}},
		"both asked: the later one goes": {"", "ann", "bob", map[aid.VolunteerID]aid.OfferStatus{
			"ann": aid.OfferPending, "bob": aid.OfferRevoked,
		}, []aid.EventKind{aid.EventOfferRevoked}},
		"one paired: the other goes": {"bob", "ann", "bob", map[aid.VolunteerID]aid.OfferStatus{
			"ann": aid.OfferRevoked, "bob": aid.OfferAccepted,
		}, []aid.EventKind{aid.EventOfferRevoked}},
		"both paired": {"ann bob", "ann", "bob", map[aid.VolunteerID]aid.OfferStatus{
			"ann": aid.OfferAccepted, "bob": aid.OfferAccepted,
		}, []aid.EventKind{aid.EventPairingContested, aid.EventPairingContested}},
		"paired with the beneficiary": {"ann", "ann", "", map[aid.VolunteerID]aid.OfferStatus{
			"ann": aid.OfferAccepted, "bob": aid.OfferPending,
		}, []aid.EventKind{aid.EventPairingContested}},
		"people elsewhere": {"ann", "cid", "dan", map[aid.VolunteerID]aid.OfferStatus{"ann": aid.OfferAccepted, "bob": aid.OfferPending}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := tell(t, crew(1, aid.Routine, 3)).ask("ann", "bob")
			for v := range strings.FieldsSeq(c.accepted) {
				id := aid.OfferID("o-ann-0")
				if v == "bob" {
					id = "o-bob-1"
				}
				_, err := s.r.Accept(id, aid.VolunteerID(v), aid.PairingID("p-"+v), "", s.now)
				require.NoError(t, err)
			}
			s.r.TakeEvents()
			s.keepApart(c.v, c.from)
			require.Equal(t, c.want, s.statusesOf())
			for _, e := range s.r.TakeEvents() {
				require.Equal(t, string(aid.ReasonNotSuitable), e.Reason)
				require.Equal(t, e.Kind == aid.EventPairingContested, e.Volunteer == "", "volunteers read the events that name them")
				require.Equal(t, c.events[0], e.Kind)
				c.events = c.events[1:]
			}
			require.Empty(t, c.events)
		})
	}
}

func TestWhoMustNotMeetCannotAccept(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Routine, 1)).ask("ann")
	s.r.Apart = []aid.Separation{{Volunteer: "ann"}} // looked up with the request
	_, err := s.r.Accept("o-ann-0", "ann", "p", "", s.now)
	require.Equal(t, aid.ReasonNotSuitable, aid.ReasonOf(err))
	require.Empty(t, s.r.Pairings)
}

func TestAnEndedRequestTakesNoSeparation(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Routine, 1)).ask("ann")
	require.NoError(t, s.r.Cancel("", "", s.now))
	s.kinds()
	require.Empty(t, s.keepApart("ann", "").kinds())
}

func TestADoNotMatchSaysWhoAndWhy(t *testing.T) {
	t.Parallel()
	sound := aid.DoNotMatch{ID: "d", Volunteer: "v", Beneficiary: "b", Kind: aid.ApartKin, Reason: "her nephew"}
	require.NoError(t, sound.Validate())
	for field, spoil := range map[string]func(*aid.DoNotMatch){
		"volunteer_id":       func(d *aid.DoNotMatch) { d.Volunteer = "" },
		"beneficiary_id":     func(d *aid.DoNotMatch) { d.Other = "w" },
		"other_volunteer_id": func(d *aid.DoNotMatch) { d.Beneficiary, d.Other = "", "v" },
		"kind":               func(d *aid.DoNotMatch) { d.Kind = "dislike" },
		"reason":             func(d *aid.DoNotMatch) { d.Reason = "" },
		"id":                 func(d *aid.DoNotMatch) { d.ID = " " },
	} {
		d := sound
		spoil(&d)
		require.ErrorContains(t, d.Validate(), field)
	}
	d := aid.DoNotMatch{Volunteer: "w", Other: "v", AreaPath: "/w/", OtherPath: "/v/"}.InOrder()
	require.Equal(t, aid.DoNotMatch{Volunteer: "v", Other: "w", AreaPath: "/v/", OtherPath: "/w/"}, d)
}

// TestWhoAsksByHandLearnsOnlyTheWord, and not that somebody is kept apart.
func TestWhoAsksByHandLearnsOnlyTheWord(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Routine, 1)).keepApart("ann", "")
	_, err := s.r.Assign(aid.Pick{Offer: "o", Volunteer: "ann"}, policy, "c", s.now)
	s.refused(err, aid.Conflict, aid.ReasonNotEligible)
	require.Equal(t, "the volunteer cannot be asked: not_suitable", err.Error())
}

// TestWhoComesBesideIsMetToo: what keeps two apart holds also where they come to one
// door by two requests.
func TestWhoComesBesideIsMetToo(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(2, aid.Routine, 2))
	s.r.Beside, s.r.Apart = []aid.VolunteerID{"eve"}, []aid.Separation{{Volunteer: "cid", From: "eve"}}
	require.Equal(t, []aid.VolunteerID{"cid"}, s.r.Unsuited())
	require.Empty(t, s.r.MakeOffers("round", []aid.Pick{{Offer: "o-cid", Volunteer: "cid"}}, policy, s.now))
	s.ask("ann", "bob").accepts("ann")
	s.r.TakeEvents()
	s.keepApart("bob", "eve")
	require.Equal(t, []aid.EventKind{aid.EventOfferRevoked}, s.kinds())
	s.keepApart("ann", "eve")
	require.Equal(t, []aid.EventKind{aid.EventPairingContested}, s.kinds())
	require.False(t, s.r.MayCome(s.r.Pairings[0]))
	s.r.Beside = nil
	require.True(t, s.r.MayCome(s.r.Pairings[0]), "who comes beside them no more")
}
