package training

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/linli/linli/aid"
)

// ReasonAttendanceNoted: the session has taken place, by what was noted.
const ReasonAttendanceNoted aid.Reason = "attendance_noted"

// Move is another time of a session, and another place if it names one.
type Move struct {
	Session int
	During  aid.Window
	Venue   string
}

// MoveSession holds a session at another time, and tells those who hold a seat and the
// trainers. taken is what its trainers hold elsewhere. Sessions keep their order. Moving
// it to where it is changes nothing. It is [aid.Conflict] if it would meet at the time
// of another session of the cohort or of a trainer's, and with
// [ReasonAttendanceNoted] once somebody's attendance is noted.
func (c *Cohort) MoveSession(m Move, taken map[aid.AccountID][]Engagement, now time.Time) error {
	if err := c.alive(); err != nil {
		return err
	}
	s, err := c.session(m.Session)
	if err != nil {
		return err
	}
	if m.Venue == "" {
		m.Venue = s.Venue
	}
	if s.During.StartsAt.Equal(m.During.StartsAt) && s.During.EndsAt.Equal(m.During.EndsAt) && s.Venue == m.Venue {
		return nil
	}
	if slices.ContainsFunc(c.Marks, func(k Mark) bool { return k.Session == s.No }) {
		return aid.Because(aid.Conflict, ReasonAttendanceNoted, "attendance of session %d is noted already: it has taken place", s.No)
	}
	var check aid.Check
	check.Within("", m.During.Validate())
	check.That(m.During.StartsAt.After(now), "starts_at", "must lie in the future")
	check.That(plain(m.Venue, 0, 500), "venue", "must have at most 500 bytes of UTF-8")
	if err := check.Err("session"); err != nil {
		return err
	}
	moved := slices.Clone(c.Sessions)
	moved[s.No-1].During, moved[s.No-1].Venue = m.During, m.Venue
	for i := 1; i < len(moved); i++ {
		if moved[i].During.StartsAt.Before(moved[i-1].During.EndsAt) {
			return aid.Because(aid.Conflict, aid.ReasonWrongTime, "session %d would begin before session %d has ended", moved[i].No, moved[i-1].No)
		}
	}
	if moved[len(moved)-1].During.EndsAt.Sub(moved[0].During.StartsAt) > LongestPlan {
		return aid.Because(aid.Conflict, aid.ReasonWrongTime, "the sessions would take more than three years")
	}
	for _, t := range slices.Concat(c.Trainers, c.asked()) {
		if !(Trainer{Taken: taken[t]}).Free(Engagement{Cohort: c.ID, Sessions: []aid.Window{m.During}}) {
			return aid.Because(aid.Conflict, aid.ReasonDoubleBooked, "the trainer %s has another session at that time", t)
		}
	}
	urgent := s.During.EndsAt.After(now) && s.During.StartsAt.Sub(now) < soonAhead || m.During.StartsAt.Sub(now) < soonAhead
	c.Sessions = moved
	c.tell(fmt.Sprintf("moved/%d", c.stepsOf("moved/")+1), Telling{
		Kind: aid.NoticeSessionMoved, Urgent: urgent, At: now, Session: s.No, Volunteers: c.with(Enrolled), Accounts: slices.Concat(c.Trainers, c.asked()),
	})
	return nil
}

// stepsOf counts the steps of a kind that were taken.
func (c *Cohort) stepsOf(prefix string) (n int) {
	for step := range c.Steps {
		if strings.HasPrefix(step, prefix) {
			n++
		}
	}
	return n
}

// Assign makes somebody a trainer of the cohort by hand, also one who has dropped out or
// declined before; their limits and how far they go are left to whoever says so. More
// than there were are wanted from then on, unless one was lacking; who is asked beyond
// that is asked no more. Whoever is one stays one. It is [aid.Conflict] if they have
// another session at one of its times.
func (c *Cohort) Assign(t Trainer, by aid.AccountID, now time.Time) error {
	if slices.Contains(c.Trainers, t.Account) {
		return nil
	}
	if err := c.alive(); err != nil {
		return err
	}
	switch {
	case !now.Before(c.Last().During.StartsAt):
		return aid.Because(aid.Conflict, aid.ReasonWrongTime, "the last session has begun")
	case len(c.Trainers) >= MaxTrainers:
		return aid.Because(aid.Conflict, aid.ReasonOverCapacity, "a cohort has at most %d trainers", MaxTrainers)
	case !t.Free(c.Engagement(now)):
		return aid.Because(aid.Conflict, aid.ReasonDoubleBooked, "the trainer has another session at that time")
	}
	c.Trainers = append(slices.Clone(c.Trainers), t.Account)
	c.Wanted = max(c.Wanted, len(c.Trainers))
	if i := slices.IndexFunc(c.Asks, func(a Ask) bool { return a.Trainer == t.Account && a.Status == AskPending }); i >= 0 {
		c.Asks[i].Status, c.Asks[i].AnsweredAt, c.Asks[i].AnsweredBy = AskAccepted, now, by
	}
	for i := len(c.Asks) - 1; i >= 0 && len(c.Trainers)+len(c.asked()) > c.Wanted; i-- {
		if a := &c.Asks[i]; a.Status == AskPending {
			a.Status, a.AnsweredAt = AskExpired, now
		}
	}
	if t.Account != by {
		c.tell(fmt.Sprintf("assigned/%s/%d", t.Account, c.stepsOf("assigned/"+string(t.Account))), Telling{
			Kind: aid.NoticeCohortAssigned, Urgent: c.soon(now), At: now, Session: c.upcoming(now), Accounts: []aid.AccountID{t.Account},
		})
	}
	return nil
}

// Replace makes somebody a trainer in place of another one.
func (c *Cohort) Replace(out aid.AccountID, reason string, t Trainer, by aid.AccountID, now time.Time) error {
	if out == t.Account {
		return aid.Errorf(aid.Invalid, "a trainer cannot take their own place")
	}
	if err := c.DropOut(out, reason, by, now); err != nil {
		return err
	}
	return c.Assign(t, by, now)
}
