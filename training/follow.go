package training

import (
	"time"

	"github.com/linli/linli/aid"
)

// Elsewhere is where those whom a cohort has left without the course could do it.
type Elsewhere struct {
	// Homes are of those of [Cohort.Left] who are active, do not hold the course by now,
	// and are in no other cohort of it that goes on.
	Homes map[aid.VolunteerID]aid.Point
	// Open are cohorts of the course in which there is a place, the first to begin first.
	Open []Card
}

// Left are the people whom a cohort that has ended left without the course, and who
// are not followed up yet: who missed it, and who held or awaited a seat when it
// ended.
func (c *Cohort) Left() []aid.VolunteerID {
	if !c.Status.Ended() {
		return nil
	}
	var out []aid.VolunteerID
	for _, e := range c.Enrolments {
		left := e.Status == Missed || e.Status == Withdrawn && e.At.Equal(c.EndedAt)
		if left && !c.Steps[followed(e.Volunteer)] {
			out = append(out, e.Volunteer)
		}
	}
	return out
}

func followed(v aid.VolunteerID) string { return "follow/" + string(v) }

// FollowUp tells those whom a cohort has left without the course of the next one near
// them, each once: at once if there is one, else when there is. After some weeks the
// coordinators are told of those for whom there was none, and nothing is left to do.
func (c *Cohort) FollowUp(e Elsewhere, now time.Time) {
	if !c.Status.Ended() || !c.FollowedAt.IsZero() {
		return
	}
	over := !now.Before(c.EndedAt.Add(FollowFor))
	var without bool
	for _, v := range c.Left() {
		home, wanted := e.Homes[v]
		next, found := near(home, e.Open)
		switch {
		case !wanted:
			c.take(followed(v))
		case found:
			c.tell(followed(v), Telling{Kind: aid.NoticeNextCohort, At: now, Until: next.First().During.StartsAt, Cohort: next.ID, Volunteers: []aid.VolunteerID{v}})
		case over:
			c.take(followed(v))
			without = true
		default:
			if en, _ := c.Enrolment(v); en.Status == Missed {
				c.tell("missed/"+string(v), Telling{Kind: aid.NoticeCourseMissed, At: now, Session: len(c.Sessions), Volunteers: []aid.VolunteerID{v}})
			}
		}
	}
	if without {
		c.tell("follow", Telling{Kind: aid.NoticeCohortWanted, At: now, Session: len(c.Sessions), Coordinators: true})
	}
	if len(c.Left()) == 0 {
		c.FollowedAt = now
	}
}

// near is the first of some cohorts to begin that is near enough to a home.
func near(home aid.Point, open []Card) (Card, bool) {
	for _, k := range open {
		if home.Distance(k.Location) <= FollowWithin {
			return k, true
		}
	}
	return Card{}, false
}
