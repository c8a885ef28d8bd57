package main

import (
	"context"
	"io"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/files"
	"github.com/linli/linli/training/planner"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/rolloutfile"
	"github.com/linli/linli/training/verify"
)

// Rollouts is `linli rollout`.
type Rollouts struct {
	Plan PlanRollout `cmd:"" help:"Make the calendar of a training rollout, or say what it lacks."`
}

// PlanRollout is `linli rollout plan`.
type PlanRollout struct {
	File   string `arg:"" placeholder:"FILE" help:"The rollout, a YAML file; those in training/rollouts are some."`
	Out    string `placeholder:"calendar.csv" help:"Write the cohorts here: step,course,area,venue,month,lecturer_area,seats,enrolled,from."`
	Report string `placeholder:"report.json" help:"Write here the proof's figures, what is missing and the coverage month by month."`
	Lang   string `enum:"en,zh" default:"en" help:"Language of the summary: en or zh."`
	Quiet  bool   `short:"q" help:"Print nothing but errors."`
}

// Help is the longer text of --help.
func (PlanRollout) Help() string {
	return `The people of an area fill whole cohorts in each course of a step; the rest goes
together to its own venue or to one within travel_km. Every cohort has a month
in the step's window, a place at its venue and a lecturer within lecturer_km.
The calendar costs the least possible: lecturers' and people's travel, empty
seats, months after the target. Nothing is held after a deadline. The report
gives the cost, and a bound below which no calendar can be.

If the deadlines cannot be met the exit code is 1, and what is missing is named
by area, step and month; the calendar then holds what can be held.

All fields of the file are explained in docs/architecture/rollout-planner.md.`
}

// Run plans one rollout.
func (c *PlanRollout) Run(ctx context.Context, streams Streams) error {
	f, err := rolloutfile.Read(c.File)
	if err != nil {
		return err
	}
	inputs := []named{{"FILE", c.File}}
	for _, path := range f.Beside {
		inputs = append(inputs, named{"FILE", path})
	}
	if err := apart([]named{{"--out", c.Out}, {"--report", c.Report}}, inputs...); err != nil {
		return err
	}
	began := time.Now()
	p, err := planner.Plan(ctx, &f.Rollout)
	if err != nil {
		return f.Locate(err)
	}
	took := time.Since(began)
	checked, err := verify.Plan(&f.Rollout, p)
	if err != nil {
		return &aid.Error{Kind: aid.Internal, Message: "the plan did not pass the check, which is a fault of this program: " + err.Error(), Err: err}
	}
	p.Weaken(checked.PriceBound)
	report := f.Rollout.Report(p, checked.Costs)
	report.Seconds = took.Seconds()
	if err := c.save(&f.Rollout, p, report); err != nil {
		return err
	}
	if !c.Quiet {
		if err := summariseRollout(streams.Out, &f.Rollout, report, c.Lang); err != nil {
			return err
		}
	}
	if n := len(report.Shortfalls); n > 0 {
		return aid.Errorf(aid.Conflict, "the deadlines cannot be met: seats or lecturers are missing in %d places and months; --report names them all", n)
	}
	return nil
}

func (c *PlanRollout) save(r *rollout.Rollout, p *rollout.Plan, report *rollout.Report) error {
	if c.Out != "" {
		if err := files.Save(c.Out, func(w io.Writer) error { return rolloutfile.WriteCalendar(w, r, p) }); err != nil {
			return err
		}
	}
	if c.Report == "" {
		return nil
	}
	return files.Save(c.Report, func(w io.Writer) error { return rolloutfile.WriteReport(w, report) })
}
