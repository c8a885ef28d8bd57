package training

import (
	"fmt"
	"slices"
	"time"

	"github.com/linli/linli/aid"
)

// Trainer is what is known of somebody who holds cohorts, so that they can be matched
// with one that lacks a trainer.
type Trainer struct {
	Account     aid.AccountID
	Home        aid.Point
	Cell        aid.Cell
	MaxDistance int            // how far they go, in metres
	Monthly     int            // most cohorts that begin in one month
	Courses     []aid.CourseID // that they may teach
	Areas       []aid.AreaPath // in or below which they act
	Taken       []Engagement   // what they hold, or are asked to
}

// MaxMonthly is the highest limit of cohorts in a month.
const MaxMonthly = 31

// Validate refuses what no trainer could be. Whether the courses exist is not looked
// at.
func (t Trainer) Validate() error {
	var c aid.Check
	c.Within("home", t.Home.Validate())
	c.That(t.MaxDistance >= 1 && t.MaxDistance <= aid.MaxTravel, "max_km", "must be more than 0 and at most %d", aid.MaxTravel/1000)
	within(&c, "monthly", t.Monthly, 1, MaxMonthly)
	checkIDs(&c, "courses", t.Courses)
	return c.Err("trainer")
}

// Engagement is a cohort that a trainer holds or is asked to hold.
type Engagement struct {
	Cohort   CohortID
	Month    int // in which it begins, from January of the year 0
	Sessions []aid.Window
}

// Engagement is what holding the cohort means from an instant on.
func (c *Cohort) Engagement(now time.Time) Engagement {
	e := Engagement{Cohort: c.ID, Month: MonthOf(c.First().During.StartsAt)}
	for _, s := range c.Sessions {
		if s.During.EndsAt.After(now) {
			e.Sessions = append(e.Sessions, s.During)
		}
	}
	return e
}

// MonthOf is the month of an instant where the classrooms are, from January of the
// year 0.
func MonthOf(at time.Time) int {
	day := Day(at)
	return 12*day.Year + int(day.Month) - 1
}

// Free tells whether a trainer has no other session at the times of a cohort.
func (t Trainer) Free(e Engagement) bool {
	for _, k := range t.Taken {
		for _, s := range k.Sessions {
			if k.Cohort != e.Cohort && slices.ContainsFunc(e.Sessions, s.Overlaps) {
				return false
			}
		}
	}
	return true
}

// Room tells whether a trainer may take one more cohort in the month of this one.
func (t Trainer) Room(e Engagement) bool {
	n := 0
	for _, k := range t.Taken {
		if k.Month == e.Month && k.Cohort != e.Cohort {
			n++
		}
	}
	return n < t.Monthly
}

// AskStatus is where an ask stands.
type AskStatus string

// The statuses of an ask. All but pending are final.
const (
	AskPending  AskStatus = "pending"
	AskAccepted AskStatus = "accepted"
	AskDeclined AskStatus = "declined"
	AskExpired  AskStatus = "expired" // nobody answered in time
)

// Ask asks a trainer to hold a cohort in place of one who has dropped out. It is an
// offer: nobody holds a cohort by it who has not accepted.
type Ask struct {
	Trainer           aid.AccountID
	Status            AskStatus
	Distance          int64 // from home to the cohort, in metres
	MadeAt, ExpiresAt time.Time
	AnsweredAt        time.Time
	Reason            string // of declining
	AnsweredBy        aid.AccountID
}

// Drop is a trainer who has dropped out of a cohort.
type Drop struct {
	Trainer aid.AccountID
	Reason  string
	By      aid.AccountID
	At      time.Time
}

// AskFor is how long a trainer has to answer at most; if there is less time, half of
// what is left before the next session.
const AskFor = 48 * time.Hour

// StaffEvery is how often somebody is looked for anew for a cohort that lacks a trainer
// and has nobody left to ask.
const StaffEvery = 24 * time.Hour

// DropOut takes a trainer out of a cohort, who is then replaced. Doing it again is no
// error. It is [aid.NotFound] for whoever is no trainer of it, and [aid.Conflict] with
// [aid.ReasonWrongTime] once the last session has begun.
func (c *Cohort) DropOut(trainer aid.AccountID, reason string, by aid.AccountID, now time.Time) error {
	i := slices.Index(c.Trainers, trainer)
	if i < 0 {
		if slices.ContainsFunc(c.Drops, func(d Drop) bool { return d.Trainer == trainer }) {
			return nil
		}
		return aid.Errorf(aid.NotFound, "the account is no trainer of this cohort")
	}
	if err := c.alive(); err != nil {
		return err
	}
	if !now.Before(c.Last().During.StartsAt) {
		return aid.Because(aid.Conflict, aid.ReasonWrongTime, "the last session has begun")
	}
	if err := reasoned(reason); err != nil {
		return err
	}
	c.Trainers = slices.Concat(c.Trainers[:i], c.Trainers[i+1:])
	c.Drops = append(c.Drops, Drop{Trainer: trainer, Reason: reason, By: by, At: now})
	if by != trainer {
		c.tell(fmt.Sprintf("released/%d", len(c.Drops)), Telling{Kind: aid.NoticeTrainerReleased, Urgent: c.soon(now), At: now, Session: c.upcoming(now), Accounts: []aid.AccountID{trainer}})
	}
	return nil
}

// Vacant is how many trainers a cohort lacks for whom nobody is being asked.
func (c *Cohort) Vacant(now time.Time) int {
	if c.Status.Ended() || !now.Before(c.Last().During.StartsAt) {
		return 0
	}
	pending := 0
	for _, a := range c.Asks {
		if a.Status == AskPending {
			pending++
		}
	}
	return max(0, c.Wanted-len(c.Trainers)-pending)
}

// Knows tells whether somebody holds the cohort, dropped out of it, or was asked.
func (c *Cohort) Knows(trainer aid.AccountID) bool {
	return slices.Contains(c.Trainers, trainer) || slices.ContainsFunc(c.Drops, func(d Drop) bool { return d.Trainer == trainer }) ||
		slices.ContainsFunc(c.Asks, func(a Ask) bool { return a.Trainer == trainer })
}

// AskTrainer asks somebody whom the matching found.
func (c *Cohort) AskTrainer(trainer aid.AccountID, distance int64, now time.Time) {
	next := c.Sessions[c.upcoming(now)-1].During.StartsAt
	if !next.After(now) { // one is under way: they come from the next one on
		next = c.Last().During.StartsAt
	}
	a := Ask{Trainer: trainer, Status: AskPending, Distance: distance, MadeAt: now, ExpiresAt: now.Add(min(AskFor, next.Sub(now)/2))}
	c.Asks = append(c.Asks, a)
	c.tell("ask/"+string(trainer), Telling{
		Kind: aid.NoticeTrainerAsked, Urgent: c.soon(now), At: now, Until: a.ExpiresAt, Session: c.upcoming(now), Accounts: []aid.AccountID{trainer}, Only: true,
	})
}

// NobodyToAsk tells the coordinators that nobody is left to ask, by the number of
// trainers whom each rule bars. As long as nobody drops out or is asked since, they are
// told once.
func (c *Cohort) NobodyToAsk(unmet aid.ReasonCounts, now time.Time) {
	c.Unmet = unmet
	c.tell(fmt.Sprintf("trainer-missing/%d/%d", len(c.Drops), len(c.Asks)), Telling{
		Kind: aid.NoticeTrainerMissing, Urgent: c.soon(now), At: now, Session: c.upcoming(now), Coordinators: true,
	})
}

// AcceptAsk makes whoever was asked a trainer of the cohort. t is what is known of them
// now: it is [aid.Conflict] if they have taken something else since. Doing it again is
// no error.
func (c *Cohort) AcceptAsk(t Trainer, by aid.AccountID, now time.Time) error {
	a, err := c.ask(t.Account)
	if err != nil || a.Status == AskAccepted {
		return err
	}
	if err := c.answerable(a, now); err != nil {
		return err
	}
	e := c.Engagement(now)
	if !t.Free(e) {
		return aid.Because(aid.Conflict, aid.ReasonDoubleBooked, "the trainer has another session at that time")
	}
	if !t.Room(e) {
		return aid.Because(aid.Conflict, aid.ReasonOverCapacity, "the trainer has as many cohorts in that month as they take")
	}
	a.Status, a.AnsweredAt, a.AnsweredBy = AskAccepted, now, by
	c.Trainers = append(slices.Clone(c.Trainers), t.Account)
	return nil
}

// DeclineAsk says no; the next one is asked. Doing it again is no error.
func (c *Cohort) DeclineAsk(trainer aid.AccountID, reason string, by aid.AccountID, now time.Time) error {
	a, err := c.ask(trainer)
	if err != nil || a.Status == AskDeclined {
		return err
	}
	if err := c.answerable(a, now); err != nil {
		return err
	}
	var check aid.Check
	check.That(plain(reason, 0, 1000), "reason", "must have at most 1000 bytes of UTF-8")
	if err := check.Err("answer"); err != nil {
		return err
	}
	a.Status, a.AnsweredAt, a.AnsweredBy, a.Reason = AskDeclined, now, by, reason
	return nil
}

func (c *Cohort) ask(trainer aid.AccountID) (*Ask, error) {
	i := slices.IndexFunc(c.Asks, func(a Ask) bool { return a.Trainer == trainer })
	if i < 0 {
		return nil, aid.Errorf(aid.NotFound, "the account was not asked to hold this cohort")
	}
	return &c.Asks[i], nil
}

func (c *Cohort) answerable(a *Ask, now time.Time) error {
	if err := c.alive(); err != nil {
		return err
	}
	switch {
	case a.Status == AskExpired || a.Status == AskPending && !now.Before(a.ExpiresAt):
		return aid.Because(aid.Conflict, aid.ReasonOfferExpired, "the deadline has passed")
	case a.Status != AskPending:
		return aid.Because(aid.Conflict, aid.ReasonOfferEnded, "it was answered before")
	}
	return nil
}

// expireAsks ends the asks whose time is over, and all of a cohort that has ended.
func (c *Cohort) expireAsks(now time.Time) {
	for i := range c.Asks {
		if a := &c.Asks[i]; a.Status == AskPending && (c.Status.Ended() || !now.Before(a.ExpiresAt)) {
			a.Status, a.AnsweredAt = AskExpired, now
		}
	}
}

// asked are those who are being asked.
func (c *Cohort) asked() []aid.AccountID {
	var out []aid.AccountID
	for _, a := range c.Asks {
		if a.Status == AskPending {
			out = append(out, a.Trainer)
		}
	}
	return out
}
