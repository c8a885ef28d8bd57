package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// rolloutTexts are the lines of the summary.
type rolloutTexts struct {
	plan, step, shortfall, missing string
	reasons                        map[string]string
	name                           func(english, chinese string) string
}

var rolloutTextsIn = map[string]rolloutTexts{
	"en": {
		plan: "%s\n%d cohorts, %d of %d person-times, %d of %d seats empty\n" +
			"cost %d: lecturers' travel %d, people's travel %d, empty seats %d, lateness %d, missing %d\n" +
			"dual bound %d, gap %.4f %%, %.2f s\n",
		step:      "%s: %d cohorts, %d of %d person-times, %s to %s\n",
		shortfall: "missing: %s, %s, %s: %d seats, %d lecturers (%s)\n",
		missing:   "missing in all: %d seats, %d months of a lecturer, in %d places and months\n",
		reasons:   map[string]string{"venue": "venue full", "lecturer": "no lecturer in reach", "no_month": "no open month", "too_few": "too few people for a cohort"},
		name:      func(english, _ string) string { return english },
	},
	"zh": {
		plan: "%s\n%d 个班,%d/%d 人次,空座 %d/%d\n" +
			"成本 %d:讲师差旅 %d,学员交通 %d,空座 %d,延期 %d,缺口 %d\n" +
			"对偶下界 %d,差距 %.4f %%,用时 %.2f 秒\n",
		step:      "%s:%d 个班,%d/%d 人次,%s 至 %s\n",
		shortfall: "缺口:%s,%s,%s:缺 %d 个座位、%d 名讲师(%s)\n",
		missing:   "缺口合计:%d 个座位、%d 个讲师人月,涉及 %d 处\n",
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
	seats, lecturers := 0, 0
	for i, s := range report.Shortfalls {
		seats, lecturers = seats+s.MissingSeats, lecturers+s.MissingLecturers
		if i >= mostShortfalls {
			continue // all are in the report
		}
		var reasons []string
		for _, reason := range s.Reasons {
			reasons = append(reasons, t.reasons[reason])
		}
		fmt.Fprintf(w, t.shortfall, fmt.Sprintf("%s (%s)", areas[s.Area], s.Area), s.Step, s.Month, s.MissingSeats, s.MissingLecturers, strings.Join(reasons, ", "))
	}
	if len(report.Shortfalls) > 0 {
		fmt.Fprintf(w, t.missing, seats, lecturers, len(report.Shortfalls))
	}
	return nil
}
