package aid

import (
	"slices"
	"time"
)

// Telling is an order to write one notice for each of several people.
type Telling struct {
	Kind         NoticeKind
	Urgent       bool
	Until        time.Time
	Volunteers   []VolunteerID // those of them who have an account
	Account      AccountID     // may be empty
	Coordinators bool          // those nearest above the request's area
}

// noticeRule says who is told of an event, and how.
type noticeRule struct {
	kind         NoticeKind
	urgent       pressing
	volunteers   audience
	opener       bool // whoever opened the request, unless it was their own doing
	coordinators bool
}

// noticeRules is the one table of who hears of what. Every kind of event has a
// row, an empty one if nobody is told.
var noticeRules = map[EventKind][]noticeRule{
	EventRequestOpened: {},
	EventOfferMade:     {{kind: NoticeOfferMade, urgent: asTheRequest, volunteers: named}},
	EventOfferAccepted: {
		{kind: NoticeSeatHeld, urgent: never, volunteers: named.with(PairingForming)},
		{kind: NoticePairingConfirmed, urgent: whenSoon, volunteers: named.with(PairingConfirmed)},
	},
	EventOfferDeclined:       {},
	EventOfferExpired:        {},
	EventVolunteerExcluded:   {},
	EventVolunteerReadmitted: {},
	EventOfferRevoked: {
		{kind: NoticeOfferFilled, urgent: never, volunteers: named.because(ReasonSeatTaken)},
		{kind: NoticeOfferEnded, urgent: never, volunteers: named.because(ReasonRequestEnded, ReasonSearchFinished)},
		{kind: NoticeOfferWithdrawn, urgent: never, volunteers: named.because(ReasonNotSuitable)},
	},
	EventRequestPaired: {
		{kind: NoticePairingConfirmed, urgent: whenSoon, volunteers: crew(PairingConfirmed)},
		{kind: NoticeRequestPaired, urgent: never, opener: true},
	},
	EventRequestReopened: {
		{kind: NoticePairingWaiting, urgent: whenSoon, volunteers: crew(PairingForming)},
		{kind: NoticeRequestReopened, urgent: whenSoon, opener: true},
	},
	EventPairingWithdrawn: {{kind: NoticeSeatVacant, urgent: whenSoon, opener: true}},
	EventPairingContested: {{kind: NoticePairingContested, urgent: whenSoon, coordinators: true}},
	EventSearchWidened:    {},
	EventHelpWanted:       {{kind: NoticeHelpWanted, urgent: asTheRequest, coordinators: true}},
	EventSuccessorMissing: {{kind: NoticeSuccessorMissing, urgent: whenSoon, opener: true}},
	EventSearchResumed:    {},
	EventSearchEnded:      {{kind: NoticeSearchEnded, urgent: never, opener: true}},
	EventServiceBegun:     {},
	EventRequestCompleted: {
		{kind: NoticePairingCompleted, urgent: never, volunteers: crew(PairingCompleted).present()},
		{kind: NoticeRequestCompleted, urgent: never, opener: true},
	},
	EventRequestCancelled: {
		{kind: NoticePairingCancelled, urgent: whenSoon, volunteers: crew(PairingCancelled)},
		{kind: NoticeRequestCancelled, urgent: never, opener: true},
	},
	EventVisitWaiting:   {},
	EventVisitLeft:      {},
	EventVisitBegun:     {},
	EventVisitDone:      {},
	EventVisitConfirmed: {},
	EventVisitReminded:  {{kind: NoticeVisitReminder, urgent: never, volunteers: named}},
	EventVisitOverdue:   {{kind: NoticeVisitOverdue, urgent: always, volunteers: named}},
	EventVisitHandedOver: {
		{kind: NoticeVisitAlone, urgent: whenVisitSoon, volunteers: named.because(HandedOverAlone)},
		{kind: NoticeVisitHandedOver, urgent: whenVisitSoon, opener: true},
	},
	EventSubstituteWanted: {},
	EventVisitUncovered:   {{kind: NoticeVisitUncovered, urgent: unlessAhead, opener: true, coordinators: true}},
	EventCourseLapsing:    {{kind: NoticeCourseLapsing, urgent: never, volunteers: named}},
	EventCheckLapsing:     {{kind: NoticeCheckLapsing, urgent: never, volunteers: named, coordinators: true}},
	EventConsentLapsing:   {{kind: NoticeConsentLapsing, urgent: never, volunteers: named, coordinators: true}},
	EventReviewDue:        {{kind: NoticeReviewDue, urgent: never, volunteers: crew(PairingConfirmed), opener: true}},
	EventReviewAnswered:   {},
	EventVisitMissed: {
		{kind: NoticeVisitMissed, urgent: always, volunteers: named.unless(HandedOverAlone)},
		{kind: NoticeVisitUnattended, urgent: always, opener: true},
	},
	EventServiceDisputed: {{kind: NoticeServiceDisputed, urgent: never, coordinators: true}},
	EventServiceSettled:  {{kind: NoticeServiceSettled, urgent: never, volunteers: named}},
	EventRequestUnfilled: {
		{kind: NoticePairingReleased, urgent: whenSoon, volunteers: crew(PairingCancelled)},
		{kind: NoticeRequestUnfilled, urgent: asTheRequest, opener: true, coordinators: true},
	},
}

// Tellings says, for each event of one change, who is to be told what, by the
// state that the change led to. Nobody is told the same twice for one change.
func (r *HelpRequest) Tellings(events []Event) [][]Telling {
	type told struct {
		kind      NoticeKind
		volunteer VolunteerID
	}
	seen := map[told]bool{}
	out := make([][]Telling, len(events))
	for i, e := range events {
		for _, rule := range noticeRules[e.Kind] {
			t := Telling{Kind: rule.kind, Urgent: rule.urgent(r, e), Until: r.noticeEnd(e), Coordinators: rule.coordinators}
			if rule.volunteers != nil {
				for _, v := range rule.volunteers(r, e) {
					if key := (told{rule.kind, v}); !seen[key] {
						seen[key] = true
						t.Volunteers = append(t.Volunteers, v)
					}
				}
			}
			if rule.opener && e.Actor != r.OpenedBy {
				t.Account = r.OpenedBy
			}
			if len(t.Volunteers) > 0 || t.Account != "" || t.Coordinators {
				out[i] = append(out[i], t)
			}
		}
	}
	return out
}

// noticeEnd is until when notices of an event are worth sending.
func (r *HelpRequest) noticeEnd(e Event) time.Time {
	if e.Kind == EventOfferMade {
		if i := slices.IndexFunc(r.Offers, func(o Offer) bool { return o.ID == e.Offer }); i >= 0 {
			return r.Offers[i].ExpiresAt
		}
	}
	return e.At.Add(NoticeLife)
}

// pressing tells whether notices of an event break into quiet hours.
type pressing func(r *HelpRequest, e Event) bool

// soon is how near a window is when a change of plans cannot wait.
const soon = 12 * time.Hour

func always(*HelpRequest, Event) bool { return true }

func never(*HelpRequest, Event) bool { return false }

func asTheRequest(r *HelpRequest, _ Event) bool { return r.Urgency == Urgent }

// whenSoon: plans for the next hours change.
func whenSoon(r *HelpRequest, e Event) bool {
	next := r.Next(e.At)
	return next.EndsAt.After(e.At) && next.StartsAt.Sub(e.At) < soon
}

// unlessAhead: what lies ahead for long can wait for the morning.
func unlessAhead(r *HelpRequest, e Event) bool {
	return e.Reason != UncoveredAhead || whenVisitSoon(r, e)
}

// whenVisitSoon: the visit that an event names is within the next hours.
func whenVisitSoon(r *HelpRequest, e Event) bool {
	v, err := r.visit(e.Visit)
	return err == nil && v.Window.StartsAt.Sub(e.At) < soon
}

// audience gives the volunteers who are told of an event.
type audience func(r *HelpRequest, e Event) []VolunteerID

// named is whom the event itself names.
var named audience = func(_ *HelpRequest, e Event) []VolunteerID { return []VolunteerID{e.Volunteer} }

// with keeps those whose pairing now has a status.
func (a audience) with(status PairingStatus) audience {
	return func(r *HelpRequest, e Event) []VolunteerID {
		return slices.DeleteFunc(a(r, e), func(v VolunteerID) bool {
			return !slices.ContainsFunc(r.Pairings, func(p Pairing) bool { return p.Volunteer == v && p.Status == status })
		})
	}
}

// present leaves out those who were missed at a visit.
func (a audience) present() audience {
	return func(r *HelpRequest, e Event) []VolunteerID {
		return slices.DeleteFunc(a(r, e), func(v VolunteerID) bool {
			return slices.ContainsFunc(r.Visits, func(visit Visit) bool { return visit.Volunteer == v && visit.Status == VisitMissed })
		})
	}
}

// because keeps nobody unless the event has one of the reasons.
func (a audience) because(reasons ...Reason) audience {
	return func(r *HelpRequest, e Event) []VolunteerID {
		if slices.Contains(reasons, Reason(e.Reason)) {
			return a(r, e)
		}
		return nil
	}
}

// unless keeps nobody if the event has the reason.
func (a audience) unless(reason Reason) audience {
	return func(r *HelpRequest, e Event) []VolunteerID {
		if Reason(e.Reason) == reason {
			return nil
		}
		return a(r, e)
	}
}

// crew is everybody whose pairing has a status that the event left it in: those
// who had left before are no part of it.
func crew(status PairingStatus) audience {
	return func(r *HelpRequest, e Event) []VolunteerID {
		var out []VolunteerID
		for _, p := range r.Pairings {
			if p.Status == status && (status.Holding() || p.EndedAt.Equal(e.At)) {
				out = append(out, p.Volunteer)
			}
		}
		return out
	}
}
