package merit

import (
	"slices"
	"strings"
	"time"

	"github.com/linli/linli/aid"
)

// Standing is whether a record counts.
type Standing string

// The standings.
const (
	Counted  Standing = "counted"  // nobody has contested it
	Disputed Standing = "disputed" // its volunteer contests it: counts for nothing
	Upheld   Standing = "upheld"   // contested, and it counts
	Struck   Standing = "struck"   // contested, and it counts for nothing
)

// Standings lists every standing.
var Standings = []Standing{Counted, Disputed, Upheld, Struck}

// DisputeReasons are the words with which a volunteer may dispute a record.
var DisputeReasons = []string{"not_me", "wrong_time", "not_done", "other"}

// Outcomes are the standings that a coordinator may settle a dispute with.
var Outcomes = []Standing{Upheld, Struck}

// Record is the service of one visit. It is not safe for concurrent use.
type Record struct {
	Visit     aid.VisitID // of which it came; there is one record of a visit
	Request   aid.RequestID
	Pairing   aid.PairingID
	Volunteer aid.VolunteerID
	During    aid.Window
	Grade     Grade
	Standing  Standing

	DisputedAt time.Time // zero: never
	Reason     string    // why it was disputed: a word
	SettledAt  time.Time // zero: not settled
	SettledBy  aid.AccountID

	events []aid.Event
}

// Earned is the record of a visit; ok is false while there is nothing to record.
func Earned(v aid.Visit) (r Record, ok bool) {
	during := v.Service()
	if during == (aid.Window{}) {
		return Record{}, false
	}
	return Record{
		Visit: v.ID, Request: v.Request, Pairing: v.Pairing, Volunteer: v.Volunteer,
		During: during, Grade: GradeOf(v), Standing: Counted,
	}, true
}

// Minutes is how many whole minutes the record counts.
func (r Record) Minutes() int {
	if r.Standing == Disputed || r.Standing == Struck {
		return 0
	}
	return int(r.During.EndsAt.Sub(r.During.StartsAt) / time.Minute)
}

// Dispute notes that the volunteer whom the record names contests it. Disputing
// again is no error; what is settled stays settled.
func (r *Record) Dispute(reason string, actor aid.AccountID, now time.Time) error {
	var c aid.Check
	c.That(slices.Contains(DisputeReasons, reason), "reason", "must be one of %s", strings.Join(DisputeReasons, ", "))
	if err := c.Err("dispute"); err != nil {
		return err
	}
	switch r.Standing {
	case Disputed:
		return nil
	case Upheld, Struck:
		return aid.Because(aid.Conflict, aid.ReasonSettled, "the dispute was settled: the record is %s", r.Standing)
	case Counted:
	}
	r.Standing, r.DisputedAt, r.Reason = Disputed, now, reason
	r.note(aid.EventServiceDisputed, actor, now, reason)
	return nil
}

// Settle decides a dispute. Deciding the same again is no error.
func (r *Record) Settle(as Standing, actor aid.AccountID, now time.Time) error {
	var c aid.Check
	c.That(slices.Contains(Outcomes, as), "outcome", "must be %s or %s", Upheld, Struck)
	if err := c.Err("settlement"); err != nil {
		return err
	}
	switch r.Standing {
	case as:
		return nil
	case Upheld, Struck:
		return aid.Because(aid.Conflict, aid.ReasonSettled, "the dispute was settled: the record is %s", r.Standing)
	case Counted:
		return aid.Because(aid.Conflict, aid.ReasonWrongTime, "nobody has disputed this record")
	case Disputed:
	}
	r.Standing, r.SettledAt, r.SettledBy = as, now, actor
	r.note(aid.EventServiceSettled, actor, now, string(as))
	return nil
}

// TakeEvents hands over the events since the last call, for the store to write.
func (r *Record) TakeEvents() []aid.Event {
	out := r.events
	r.events = nil
	return out
}

func (r *Record) note(kind aid.EventKind, actor aid.AccountID, now time.Time, reason string) {
	r.events = append(r.events, aid.Event{
		Kind: kind, At: now, Request: r.Request, Pairing: r.Pairing, Visit: r.Visit, Volunteer: r.Volunteer, Actor: actor, Reason: reason,
	})
}

// Filter narrows a list of records to a volunteer's own, or to areas. One of the
// two must be set, else nothing is seen.
type Filter struct {
	Volunteer aid.VolunteerID
	Areas     []aid.AreaPath
	Standings []Standing // none means all
}
