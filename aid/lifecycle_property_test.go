package aid_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

// TestRandomLives drives a request through random steps in random order, with a
// clock that never goes back, and holds it after each step against its own
// invariants, against a model of its status and against what it was before.
func TestRandomLives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := newLife(t)
		t.Repeat(l.steps())
	})
}

// steps are all that can happen to a life; the empty one follows each.
func (l *life) steps() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"":                l.verify,
		"pass time":       l.passTime,
		"make offers":     l.makeOffers,
		"accept":          l.accept,
		"decline":         l.decline,
		"expire":          l.expire,
		"withdraw":        l.withdraw,
		"cancel":          l.cancel,
		"end search":      l.endSearch,
		"miss the quorum": l.missQuorum,
		"begin":           l.begin,
		"complete":        l.complete,
		"answer again":    l.answerAgain,
	}
}

// life is one request with the model that it is held against: how many offers
// wait, how many seats are held, and what has been said about the whole.
type life struct {
	r       *aid.HelpRequest
	now     time.Time
	policy  aid.SearchPolicy
	pending map[aid.OfferID]time.Time // deadline
	holding map[aid.PairingID]bool
	serving bool
	ended   aid.RequestStatus // empty while it lives
	before  *aid.HelpRequest  // as it was after the last step
	made    int
}

func newLife(t *rapid.T) *life { return newLifeOf(t, func(*aid.Need) {}) }

// newLifeOf is a life of a drawn need with a change.
func newLifeOf(t *rapid.T, change func(*aid.Need)) *life {
	var seats []int
	for range rapid.IntRange(1, 3).Draw(t, "roles") {
		seats = append(seats, rapid.IntRange(1, 3).Draw(t, "people"))
	}
	n := need(seats...)
	n.MinPeople = rapid.IntRange(1, n.People()).Draw(t, "min people")
	n.Urgency = rapid.SampledFrom(aid.Urgencies).Draw(t, "urgency")
	n.Window = hours(1, rapid.Float64Range(1.1, 8).Draw(t, "window ends"))
	change(&n)
	r, err := aid.OpenRequest("r-1", n, "caseworker", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, noon)
	require.NoError(t, err)
	r.TakeEvents()
	r.Vetted = map[aid.VolunteerID]aid.Vetted{}
	for _, v := range people {
		r.Vetted[v] = suitable(n.Roles[0])
	}
	return &life{
		r: r, now: noon, before: clone(r),
		policy: aid.SearchPolicy{
			Answer:      map[aid.Urgency]time.Duration{aid.Routine: 3 * time.Hour, aid.Soon: time.Hour, aid.Urgent: 10 * time.Minute},
			AsksPerSeat: map[aid.Urgency]int{aid.Routine: 1, aid.Soon: 2, aid.Urgent: 3},
		},
		pending: map[aid.OfferID]time.Time{}, holding: map[aid.PairingID]bool{},
	}
}

// clone copies everything that a method could change.
func clone(r *aid.HelpRequest) *aid.HelpRequest {
	c := *r
	c.Roles, c.Offers, c.Pairings = slices.Clone(r.Roles), slices.Clone(r.Offers), slices.Clone(r.Pairings)
	return &c
}

// status is what the model says the request must be.
func (l *life) status() aid.RequestStatus {
	switch {
	case l.ended != "":
		return l.ended
	case l.serving:
		return aid.RequestInService
	case l.stands():
		return aid.RequestPaired
	case len(l.pending) > 0:
		return aid.RequestOffered
	}
	return aid.RequestOpen
}

// stands tells whether the model's crew is whole: where a course is asked of one,
// somebody holds the seat of the first role, which asks for it.
func (l *life) stands() bool {
	led := l.r.Risk.Course == "" || slices.ContainsFunc(l.r.Pairings, func(p aid.Pairing) bool { return l.holding[p.ID] && p.Role == 0 })
	return len(l.holding) >= l.r.MinPeople && led
}

// verify runs after every step.
func (l *life) verify(t *rapid.T) {
	require.NoError(t, l.r.Check())
	require.Equal(t, l.status(), l.r.Status)
	require.Len(t, l.holding, l.r.Filled())
	require.Len(t, l.pending, l.r.Pending())
	require.LessOrEqual(t, l.r.Filled(), l.r.People())
	require.Equal(t, l.r.Status.Ended(), !l.r.EndedAt.IsZero())

	changed := !reflect.DeepEqual(l.before, withoutEvents(l.r))
	events := l.r.TakeEvents()
	require.Equal(t, changed, len(events) > 0, "every change leaves an event, and no event comes without one: %v", events)
	for _, e := range events {
		require.Equal(t, l.r.ID, e.Request)
		require.Equal(t, l.now, e.At)
	}
	if l.before.Status.Ended() {
		require.Equal(t, l.before, clone(l.r), "what has ended never changes")
	}
	l.keepsHistory(t)
	l.before = clone(l.r)
}

// withoutEvents is r as a reader of its exported parts sees it.
func withoutEvents(r *aid.HelpRequest) *aid.HelpRequest {
	c := clone(r)
	c.TakeEvents()
	return c
}

// keepsHistory: answers and ends are final, and nothing is forgotten.
func (l *life) keepsHistory(t *rapid.T) {
	require.GreaterOrEqual(t, len(l.r.Offers), len(l.before.Offers))
	for i, o := range l.before.Offers {
		if o.Status != aid.OfferPending {
			require.Equal(t, o, l.r.Offers[i])
		}
	}
	require.GreaterOrEqual(t, len(l.r.Pairings), len(l.before.Pairings))
	for i, p := range l.before.Pairings {
		if !p.Status.Holding() {
			require.Equal(t, p, l.r.Pairings[i])
		}
	}
	for _, o := range l.r.Offers {
		require.Equal(t, o.Status == aid.OfferPending, o.AnsweredAt.IsZero())
		require.False(t, o.ExpiresAt.After(l.r.Window.EndsAt))
		if o.Status == aid.OfferAccepted {
			require.True(t, o.AnsweredAt.Before(o.ExpiresAt), "accepted before its end")
		}
	}
}

// unchanged asserts that a step which was refused, or repeated, left no trace.
func (l *life) unchanged(t *rapid.T) { require.Equal(t, l.before, clone(l.r)) }

// settle notes in the model what a change of the holding seats brings with it.
func (l *life) settle() {
	if !l.stands() {
		l.serving = false
	}
}

func (l *life) end(status aid.RequestStatus) {
	l.ended, l.serving = status, false
	clear(l.pending)
	clear(l.holding)
}

func (l *life) passTime(t *rapid.T) {
	l.now = l.now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "minutes")) * time.Minute)
}

var people = []aid.VolunteerID{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}

func (l *life) makeOffers(t *rapid.T) {
	var picks []aid.Pick
	for range rapid.IntRange(1, 6).Draw(t, "picks") {
		l.made++
		picks = append(picks, aid.Pick{
			Offer: aid.OfferID(fmt.Sprintf("o-%d", l.made)), Role: rapid.IntRange(-1, len(l.r.Roles)).Draw(t, "role"),
			Volunteer: rapid.SampledFrom(people).Draw(t, "volunteer"),
		})
	}
	room := map[int]int{}
	for _, v := range l.r.Vacancies(l.policy.AsksPerSeat[l.r.Urgency]) {
		room[v.Role] = v.Seats + v.Standby
	}
	made := l.r.MakeOffers("round", picks, l.policy, l.now)
	for _, o := range made {
		require.False(t, l.before.Asked(o.Volunteer))
		require.True(t, o.ExpiresAt.After(l.now))
		room[o.Role]--
		require.GreaterOrEqual(t, room[o.Role], 0, "more were asked for role %d than there is room", o.Role)
		l.pending[o.ID] = o.ExpiresAt
	}
	if len(made) == 0 {
		l.unchanged(t)
	}
}

// anyOffer draws an offer and somebody to answer it, mostly the right person.
func (l *life) anyOffer(t *rapid.T) (aid.Offer, aid.VolunteerID, bool) {
	if len(l.r.Offers) == 0 {
		t.Skip("no offers yet")
	}
	o := rapid.SampledFrom(l.r.Offers).Draw(t, "offer")
	if rapid.IntRange(0, 5).Draw(t, "stranger") == 0 {
		by := rapid.SampledFrom(people).Draw(t, "by")
		return o, by, by == o.Volunteer
	}
	return o, o.Volunteer, true
}

func (l *life) accept(t *rapid.T) {
	o, by, own := l.anyOffer(t)
	p, err := l.r.Accept(o.ID, by, aid.PairingID("p-"+o.ID), "actor", l.now)
	deadline, waits := l.pending[o.ID]
	switch {
	case !own:
		require.Equal(t, aid.NotFound, aid.KindOf(err))
		l.unchanged(t)
	case o.Status == aid.OfferAccepted:
		require.NoError(t, err, "accepting again is no error")
		require.Equal(t, o.ID, p.Offer)
		l.unchanged(t)
	case !waits || !l.now.Before(deadline):
		require.Equal(t, aid.Conflict, aid.KindOf(err))
		require.NotEmpty(t, aid.ReasonOf(err))
		l.unchanged(t)
	default:
		require.NoError(t, err, "a pending offer always has a seat")
		require.Equal(t, by, p.Volunteer)
		l.holding[p.ID] = true
		delete(l.pending, o.ID)
		l.dropRevoked()
	}
}

// dropRevoked follows the revocations of a full role.
func (l *life) dropRevoked() {
	for role, r := range l.r.Roles {
		held := 0
		for _, p := range l.r.Pairings {
			if p.Role == role && l.holding[p.ID] {
				held++
			}
		}
		for _, o := range l.r.Offers {
			if o.Role == role && held == r.People {
				delete(l.pending, o.ID)
			}
		}
	}
}

func (l *life) decline(t *rapid.T) {
	o, by, own := l.anyOffer(t)
	reason := rapid.SampledFrom(append([]string{"not a word"}, aid.DeclineReasons...)).Draw(t, "reason")
	err := l.r.Decline(o.ID, by, aid.Refusal{Reason: reason}, "actor", l.now)
	deadline, waits := l.pending[o.ID]
	switch {
	case reason == "not a word":
		require.Equal(t, aid.Invalid, aid.KindOf(err))
		l.unchanged(t)
	case !own:
		require.Equal(t, aid.NotFound, aid.KindOf(err))
		l.unchanged(t)
	case o.Status == aid.OfferDeclined:
		require.NoError(t, err)
		l.unchanged(t)
	case !waits || !l.now.Before(deadline):
		require.Equal(t, aid.Conflict, aid.KindOf(err))
		l.unchanged(t)
	default:
		require.NoError(t, err)
		delete(l.pending, o.ID)
	}
}

func (l *life) expire(t *rapid.T) {
	due := 0
	for id, deadline := range l.pending {
		if !l.now.Before(deadline) {
			delete(l.pending, id)
			due++
		}
	}
	require.Equal(t, due, l.r.ExpireOffers(l.now))
	require.Zero(t, l.r.ExpireOffers(l.now))
}

func (l *life) withdraw(t *rapid.T) {
	if len(l.r.Pairings) == 0 {
		t.Skip("no pairings yet")
	}
	p := rapid.SampledFrom(l.r.Pairings).Draw(t, "pairing")
	err := l.r.Withdraw(p.ID, "unwell", "actor", l.now)
	switch {
	case l.holding[p.ID]:
		require.NoError(t, err)
		delete(l.holding, p.ID)
		l.settle()
	case p.Status == aid.PairingWithdrawn:
		require.NoError(t, err)
		l.unchanged(t)
	default:
		require.Equal(t, aid.ReasonPairingEnded, aid.ReasonOf(err))
		l.unchanged(t)
	}
}

// rarely skips a step that ends a life, so that lives last.
func rarely(t *rapid.T) {
	if rapid.IntRange(0, 4).Draw(t, "spared") > 0 {
		t.Skip("lives on")
	}
}

func (l *life) cancel(t *rapid.T) {
	rarely(t)
	err := l.r.Cancel("", "actor", l.now)
	switch l.ended {
	case "":
		require.NoError(t, err)
		l.end(aid.RequestCancelled)
	case aid.RequestCancelled:
		require.NoError(t, err)
		l.unchanged(t)
	default:
		require.Equal(t, aid.ReasonRequestEnded, aid.ReasonOf(err))
		l.unchanged(t)
	}
}

func (l *life) endSearch(t *rapid.T) {
	rarely(t)
	l.r.EndSearch(aid.ReasonCounts{Skill: 1}, l.now)
	switch {
	case l.ended != "" || l.serving || l.before.SearchOver || len(l.pending) > 0:
		l.unchanged(t)
	case !l.stands():
		l.end(aid.RequestUnfilled)
	default:
		require.True(t, l.r.SearchOver)
		require.Empty(t, l.r.Vacancies(9))
	}
}

func (l *life) begin(t *rapid.T) {
	err := l.r.BeginService(l.now)
	switch {
	case l.serving:
		require.NoError(t, err)
		l.unchanged(t)
	case l.status() == aid.RequestPaired && !l.now.Before(l.r.Window.StartsAt):
		require.NoError(t, err)
		l.serving = true
		clear(l.pending)
	default:
		require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(err))
		l.unchanged(t)
	}
}

func (l *life) complete(t *rapid.T) {
	rarely(t)
	err := l.r.Complete("actor", l.now)
	switch status := l.status(); {
	case status == aid.RequestInService, status == aid.RequestPaired && !l.now.Before(l.r.Window.StartsAt):
		require.NoError(t, err)
		l.end(aid.RequestCompleted)
	case status == aid.RequestCompleted:
		require.NoError(t, err)
		l.unchanged(t)
	default:
		require.Equal(t, aid.Conflict, aid.KindOf(err))
		l.unchanged(t)
	}
}

// answerAgain repeats an answer at once: the second time is like none.
func (l *life) answerAgain(t *rapid.T) {
	l.accept(t)
	l.r.TakeEvents()
	l.before = clone(l.r)
	for _, o := range l.r.Offers {
		if o.Status == aid.OfferAccepted {
			_, err := l.r.Accept(o.ID, o.Volunteer, "p-other", "actor", l.now)
			require.NoError(t, err)
		}
		if o.Status == aid.OfferDeclined {
			require.NoError(t, l.r.Decline(o.ID, o.Volunteer, aid.Refusal{Reason: "busy"}, "actor", l.now))
		}
	}
	require.Empty(t, l.r.TakeEvents())
	l.unchanged(t)
}

func (l *life) missQuorum(t *rapid.T) {
	rarely(t)
	by := l.r.QuorumBy()
	require.Equal(t, l.r.MinPeople > 1 && l.ended == "" && !l.serving && !l.stands(), !by.IsZero())
	require.False(t, by.After(l.r.Window.EndsAt))
	l.r.MissQuorum(l.now)
	if by.IsZero() || l.now.Before(by) {
		l.unchanged(t)
		return
	}
	l.end(aid.RequestUnfilled)
}
