package aid

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// VisitStatus is where a visit stands.
type VisitStatus string

// The statuses of a visit.
const (
	VisitPlanned   VisitStatus = "planned"   // it is to come, or nobody has checked in yet
	VisitBegun     VisitStatus = "begun"     // checked in; where nobody comes alone, with another
	VisitDone      VisitStatus = "done"      // checked out
	VisitMissed    VisitStatus = "missed"    // its time passed without a check-in
	VisitCancelled VisitStatus = "cancelled" // the pairing or the request ended before it

	// Its volunteer will not come, and a substitute is sought.
	VisitHandedOver VisitStatus = "handed_over"
)

// VisitStatuses lists every status of a visit.
var VisitStatuses = []VisitStatus{VisitPlanned, VisitBegun, VisitDone, VisitMissed, VisitCancelled, VisitHandedOver}

// Live tells whether the visit binds its volunteer's time.
func (s VisitStatus) Live() bool { return s == VisitPlanned || s == VisitBegun }

// Means is what shows that a volunteer was there.
type Means string

// The means.
const (
	MeansPosition   Means = "position"   // the volunteer's phone was in the neighbourhood
	MeansCode       Means = "code"       // the beneficiary showed the code of the visit
	MeansCaseworker Means = "caseworker" // a caseworker or coordinator noted it
)

// Mark is one end of a visit: when, and what shows it.
type Mark struct {
	At    time.Time // zero: not yet
	Means Means
	Cell  Cell // of the phone, for MeansPosition; nothing finer is ever kept
}

// Visit is one time at which a volunteer comes, by their pairing. A pairing for
// one window has one.
type Visit struct {
	ID        VisitID
	Request   RequestID
	Pairing   PairingID
	Volunteer VolunteerID
	Window    Window // as planned
	Status    VisitStatus
	In, Out   Mark
	BegunAt   time.Time // when service could begin; zero: not yet

	// Code is six digits that only the beneficiary's side knows. The store that
	// keeps the visit issues it.
	Code       string
	WrongCodes int // tried so far

	// Of a standing pairing.
	RemindedAt time.Time // zero: not yet
	Alarm      Alarm
	Reason     string    // why it was handed over, or will be: a word
	Substitute RequestID // the request that seeks a substitute
	Overlap    RequestID // the request that asks whoever came before to come along

	ConfirmedAt time.Time // when the beneficiary's side said that it took place; zero: not
	ConfirmedBy AccountID
	VouchedAt   time.Time // when the lead of the crew said so; zero: not
	VouchedBy   AccountID
}

// VisitIDOf is the id of the visit of a pairing that begins at an instant: always
// the same, so that planning again plans the same visit.
func VisitIDOf(p PairingID, startsAt time.Time) VisitID {
	sum := sha256.Sum256([]byte(string(p) + "\x00" + startsAt.UTC().Format(time.RFC3339)))
	return VisitID("vis-" + hex.EncodeToString(sum[:16]))
}

// There tells whether the volunteer has checked in and not out since: the visit
// has begun, or they wait for another because nobody comes alone.
func (v Visit) There() bool { return !v.In.At.IsZero() && v.Out.At.IsZero() }

// Service is the time of a visit that counts: from when it began to check-out,
// never from before it was to begin nor beyond its end and the grace, so that
// neither the way nor waiting counts. It is the zero window for a visit that is
// not done, or of which nothing counts.
func (v Visit) Service() Window {
	if v.Status != VisitDone {
		return Window{}
	}
	w := Window{StartsAt: v.BegunAt, EndsAt: v.Out.At}
	if w.StartsAt.Before(v.Window.StartsAt) {
		w.StartsAt = v.Window.StartsAt
	}
	if last := v.Window.EndsAt.Add(ServiceGrace); w.EndsAt.After(last) {
		w.EndsAt = last
	}
	if !w.EndsAt.After(w.StartsAt) {
		return Window{}
	}
	return w
}

// The clocks of visits. Phones are trusted no further than these.
const (
	CheckInEarly = 30 * time.Minute    // before the visit begins
	ServiceGrace = 30 * time.Minute    // after its planned end, that still counts
	PhoneSkew    = 5 * time.Minute     // by which a phone's clock may run ahead
	ReportWithin = 24 * time.Hour      // after its end, for a volunteer whose phone had no network
	NoteWithin   = 60 * 24 * time.Hour // after its end, for caseworkers and coordinators
)

// NearEnough is how far from the place, in metres, a phone in a neighbouring
// cell may be.
const NearEnough = 250

// MaxWrongCodes is after how many wrong codes a visit takes none any more.
const MaxWrongCodes = 5
