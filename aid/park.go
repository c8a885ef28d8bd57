package aid

import (
	"slices"
	"time"
)

// Refusal is how a volunteer declines: with a word, and where that puts them off
// every offer for a while, until when.
type Refusal struct {
	Reason string
	Until  time.Time // zero: for as long as the word stands for by itself
}

// DeclineReasons are the words with which a volunteer may decline.
var DeclineReasons = []string{
	string(ParkBusy), string(ParkTooFar), string(ParkUnwell), "not_my_skill", "unsafe",
	string(ParkNotComfortable), string(ParkAskLater), "other",
}

// Park is something that a volunteer has put off by declining an offer: every
// offer until an instant, or those of one category beyond a distance.
type Park struct {
	Kind     ParkKind  `json:"kind"`
	Category string    `json:"category,omitempty"` // of the requests; empty: of every category
	Until    time.Time `json:"until,omitzero"`     // of every category: when it ends by itself
	Within   int       `json:"within,omitempty"`   // of one category: metres from home, nearer than which they may still be asked; 0: nowhere
	Offer    OfferID   `json:"offer,omitempty"`    // that was declined
	Since    time.Time `json:"since,omitzero"`
}

// ParkKind is why something is put off: the word with which the offer was
// declined.
type ParkKind string

// The kinds of park. A volunteer has one of each at most, and one of each and
// category where it is about categories.
const (
	ParkBusy           ParkKind = "busy"            // every offer, until a date
	ParkUnwell         ParkKind = "unwell"          // likewise
	ParkAskLater       ParkKind = "ask_later"       // likewise
	ParkTooFar         ParkKind = "too_far"         // one category, beyond a distance
	ParkNotComfortable ParkKind = "not_comfortable" // one category, until they lift it
)

// How long every offer is put off where the volunteer does not say until when.
const (
	BusyFor     = 3 * 24 * time.Hour // and unwell
	AskLaterFor = 24 * time.Hour
	MaxPark     = 366 * 24 * time.Hour // also where they do
)

// LeastReach is the least distance to which declining as too far shrinks a
// category, in metres: what is next door is never too far.
const LeastReach = 100

// ID names the park among those of its volunteer.
func (p Park) ID() ParkID {
	if p.Category == "" {
		return ParkID(p.Kind)
	}
	return ParkID(string(p.Kind) + "." + p.Category)
}

// InForce tells whether it keeps any offer away at an instant.
func (p Park) InForce(now time.Time) bool { return p.Category != "" || now.Before(p.Until) }

// untilByDefault is when a word that puts off every offer ends by itself; false
// for one that does not.
func untilByDefault(reason string, now time.Time) (time.Time, bool) {
	switch ParkKind(reason) {
	case ParkBusy, ParkUnwell:
		return now.Add(BusyFor), true
	case ParkAskLater:
		return now.Add(AskLaterFor), true
	case ParkTooFar, ParkNotComfortable:
	}
	return time.Time{}, false
}

// Validate refuses words that are not known, and times that make no sense.
func (f Refusal) Validate(now time.Time) error {
	var c Check
	c.That(slices.Contains(DeclineReasons, f.Reason), "reason", "%s", oneOf(DeclineReasons))
	if !f.Until.IsZero() && c.problems == nil {
		_, lasts := untilByDefault(f.Reason, now)
		c.That(lasts, "until", "goes with busy, unwell and ask_later; leave it out with %s", f.Reason)
		c.That(!lasts || f.Until.After(now) && f.Until.Sub(now) <= MaxPark, "until", "must lie ahead, at most %d days", MaxPark/(24*time.Hour))
	}
	return c.Err("answer")
}

// park is what declining o with these words puts off, if anything.
func (f Refusal) park(o Offer, category string, now time.Time) (Park, bool) {
	p := Park{Kind: ParkKind(f.Reason), Offer: o.ID, Since: now}
	switch p.Kind {
	case ParkTooFar:
		p.Category, p.Within = category, NearerThan(o.Cost.Distance)
		return p, true
	case ParkNotComfortable:
		p.Category = category
		return p, true
	case ParkBusy, ParkUnwell, ParkAskLater:
	}
	until, lasts := untilByDefault(f.Reason, now)
	if lasts && !f.Until.IsZero() {
		until = f.Until
	}
	p.Until = until
	return p, lasts
}

// NearerThan is the distance that is left where one is too far. It follows from
// the whole kilometres that the offer shows, so that the volunteer, who reads it,
// does not learn how far away exactly the beneficiary lives.
func NearerThan(metres int64) int {
	shown := (metres + 999) / 1000
	return int(max(LeastReach, (shown-1)*1000))
}

// Parked is a park with whose it is.
type Parked struct {
	Volunteer VolunteerID
	Park
}

// Parking takes a park into a list in place of the one with its id. Of two
// distances the shorter counts, of two instants what was said last.
func Parking(list []Park, p Park) []Park {
	i := slices.IndexFunc(list, func(o Park) bool { return o.ID() == p.ID() })
	if i < 0 {
		return append(list, p)
	}
	if p.Category != "" {
		p.Within = min(p.Within, list[i].Within)
	}
	list = slices.Clone(list)
	list[i] = p
	return list
}
