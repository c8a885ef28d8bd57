package aid

import "time"

// Offer asks one volunteer to take one seat of a help request.
type Offer struct {
	ID         OfferID
	Request    RequestID
	Role       int // index into the request's roles
	Volunteer  VolunteerID
	Status     OfferStatus
	Round      RoundID
	Cost       Cost
	Chance     float64 // that they would say yes, as it was estimated; 0 where it was not
	MadeAt     time.Time
	ExpiresAt  time.Time
	Through    time.Time // of a standing pairing: it asks for the visits that begin before; zero for one window
	AnsweredAt time.Time // zero until it leaves pending
	Reason     string    // why it was declined or revoked: a word, never free text
}

// Filled tells whether the offer was revoked because somebody else took the seat.
// Whoever answers it has done nothing wrong: it is an outcome and no error.
func (o Offer) Filled() bool {
	return o.Status == OfferRevoked && o.Reason == string(ReasonSeatTaken)
}

// Cost is what a pair costs a plan, in its integer parts. The unit is one metre.
type Cost struct {
	Distance    int64 `json:"distance"`     // round of the great-circle distance
	SpareSkills int64 `json:"spare_skills"` // 250 for each skill the request does not ask for
}

// Total is the sum of the parts.
func (c Cost) Total() int64 { return c.Distance + c.SpareSkills }

// SpareSkillCost is the cost of each skill that the request does not ask for,
// so that rare skills are kept for those who need them.
const SpareSkillCost = 250

// OpenSeatPenalty is the cost of a seat left open, before the urgency's weight.
const OpenSeatPenalty = 10_000_000

// Pairing binds one volunteer to one beneficiary through one seat.
type Pairing struct {
	ID          PairingID
	Request     RequestID
	Role        int
	Seat        int // 0-based within the role
	Volunteer   VolunteerID
	Beneficiary BeneficiaryID
	Offer       OfferID
	Status      PairingStatus
	MadeAt      time.Time
	ConfirmedAt time.Time // zero until the request was first paired with it
	EndedAt     time.Time // zero while it holds
	Reason      string    // why it ended: a word, never free text
}

// WithdrawReasons are the words with which a volunteer may withdraw.
var WithdrawReasons = []string{"busy", "unwell", "moved", "unsafe", "other"}

// SearchPolicy says how people are asked, by urgency.
type SearchPolicy struct {
	Answer      map[Urgency]time.Duration // how long an offer waits for its answer
	AsksPerSeat map[Urgency]int           // how many are asked at once for one open seat at most; first come, first served
	Certainty   map[Urgency]float64       // how surely the seats should be filled in time, below 1; where none is named as many are asked as may be
	Waves       map[Urgency]int           // over how many waves, one after the other, that may take at most; 0 is 1
	Near        float64                   // metres from the help, within which people are asked first; 0 is as far as they go
	Stay        map[Urgency]time.Duration // how long before the search reaches farther, see [Reach]; where none is named it asks everybody at once
	Limits      OfferLimits               // how much a volunteer is asked who says nothing else
}

// DefaultSearchPolicy asks one person at a time for a routine seat, and several
// at once where waiting would harm and few are likely to come.
func DefaultSearchPolicy() SearchPolicy {
	return SearchPolicy{
		Answer:      map[Urgency]time.Duration{Routine: 24 * time.Hour, Soon: 4 * time.Hour, Urgent: 15 * time.Minute},
		AsksPerSeat: map[Urgency]int{Routine: 1, Soon: 2, Urgent: 5},
		Certainty:   map[Urgency]float64{Routine: 0.6, Soon: 0.8, Urgent: 0.95},
		Waves:       map[Urgency]int{Routine: 5, Soon: 3, Urgent: 1},
		Near:        5000,
		Stay:        map[Urgency]time.Duration{Routine: 12 * time.Hour, Soon: time.Hour, Urgent: 5 * time.Minute},
		Limits:      DefaultOfferLimits(),
	}
}

// Deadline is when an offer made now for r ends: after the urgency's time to
// answer, and never after the request or the time by which a crew must stand.
func (p SearchPolicy) Deadline(r *HelpRequest, now time.Time) time.Time {
	at := now.Add(p.Answer[r.Urgency])
	if by := r.QuorumBy(); !by.IsZero() && by.Before(at) {
		at = by
	}
	if at.After(r.Ends()) {
		return r.Ends()
	}
	return at
}
