package api

import (
	"slices"
	"strconv"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/training/rollout"
)

// RolloutFile is the file of a rollout with the CSV files that it names.
type RolloutFile struct {
	File   string            `json:"file" doc:"The YAML file, as linli rollout plan reads it."`
	Beside map[string]string `json:"beside,omitempty" doc:"The text of the CSV files that it names, by name."`
}

func (f RolloutFile) domain() rollout.Source { return rollout.Source{Text: f.File, Beside: f.Beside} }

// RolloutAmendment is a new version of a rollout's file.
type RolloutAmendment struct {
	Version int `json:"version" doc:"The version in force, of which this one was made."`
	RolloutFile
}

// RolloutVersionNumber is that of a version which came into force.
type RolloutVersionNumber struct {
	Version int `json:"version"`
}

// RolloutVersion is a version that was or is in force.
type RolloutVersion struct {
	Version int       `json:"version"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Reason  string    `json:"reason,omitempty" doc:"Why, where areas were merged or split; else it was amended by a new file."`
}

// Rollout is a training rollout over years.
type Rollout struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	NameZh   string            `json:"name_zh"`
	Status   string            `json:"status" enum:"planning,running,refused,ended" doc:"refused: the version in force cannot be planned; amend it."`
	Reason   string            `json:"reason,omitempty" doc:"Why it is refused."`
	Version  int               `json:"version" doc:"Of the file, in force."`
	OpenedBy string            `json:"opened_by"`
	OpenedAt time.Time         `json:"opened_at"`
	Versions []RolloutVersion  `json:"versions,omitempty" doc:"Not in a list, as the files."`
	File     string            `json:"file,omitempty"`
	Beside   map[string]string `json:"beside,omitempty"`
}

func rolloutOf(c app.RolloutCard) Rollout {
	out := Rollout{
		ID: string(c.ID), Name: c.Name, NameZh: c.NameZh, Status: string(c.Status), Reason: c.Reason, Version: c.Version,
		OpenedBy: string(c.OpenedBy), OpenedAt: c.OpenedAt.UTC(), File: c.Source.Text, Beside: c.Source.Beside,
	}
	for _, v := range c.Versions {
		out.Versions = append(out.Versions, RolloutVersion{v.Version, string(v.By), v.At.UTC(), v.Reason})
	}
	return out
}

// Departure is somebody who left the office for which they were trained.
type Departure struct {
	Volunteer string `json:"volunteer_id"`
	LeftOn    string `json:"left_on" format:"date"`
}

// PlanFigures are those of a plan; none before the first.
type PlanFigures struct {
	No      int             `json:"plan" doc:"1 for the first; 0 before it."`
	Version int             `json:"version" doc:"Of the file that it was made of."`
	MadeAt  *time.Time      `json:"made_at,omitempty"`
	Refused string          `json:"refused,omitempty" doc:"Why there is no plan."`
	Report  *rollout.Report `json:"report,omitempty"`
}

// RolloutPlan is a plan with a page of its calendar.
type RolloutPlan struct {
	Plan  PlanFigures     `json:"plan"`
	Items []PlannedCohort `json:"items"`
	Next  string          `json:"next,omitempty" doc:"Cursor of the next page; absent at the end."`
}

type planPage struct {
	Link string `header:"Link" doc:"The next page, rel=next."`
	Body RolloutPlan
}

func planFiguresOf(p rollout.KeptPlan) PlanFigures {
	return PlanFigures{p.No, p.Version, moment(p.MadeAt), p.Refused, p.Report}
}

// AreaPeople are people of an area.
type AreaPeople struct {
	Area   string `json:"area_id"`
	People int    `json:"people"`
}

// PlannedCohort is a cohort of a rollout's calendar.
type PlannedCohort struct {
	Step      string          `json:"step"`
	Course    string          `json:"course_id"`
	Area      string          `json:"area_id" doc:"Whose people come, or the first of them."`
	Venue     string          `json:"venue_area_id"`
	Month     string          `json:"month"`
	Lecturers string          `json:"lecturers_area_id"`
	Seats     int             `json:"seats"`
	People    int             `json:"people"`
	From      []AreaPeople    `json:"from"`
	Cohort    string          `json:"cohort_id,omitempty" doc:"Once it is announced: it moves no more."`
	Status    string          `json:"status" enum:"planned,announced,completed,cancelled"`
	Enrolled  int             `json:"enrolled" doc:"Who hold a seat of the announced cohort, or held one to its end."`
	Completed int             `json:"completed" doc:"Who completed it and are in office still."`
	Hindrance string          `json:"hindrance,omitempty" enum:"no_course,no_organisation,no_trainer" doc:"Why it is not announced, though it is time: no version of the course is published, no organisation in the area of the venue or above it, nobody who acts in the area of the lecturers can hold it."`
	Unmet     *TrainerReasons `json:"unmet,omitempty" doc:"For no_trainer: how many of those who act there each rule barred; all zero if there is nobody."`
}

func plannedOf(id aid.RolloutID, p rollout.Turnout) PlannedCohort {
	out := PlannedCohort{
		Status: "planned", Enrolled: sumOf(p.Seated), Completed: sumOf(p.Done),
		Step: string(p.Step), Course: string(p.Course), Area: string(p.Area), Venue: string(p.Venue), Month: p.Month.String(),
		Lecturers: string(p.Lecturers), Seats: p.Seats, People: p.Planned.Enrolled(), Hindrance: string(p.Hindrance),
		From: mapped(p.From, func(e rollout.Enrolment) AreaPeople { return AreaPeople{string(e.Area), e.People} }),
	}
	if p.Hindrance == rollout.NoTrainer {
		unmet := trainerReasonsOf(p.Unmet)
		out.Unmet = &unmet
	}
	if p.Announced {
		out.Cohort, out.Status = p.CohortID(id), "announced"
	}
	switch {
	case p.Cancelled:
		out.Status = "cancelled"
	case p.Settled:
		out.Status = "completed"
	}
	return out
}

func sumOf(all []rollout.AtPath) (people int) {
	for _, a := range all {
		people += a.People
	}
	return people
}

// RolloutForecast is when everybody will be trained.
type RolloutForecast struct {
	Finish   string `json:"finish,omitempty" doc:"Month; absent: never, at the pace so far."`
	Earliest string `json:"earliest,omitempty" doc:"Of an interval that holds the truth in 95 of 100 cases."`
	Latest   string `json:"latest,omitempty"`
	Sure     bool   `json:"sure" doc:"There are months enough for an interval; else it is the finish twice."`
}

// ProgressLine is that of a step, or of one area in it.
type ProgressLine struct {
	Step      string          `json:"step"`
	Area      string          `json:"area_id,omitempty" doc:"That gathers the people; absent for the whole step."`
	People    int             `json:"people" doc:"To be trained, in person-times, as all that follows but persons and finished."`
	Planned   int             `json:"planned" doc:"Of these with a seat in the calendar."`
	Due       int             `json:"due" doc:"In cohorts of the months that are over."`
	Announced int             `json:"announced" doc:"In cohorts that are announced, held ones too."`
	Enrolled  int             `json:"enrolled" doc:"Seats taken in these."`
	Attended  int             `json:"attended" doc:"Of these by people who came to a session."`
	Completed int             `json:"completed" doc:"And in office still."`
	Lapsed    int             `json:"lapsed" doc:"Of these, whose certificate has lapsed."`
	Persons   int             `json:"persons" doc:"People who completed a course of the step and are in office still."`
	Finished  int             `json:"finished" doc:"Of them in all courses."`
	Coverage  *float64        `json:"coverage_percent,omitempty" doc:"Share of the people, each counted once, who have completed all courses."`
	Deadline  string          `json:"deadline,omitempty" doc:"Month, by the file in force."`
	LeftOut   int             `json:"left_out" doc:"Without a seat in the calendar."`
	Hindered  int             `json:"hindered" doc:"Cohorts that could not be announced in time."`
	Forecast  RolloutForecast `json:"forecast"`
	Behind    int             `json:"behind" doc:"Due and not completed."`
	Slippage  int             `json:"slippage" doc:"Months by which the finish that is foreseen comes after the deadline."`
	Misses    bool            `json:"misses" doc:"By the forecast, not everybody will be trained by the deadline."`
}

// RolloutProgress is how far a rollout has come.
type RolloutProgress struct {
	Month string         `json:"month,omitempty" doc:"Of the count; absent before the first."`
	At    *time.Time     `json:"at,omitempty"`
	Ended bool           `json:"ended"`
	Items []ProgressLine `json:"items" doc:"Step by step, the whole of each first."`
}

func progressOf(c rollout.Checkpoint, steps []rollout.Step, step rollout.StepID, area aid.AreaID) RolloutProgress {
	out := RolloutProgress{Month: c.Month.String(), At: moment(c.At), Ended: c.Ended, Items: []ProgressLine{}}
	for _, p := range c.Progress {
		if step != "" && p.Step != step || area != "" && p.Area != area {
			continue
		}
		f := p.Forecast
		line := ProgressLine{
			Planned: p.People - p.LeftOut,
			Step:    string(p.Step), Area: string(p.Area), People: p.People, Due: p.Due, Announced: p.Announced, Enrolled: p.Enrolled,
			Attended: p.Attended, Lapsed: p.Lapsed, Behind: p.Behind, Slippage: p.Slippage,
			Completed: p.Completed, Persons: p.Persons, Finished: p.Finished, LeftOut: p.LeftOut, Hindered: p.Hindered, Misses: p.Misses,
			Forecast: RolloutForecast{f.Finish.String(), f.Earliest.String(), f.Latest.String(), f.Sure},
		}
		// A step that an amendment took out has neither.
		if i := slices.IndexFunc(steps, func(s rollout.Step) bool { return s.ID == p.Step }); i >= 0 {
			line.Deadline = steps[i].Deadline.String()
			if share, err := strconv.ParseFloat(steps[i].Coverage(p), 64); err == nil {
				line.Coverage = &share
			}
		}
		out.Items = append(out.Items, line)
	}
	return out
}
