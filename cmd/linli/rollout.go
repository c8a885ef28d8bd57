package main

import (
	"context"
	"fmt"
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
	File   string `arg:"" placeholder:"FILE" help:"The rollout, a YAML file; training/rollouts/heilongjiang.yaml is one."`
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
		return aid.Errorf(aid.Conflict, "the deadlines cannot be met: something is missing in %d places, which the report names", n)
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

// rolloutTexts are the lines of the summary.
type rolloutTexts struct {
	plan, step, shortfall, more string
	reasons                     map[string]string
	name                        func(english, chinese string) string
}

var rolloutTextsIn = map[string]rolloutTexts{
	"en": {
		plan: "%s\n%d cohorts, %d of %d person-times, %d of %d seats empty\n" +
			"cost %d: lecturers' travel %d, people's travel %d, empty seats %d, lateness %d, missing %d\n" +
			"dual bound %d, gap %.4f %%, %.2f s\n",
		step:      "%s: %d cohorts, %d of %d person-times, %s to %s\n",
		shortfall: "missing: %s, %s, %s: %d seats, %d lecturers (%s)\n",
		more:      "missing: %d more places, see --report\n",
		reasons:   map[string]string{"venue": "venue full", "lecturer": "no lecturer in reach", "no_month": "no open month", "too_few": "too few people for a cohort"},
		name:      func(english, _ string) string { return english },
	},
	"zh": {
		plan: "%s\n%d 个班,%d/%d 人次,空座 %d/%d\n" +
			"成本 %d:讲师差旅 %d,学员交通 %d,空座 %d,延期 %d,缺口 %d\n" +
			"对偶下界 %d,差距 %.4f %%,用时 %.2f 秒\n",
		step:      "%s:%d 个班,%d/%d 人次,%s 至 %s\n",
		shortfall: "缺口:%s,%s,%s:缺 %d 个座位、%d 名讲师(%s)\n",
		more:      "缺口:另有 %d 处,见 --report\n",
		reasons:   map[string]string{"venue": "场地已满", "lecturer": "可及范围内无讲师", "no_month": "无可用月份", "too_few": "人数不足以开班"},
		name: func(english, chinese string) string {
			if chinese == "" {
				return english
			}
			return chinese
		},
	},
}

// mostShortfalls is how many lines of what is missing the summary has.
const mostShortfalls = 20

func summariseRollout(w io.Writer, r *rollout.Rollout, report *rollout.Report, lang string) error {
	t := rolloutTextsIn[lang]
	fmt.Fprintf(w, t.plan, t.name(r.Name, r.NameZh), report.Cohorts, report.Enrolled, report.People, report.Seats-report.Enrolled, report.Seats,
		report.Objective, report.Costs.Lecturers, report.Costs.Travellers, report.Costs.EmptySeats, report.Costs.Lateness, report.Costs.Penalties,
		report.DualBound, 100*report.Gap, report.Seconds)
	for i := range r.Steps {
		s, coverage := &r.Steps[i], &report.Coverage[i]
		name := t.name(s.Name, s.NameZh)
		if name == "" {
			name = string(s.ID)
		}
		cohorts, enrolled, first, last := 0, 0, rollout.Month(0), rollout.Month(0)
		for _, m := range coverage.Months {
			if cohorts, enrolled = cohorts+m.Cohorts, enrolled+m.Enrolled; m.Cohorts > 0 {
				last = m.Month
				if first == 0 {
					first = m.Month
				}
			}
		}
		fmt.Fprintf(w, t.step, name, cohorts, enrolled, coverage.People, first, last)
	}
	areas := map[aid.AreaID]string{}
	for i := range r.Areas {
		areas[r.Areas[i].ID] = t.name(r.Areas[i].Name, r.Areas[i].NameZh)
	}
	for i, s := range report.Shortfalls {
		if i == mostShortfalls {
			fmt.Fprintf(w, t.more, len(report.Shortfalls)-i)
			break
		}
		reasons := ""
		for _, reason := range s.Reasons {
			if reasons != "" {
				reasons += ", "
			}
			reasons += t.reasons[reason]
		}
		fmt.Fprintf(w, t.shortfall, fmt.Sprintf("%s (%s)", areas[s.Area], s.Area), s.Step, s.Month, s.MissingSeats, s.MissingLecturers, reasons)
	}
	return nil
}
