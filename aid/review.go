package aid

import "time"

// Review is what both sides say at the review date of a standing pairing.
type Review struct {
	AskedAt     time.Time `json:"asked_at,omitzero"`     // zero: not yet
	Volunteer   string    `json:"volunteer,omitempty"`   // goes_on or ends; empty: no answer yet
	Beneficiary string    `json:"beneficiary,omitempty"` // as the caseworker says
}

// Answers at a review.
const (
	ReviewGoesOn = "goes_on"
	ReviewEnds   = "ends"
)

// NextReview is how long after a review at which both sides go on the next is.
const NextReview = 90

// askForReview asks both sides once the review date has come.
func (r *HelpRequest) askForReview(now time.Time) {
	if r.Cadence.ReviewOn.IsZero() || !r.Review.AskedAt.IsZero() || DateOf(now.In(r.zone())).Compare(r.Cadence.ReviewOn) < 0 {
		return
	}
	r.Review.AskedAt = now
	r.note(Event{Kind: EventReviewDue, At: now})
}

func (r *HelpRequest) zone() *time.Location {
	if zone, err := location(r.Cadence.Zone); err == nil {
		return zone
	}
	return time.UTC
}

// AnswerReview notes what one side says at the review: the volunteer, or else the
// beneficiary by their caseworker. When both go on, the next review is in
// [NextReview] days; when one ends it, the request is completed.
func (r *HelpRequest) AnswerReview(volunteer bool, answer string, actor AccountID, now time.Time) error {
	if answer != ReviewGoesOn && answer != ReviewEnds {
		return &Error{Kind: Invalid, Message: "invalid answer", Problems: []Problem{{"answer", "must be goes_on or ends"}}}
	}
	switch {
	case !r.Standing() || r.Review.AskedAt.IsZero():
		return Because(Conflict, ReasonWrongTime, "no review is due")
	case r.Status.Ended():
		return Because(Conflict, ReasonRequestEnded, "the help request is %s already", r.Status)
	}
	side := &r.Review.Beneficiary
	if volunteer {
		side = &r.Review.Volunteer
	}
	if *side == answer {
		return nil
	}
	*side = answer
	r.note(Event{Kind: EventReviewAnswered, At: now, Actor: actor, Reason: answer})
	switch {
	case answer == ReviewEnds:
		return r.Complete(actor, now)
	case r.Review.Volunteer == ReviewGoesOn && r.Review.Beneficiary == ReviewGoesOn:
		c := *r.Cadence
		c.ReviewOn = DateOf(now.In(r.zone()).AddDate(0, 0, NextReview))
		r.Cadence, r.Review = &c, Review{}
	}
	return nil
}
