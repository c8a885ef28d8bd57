package aid_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// policy asks one person a seat for an hour, three for urgent requests.
var policy = aid.SearchPolicy{
	Answer:      map[aid.Urgency]time.Duration{aid.Routine: time.Hour, aid.Urgent: time.Hour},
	AsksPerSeat: map[aid.Urgency]int{aid.Routine: 1, aid.Urgent: 3},
}

// story tells a request's life step by step and checks the invariants after each.
type story struct {
	*testing.T
	r   *aid.HelpRequest
	now time.Time
}

func tell(t *testing.T, n aid.Need) *story {
	t.Helper()
	r, err := aid.OpenRequest("r-1", n, "caseworker", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, noon)
	require.NoError(t, err)
	r.TakeEvents()
	return &story{t, r, noon}
}

func crew(minimum int, urgency aid.Urgency, people ...int) aid.Need {
	n := need(people...)
	n.MinPeople, n.Urgency = minimum, urgency
	return n
}

// ask offers role 0, or the role given by "name/role", to volunteers by name.
func (s *story) ask(names ...string) *story {
	s.Helper()
	require.Len(s, s.offer(names...), len(names))
	return s.sound()
}

func (s *story) offer(names ...string) []aid.Offer {
	var picks []aid.Pick
	for _, name := range names {
		v, role := name, 0
		if i := slices.Index([]byte(name), '/'); i >= 0 {
			v, role = name[:i], int(name[i+1]-'0')
		}
		id := aid.OfferID(fmt.Sprintf("o-%s-%d", v, len(s.r.Offers)+len(picks)))
		picks = append(picks, aid.Pick{Offer: id, Role: role, Volunteer: aid.VolunteerID(v), Cost: aid.Cost{Distance: 100}})
		s.suits(aid.VolunteerID(v), role)
	}
	return s.r.MakeOffers("round", picks, policy, s.now)
}

// suits has a volunteer of whom the test says nothing be active, with what a role
// asks for.
func (s *story) suits(v aid.VolunteerID, role int) {
	if _, told := s.r.Vetted[v]; told || role >= len(s.r.Roles) {
		return
	}
	if s.r.Vetted == nil {
		s.r.Vetted = map[aid.VolunteerID]aid.Vetted{}
	}
	s.r.Vetted[v] = suitable(s.r.Roles[role])
}

func suitable(role aid.RequestRole) aid.Vetted {
	v := aid.Vetted{Active: true, Skills: role.Skills}
	for _, c := range role.Courses {
		v.Courses = append(v.Courses, aid.CourseHeld{Course: c})
	}
	return v
}

func (s *story) at(hoursAfterNoon float64) *story {
	s.now = hours(hoursAfterNoon, hoursAfterNoon).StartsAt
	return s
}

func (s *story) sound() *story {
	s.Helper()
	require.NoError(s, s.r.Check())
	return s
}

func (s *story) is(want aid.RequestStatus) *story {
	s.Helper()
	require.Equal(s, want, s.r.Status)
	return s.sound()
}

// last is the latest offer made to a volunteer.
func (s *story) last(name string) aid.Offer {
	s.Helper()
	for _, o := range slices.Backward(s.r.Offers) {
		if o.Volunteer == aid.VolunteerID(name) {
			return o
		}
	}
	require.FailNow(s, "nobody asked "+name)
	return aid.Offer{}
}

func (s *story) accept(name string) (aid.Pairing, error) {
	s.Helper()
	o := s.last(name)
	return s.r.Accept(o.ID, o.Volunteer, aid.PairingID("p-"+string(o.ID)), aid.AccountID(name), s.now)
}

func (s *story) accepts(names ...string) *story {
	s.Helper()
	for _, name := range names {
		_, err := s.accept(name)
		require.NoError(s, err, "%s accepts", name)
	}
	return s.sound()
}

func (s *story) pairing(name string) aid.Pairing {
	s.Helper()
	i := slices.IndexFunc(s.r.Pairings, func(p aid.Pairing) bool { return p.Volunteer == aid.VolunteerID(name) })
	require.GreaterOrEqual(s, i, 0, "%s has no pairing", name)
	return s.r.Pairings[i]
}

func (s *story) withdraws(name string) *story {
	s.Helper()
	require.NoError(s, s.r.Withdraw(s.pairing(name).ID, "unwell", aid.AccountID(name), s.now))
	return s.sound()
}

func (s *story) declines(name string) *story {
	s.Helper()
	require.NoError(s, s.r.Decline(s.last(name).ID, aid.VolunteerID(name), aid.Refusal{Reason: "busy"}, aid.AccountID(name), s.now))
	return s.sound()
}

func (s *story) refused(err error, kind aid.Kind, reason aid.Reason) *story {
	s.Helper()
	require.Error(s, err)
	require.Equal(s, kind, aid.KindOf(err), "%v", err)
	require.Equal(s, reason, aid.ReasonOf(err), "%v", err)
	return s.sound()
}

func (s *story) events() (out []aid.EventKind) {
	for _, e := range s.r.TakeEvents() {
		require.Equal(s, s.r.ID, e.Request)
		require.Equal(s, s.now, e.At)
		out = append(out, e.Kind)
	}
	return out
}

func TestOneToOne(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Routine, 1)).ask("mei").is(aid.RequestOffered)
	require.Equal(t, []aid.EventKind{aid.EventOfferMade}, s.events())
	require.Equal(t, noon.Add(time.Hour), s.last("mei").ExpiresAt)

	s.at(0.5).accepts("mei").is(aid.RequestPaired)
	require.Equal(t, []aid.EventKind{aid.EventOfferAccepted, aid.EventRequestPaired}, s.events())
	p := s.pairing("mei")
	require.Equal(t, aid.Pairing{
		ID: p.ID, Request: "r-1", Volunteer: "mei", Beneficiary: "b-1", Offer: s.last("mei").ID,
		Status: aid.PairingConfirmed, MadeAt: s.now, ConfirmedAt: s.now,
	}, p)

	require.NoError(t, s.at(1).r.BeginService(s.now))
	s.is(aid.RequestInService)
	require.Equal(t, []aid.EventKind{aid.EventServiceBegun}, s.events())

	require.NoError(t, s.at(3).r.Complete("", s.now))
	s.is(aid.RequestCompleted)
	require.Equal(t, []aid.EventKind{aid.EventVisitMissed, aid.EventRequestCompleted}, s.events())
	require.Equal(t, s.now, s.r.EndedAt)
	require.Equal(t, aid.PairingCompleted, s.pairing("mei").Status)
	require.Equal(t, s.now, s.pairing("mei").EndedAt)
}

// TestHelpIsNotDoneBeforeItBegins: the error says when that is.
func TestHelpIsNotDoneBeforeItBegins(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Routine, 1)).ask("mei").accepts("mei").at(0.9)
	err := s.r.Complete("caseworker", s.now)
	s.refused(err, aid.Conflict, aid.ReasonWrongTime)
	require.ErrorContains(t, err, "begins at "+s.r.Window.StartsAt.Format(time.RFC3339))
	require.ErrorContains(t, err, "cancel it")
	s.is(aid.RequestPaired)
	require.NoError(t, s.at(1).r.Complete("caseworker", s.now))
	s.is(aid.RequestCompleted)
}

func TestQuorum(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(2, aid.Routine, 3)).ask("a", "b", "c").accepts("a").is(aid.RequestOffered)
	require.Equal(t, aid.PairingForming, s.pairing("a").Status)

	s.at(0.1).accepts("b").is(aid.RequestPaired)
	require.Equal(t, aid.PairingConfirmed, s.pairing("a").Status)
	require.Equal(t, s.now, s.pairing("a").ConfirmedAt)
	require.Equal(t, aid.OfferPending, s.last("c").Status, "a seat is still open, so c may still come")

	s.at(0.2).withdraws("a").is(aid.RequestOffered)
	require.Equal(t, aid.PairingForming, s.pairing("b").Status, "below the quorum nobody is confirmed")
	s.accepts("c").is(aid.RequestPaired)
	require.Equal(t, aid.PairingConfirmed, s.pairing("b").Status)
}

func TestWithdrawalsReopen(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Routine, 2)).ask("a", "b").accepts("a", "b").is(aid.RequestPaired)
	s.r.EndSearch(aid.ReasonCounts{}, s.now)
	require.True(t, s.r.SearchOver)
	s.events()

	s.withdraws("b").is(aid.RequestPaired)
	require.Equal(t, []aid.EventKind{aid.EventPairingWithdrawn}, s.events())
	require.False(t, s.r.SearchOver, "a vacancy is searched for again")
	require.Len(t, s.r.Vacancies(1), 1)

	s.withdraws("a").is(aid.RequestOpen)
	require.Equal(t, []aid.EventKind{aid.EventPairingWithdrawn, aid.EventRequestReopened}, s.events())
	require.Empty(t, s.offer("a", "b"), "who withdrew is not asked again")
	s.ask("c").accepts("c").is(aid.RequestPaired)
	require.Zero(t, s.pairing("c").Seat, "the lowest free seat")
}

func TestWithdrawalWhileServing(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Routine, 2)).ask("a", "b").accepts("a", "b").at(1)
	require.NoError(t, s.r.BeginService(s.now))
	s.withdraws("a").is(aid.RequestInService)
	require.Empty(t, s.r.Vacancies(1), "while serving nobody new is asked")
	s.withdraws("b").is(aid.RequestOpen)
	require.Len(t, s.r.Vacancies(1), 1)
	s.ask("c").accepts("c").is(aid.RequestPaired)
	require.NoError(t, s.r.BeginService(s.now))
	s.is(aid.RequestInService)
}

func TestRaceForTheLastSeat(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Urgent, 1)).ask("a", "b", "c").accepts("b").is(aid.RequestPaired)
	for _, loser := range []string{"a", "c"} {
		require.Equal(t, aid.OfferRevoked, s.last(loser).Status)
		_, err := s.accept(loser)
		s.refused(err, aid.Conflict, aid.ReasonSeatTaken)
	}
	s.withdraws("b").is(aid.RequestOpen)
	s.ask("a").accepts("a").is(aid.RequestPaired)
}

func TestOnlyTheRoleThatIsFullIsRevoked(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(2, aid.Urgent, 1, 1)).ask("a", "b", "c/1", "d/1").accepts("a").is(aid.RequestOffered)
	require.Equal(t, aid.OfferRevoked, s.last("b").Status)
	require.Equal(t, aid.OfferPending, s.last("c").Status)
	s.accepts("d").is(aid.RequestPaired)
	require.Equal(t, 1, s.pairing("d").Role)
	require.Equal(t, aid.OfferRevoked, s.last("c").Status)
}

func TestMakeOffersLeavesOut(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Routine, 2, 1))
	made := s.offer("a", "a", "b/9", "c", "d", "e/1", "f/1")
	require.Len(t, made, 3)
	for i, v := range []aid.VolunteerID{"a", "c", "e"} {
		require.Equal(t, v, made[i].Volunteer, "a second ask, an unknown role and full roles are left out")
	}
	require.Equal(t, made, s.sound().r.Offers)
	require.Empty(t, s.offer("g", "h/1"), "somebody is being asked for every seat")

	s.r.ExpireOffers(noon.Add(time.Hour))
	require.Empty(t, s.at(3).offer("i"), "the window is over")
	require.Empty(t, s.at(2).offer("a"), "who let it expire is not asked again")
	require.Len(t, s.offer("i"), 1)
	require.Equal(t, s.r.Window.EndsAt, s.last("i").ExpiresAt, "an offer ends with the window")

	require.NoError(t, s.r.Cancel("", "caseworker", s.now))
	require.Empty(t, s.offer("j"))
	s.is(aid.RequestCancelled)
}

func TestAnswersThatComeTooLate(t *testing.T) {
	t.Parallel()
	decline := func(s *story, name string) error {
		return s.r.Decline(s.last(name).ID, aid.VolunteerID(name), aid.Refusal{Reason: "busy"}, aid.AccountID(name), s.now)
	}
	for name, test := range map[string]struct {
		before func(s *story)
		reason aid.Reason
	}{
		"at the deadline":       {func(s *story) { s.at(1) }, aid.ReasonOfferExpired},
		"after it was expired":  {func(s *story) { s.at(1).r.ExpireOffers(s.now) }, aid.ReasonOfferExpired},
		"seat taken":            {func(s *story) { s.accepts("b") }, aid.ReasonSeatTaken},
		"seat taken, then over": {func(s *story) { s.accepts("b").at(1); require.NoError(t, s.r.Complete("", s.now)) }, aid.ReasonSeatTaken},
		"request cancelled":     {func(s *story) { require.NoError(t, s.r.Cancel("", "", s.now)) }, aid.ReasonRequestEnded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := tell(t, crew(1, aid.Urgent, 1)).ask("a", "b")
			test.before(s)
			_, err := s.accept("a")
			s.refused(err, aid.Conflict, test.reason)
			s.refused(decline(s, "a"), aid.Conflict, test.reason)
		})
	}

	s := tell(t, crew(2, aid.Urgent, 2)).ask("a", "b").accepts("a").declines("b")
	_, err := s.accept("b")
	s.refused(err, aid.Conflict, aid.ReasonOfferEnded)
	s.refused(decline(s, "a"), aid.Conflict, aid.ReasonOfferEnded)
}

func TestOffersOfOthersDoNotExist(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Urgent, 1)).ask("a", "b")
	_, err := s.r.Accept(s.last("a").ID, "b", "p", "b", s.now)
	s.refused(err, aid.NotFound, "")
	_, err = s.r.Accept("o-none", "a", "p", "a", s.now)
	s.refused(err, aid.NotFound, "")
	s.refused(s.r.Decline(s.last("a").ID, "b", aid.Refusal{Reason: "busy"}, "b", s.now), aid.NotFound, "")
	s.refused(s.r.Withdraw("p-none", "busy", "a", s.now), aid.NotFound, "")
	s.is(aid.RequestOffered)
}

func TestAnswersMustBeWordsWeKnow(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Routine, 1)).ask("a")
	for _, reason := range []string{"", "because my phone number is 100", "moved"} {
		require.Equal(t, []string{"reason"}, fields(t, s.r.Decline(s.last("a").ID, "a", aid.Refusal{Reason: reason}, "a", s.now)), "%q", reason)
	}
	s.accepts("a")
	for _, reason := range []string{"", "too_far", "Busy"} {
		require.Equal(t, []string{"reason"}, fields(t, s.r.Withdraw(s.pairing("a").ID, reason, "a", s.now)), "%q", reason)
	}
	require.Equal(t, []string{"reason"}, fields(t, s.r.Cancel("she has gone to her sister's", "caseworker", s.now)))
	s.is(aid.RequestPaired)
	for _, reason := range aid.WithdrawReasons {
		require.NoError(t, s.r.Withdraw(s.pairing("a").ID, reason, "a", s.now), "%q", reason)
	}
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Routine, 2)).ask("a").at(0.5).ask("b").at(0.999)
	require.Zero(t, s.r.ExpireOffers(s.now))
	s.at(1)
	require.Equal(t, 1, s.r.ExpireOffers(s.now))
	s.is(aid.RequestOffered)
	require.Equal(t, aid.OfferExpired, s.last("a").Status)
	require.Equal(t, s.now, s.last("a").AnsweredAt)
	s.at(1.5)
	require.Equal(t, 1, s.r.ExpireOffers(s.now))
	s.is(aid.RequestOpen)
	require.Zero(t, s.r.ExpireOffers(s.now))
}

func TestEndSearch(t *testing.T) {
	t.Parallel()
	unmet := aid.ReasonCounts{TooFar: 7, Skill: 2, Asked: 1}

	s := tell(t, crew(2, aid.Routine, 2)).ask("a", "b").accepts("a")
	s.r.TakeEvents()
	s.r.EndSearch(unmet, s.now)
	require.Empty(t, s.r.TakeEvents(), "b has not answered: there is somebody left")
	s.is(aid.RequestOffered)

	s.declines("b").is(aid.RequestOpen).r.TakeEvents()
	s.r.EndSearch(unmet, s.now)
	require.Equal(t, []aid.EventKind{aid.EventRequestUnfilled}, s.events())
	s.is(aid.RequestUnfilled)
	require.Equal(t, unmet, s.r.Unmet)
	require.Equal(t, aid.PairingCancelled, s.pairing("a").Status)
	require.Equal(t, "unfilled", s.pairing("a").Reason)

	s = tell(t, crew(1, aid.Routine, 2)).ask("a").accepts("a")
	s.r.TakeEvents()
	s.r.EndSearch(unmet, s.now)
	require.Equal(t, []aid.EventKind{aid.EventSearchEnded}, s.events())
	s.is(aid.RequestPaired)
	require.Empty(t, s.offer("b"), "once over, nobody more is asked")
	s.r.EndSearch(aid.ReasonCounts{}, s.now)
	require.Empty(t, s.r.TakeEvents())
	require.Equal(t, unmet, s.r.Unmet, "said once, the reasons stand")
}

func TestBeginService(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Urgent, 2))
	s.refused(s.at(1).r.BeginService(s.now), aid.Conflict, aid.ReasonWrongTime).is(aid.RequestOpen)
	s.at(0.5).ask("a", "b", "c").accepts("a").is(aid.RequestPaired)
	s.refused(s.at(0.999).r.BeginService(s.now), aid.Conflict, aid.ReasonWrongTime).is(aid.RequestPaired)

	require.NoError(t, s.at(1).r.BeginService(s.now))
	s.is(aid.RequestInService)
	require.Equal(t, aid.OfferRevoked, s.last("b").Status)
	require.Equal(t, string(aid.ReasonSearchFinished), s.last("b").Reason)
	_, err := s.accept("b")
	s.refused(err, aid.Conflict, aid.ReasonOfferEnded)
	s.r.TakeEvents()
	require.NoError(t, s.r.BeginService(s.now))
	require.Empty(t, s.r.TakeEvents())

	require.NoError(t, s.r.Cancel("no_longer_needed", "caseworker", s.now))
	s.refused(s.r.BeginService(s.now), aid.Conflict, aid.ReasonWrongTime)
}

func TestCompleteAndCancelInEachState(t *testing.T) {
	t.Parallel()
	reach := map[aid.RequestStatus]func(s *story){
		aid.RequestOpen:    func(*story) {},
		aid.RequestOffered: func(s *story) { s.ask("a") },
		aid.RequestPaired:  func(s *story) { s.ask("a").accepts("a") },
		aid.RequestInService: func(s *story) {
			s.ask("a").accepts("a").at(1)
			require.NoError(t, s.r.BeginService(s.now))
		},
		aid.RequestCompleted: func(s *story) { s.ask("a").accepts("a").at(1); require.NoError(t, s.r.Complete("", s.now)) },
		aid.RequestCancelled: func(s *story) { require.NoError(t, s.r.Cancel("", "", s.now)) },
		aid.RequestUnfilled:  func(s *story) { s.r.EndSearch(aid.ReasonCounts{}, s.now) },
	}
	type outcome struct {
		status aid.RequestStatus
		reason aid.Reason
	}
	completed, cancelled := outcome{status: aid.RequestCompleted}, outcome{status: aid.RequestCancelled}
	ended := func(s aid.RequestStatus) outcome { return outcome{s, aid.ReasonRequestEnded} }
	early := func(s aid.RequestStatus) outcome { return outcome{s, aid.ReasonWrongTime} }
	for _, status := range aid.RequestStatuses {
		complete := map[aid.RequestStatus]outcome{
			aid.RequestOpen: early(aid.RequestOpen), aid.RequestOffered: early(aid.RequestOffered),
			aid.RequestPaired: early(aid.RequestPaired), aid.RequestInService: completed, aid.RequestCompleted: completed,
			aid.RequestCancelled: ended(aid.RequestCancelled), aid.RequestUnfilled: ended(aid.RequestUnfilled),
		}[status]
		cancel := map[aid.RequestStatus]outcome{
			aid.RequestOpen: cancelled, aid.RequestOffered: cancelled, aid.RequestPaired: cancelled,
			aid.RequestInService: cancelled, aid.RequestCancelled: cancelled,
			aid.RequestCompleted: ended(aid.RequestCompleted), aid.RequestUnfilled: ended(aid.RequestUnfilled),
		}[status]
		for name, step := range map[string]struct {
			do   func(s *story) error
			want outcome
		}{
			"complete": {func(s *story) error { return s.r.Complete("caseworker", s.now) }, complete},
			"cancel":   {func(s *story) error { return s.r.Cancel("mistake", "caseworker", s.now) }, cancel},
		} {
			t.Run(name+" "+string(status), func(t *testing.T) {
				t.Parallel()
				s := tell(t, crew(1, aid.Routine, 1))
				reach[status](s)
				s.is(status)
				if err := step.do(s); step.want.reason != "" {
					s.refused(err, aid.Conflict, step.want.reason)
				} else {
					require.NoError(t, err)
				}
				s.is(step.want.status)
				require.Equal(t, s.r.Status.Ended(), !s.r.EndedAt.IsZero())
			})
		}
	}
}
