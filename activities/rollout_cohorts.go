package activities

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/planner"
	"github.com/linli/linli/training/rollout"
)

// A cohort that is announced meets once, on a working day of its month.
const (
	firstHour = 9 // local time
	teaching  = 6 * time.Hour
)

// cohort makes the cohort of a planned one, of who is there.
func (a *Rollouts) cohort(w rolloutUnderWay, p *rollout.Planned, s training.Staff, planned aid.AccountID, now time.Time) (*training.Cohort, rollout.Hindered) {
	switch {
	case s.Rule.Version == 0:
		return nil, rollout.Hindered{Why: rollout.NoCourseVersion}
	case s.Organisation == "":
		return nil, rollout.Hindered{Why: rollout.NoOrganisation}
	}
	venue := w.file.Areas[slices.IndexFunc(w.file.Areas, func(a rollout.Area) bool { return a.ID == p.Venue })]
	at := aid.Point{Lat: venue.Lat, Lng: venue.Lng}
	cell, err := a.Cell(at)
	if err != nil {
		return nil, rollout.Hindered{Why: rollout.NoOrganisation} // a place outside of every grid has nobody either
	}
	step := w.file.Steps[slices.IndexFunc(w.file.Steps, func(s rollout.Step) bool { return s.ID == p.Step })]
	name := venue.NameZh
	if name == "" {
		name = string(venue.ID)
	}
	trainer, hindered := choose(p, at, s.Trainers, planned)
	if hindered.Why != "" {
		return nil, hindered
	}
	plan := training.Plan{
		Course: aid.CourseID(p.Course), Version: s.Rule.Version, Organisation: s.Organisation, Mode: training.InPerson, Venue: name,
		Location: at, Cell: cell, Trainers: []aid.AccountID{trainer.Account}, Capacity: p.Seats, Waiting: p.Seats,
		Sessions: []training.Session{{Title: clip(step.NameZh, training.MaxText), During: aid.Window{StartsAt: trainer.from, EndsAt: trainer.from.Add(teaching)}}},
	}
	return training.New(training.CohortID(p.CohortID(w.ID)), plan, s.Rule, s.AreaPath, w.OpenedBy, now), rollout.Hindered{}
}

func clip(text string, most int) string {
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "")
	}
	return text
}

// fits refuses a rollout of which what is left cannot be planned. Of fixed cohorts
// the first ones are the file's own; what is wrong with the others is said of the
// amendment.
func fits(left *rollout.Rollout, own int) error {
	err := planner.Check(left)
	if err == nil || len(left.Fixed) == own {
		return err
	}
	var words []string
	for i := own; i < len(left.Fixed); i++ {
		if strings.Contains(err.Error(), fmt.Sprintf("fixed[%d].", i)) {
			f := &left.Fixed[i]
			words = append(words, fmt.Sprintf("%s %s at %s in %s", f.Step, f.Course, f.Venue, f.Month))
		}
	}
	if len(words) == 0 {
		return err
	}
	return aid.Errorf(aid.Invalid, "what is announced must stay as it is, and does not fit the amendment: %s (%v)", strings.Join(words, "; "), err)
}
