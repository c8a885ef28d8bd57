package aid

import "time"

// EventKind says what happened to a help request.
type EventKind string

// The events of a help request.
const (
	EventRequestOpened    EventKind = "request_opened"
	EventOfferMade        EventKind = "offer_made"
	EventOfferAccepted    EventKind = "offer_accepted"
	EventOfferDeclined    EventKind = "offer_declined"
	EventOfferExpired     EventKind = "offer_expired"
	EventOfferRevoked     EventKind = "offer_revoked"
	EventRequestPaired    EventKind = "request_paired"
	EventRequestReopened  EventKind = "request_reopened" // a withdrawal left it below its quorum
	EventPairingWithdrawn EventKind = "pairing_withdrawn"
	EventPairingContested EventKind = "pairing_contested" // somebody is paired who must not come: a coordinator has to decide
	EventSearchWidened    EventKind = "search_widened"    // more people can be asked from now on
	EventHelpWanted       EventKind = "help_wanted"       // coordinators are asked to find somebody
	EventSearchEnded      EventKind = "search_ended"      // nobody left to ask; the crew stands as it is
	EventSuccessorMissing EventKind = "successor_missing" // nobody left to ask to succeed in a standing pairing; it is tried again daily
	EventSearchResumed    EventKind = "search_resumed"    // a successor is sought again
	EventServiceBegun     EventKind = "service_begun"
	EventRequestCompleted EventKind = "request_completed"
	EventRequestCancelled EventKind = "request_cancelled"
	EventRequestUnfilled  EventKind = "request_unfilled"
	EventVisitWaiting     EventKind = "visit_waiting"     // checked in, and waits for another: nobody comes alone
	EventVisitLeft        EventKind = "visit_left"        // checked out again before anybody else had come
	EventVisitBegun       EventKind = "visit_begun"       // checked in, or whom they waited for has come
	EventVisitDone        EventKind = "visit_done"        // checked out, or noted as done
	EventVisitConfirmed   EventKind = "visit_confirmed"   // the beneficiary's side says that it took place
	EventVisitMissed      EventKind = "visit_missed"      // its time passed without a check-in
	EventVisitReminded    EventKind = "visit_reminded"    // its volunteer is to come soon
	EventVisitOverdue     EventKind = "visit_overdue"     // no check-in within the grace: its volunteer is asked
	EventVisitHandedOver  EventKind = "visit_handed_over" // its volunteer will not come
	EventSubstituteWanted EventKind = "substitute_wanted" // nobody has checked in: somebody nearby is sought
	EventVisitUncovered   EventKind = "visit_uncovered"   // nobody has come and nobody was found: the caseworker is asked
	EventCourseLapsing    EventKind = "course_lapsing"    // a course lapses before a visit to come
	EventCheckLapsing     EventKind = "check_lapsing"     // the background check lapses before a visit to come
	EventConsentLapsing   EventKind = "consent_lapsing"   // the guardian's consent lapses before a visit to come
	EventReviewDue        EventKind = "review_due"        // both sides are asked whether the pairing goes on
	EventReviewAnswered   EventKind = "review_answered"
	EventServiceDisputed  EventKind = "service_disputed" // its volunteer contests a service record
	EventServiceSettled   EventKind = "service_settled"  // a coordinator has decided on it

	// Of whom the volunteer concerned does not hear, see [EventKind.Internal].
	EventVolunteerExcluded   EventKind = "volunteer_excluded"
	EventVolunteerReadmitted EventKind = "volunteer_readmitted"
)

// Internal tells of events that are not for the volunteer whom they concern.
func (k EventKind) Internal() bool {
	return k == EventVolunteerExcluded || k == EventVolunteerReadmitted
}

// Event is one entry of a help request's timeline. It holds ids and words only.
type Event struct {
	Kind      EventKind
	At        time.Time
	Request   RequestID
	Offer     OfferID     // where one offer is concerned
	Pairing   PairingID   // where one pairing is concerned
	Visit     VisitID     // where one visit is concerned
	Volunteer VolunteerID // whom it concerns
	Actor     AccountID   // who did it; empty for the system
	Reason    string      // a word
}
