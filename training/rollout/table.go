package rollout

import (
	"slices"
	"strconv"
)

// Table writes a checkpoint for a spreadsheet: a header, and a row for each line, with
// the names of step and area in both languages.
func (r *Rollout) Table(c Checkpoint) [][]string {
	rows := [][]string{{
		"step", "step_name", "step_name_zh", "area", "area_name", "area_name_zh", "month", "people", "planned", "due", "announced", "enrolled", "attended",
		"completed", "lapsed", "behind", "left_out", "hindered_cohorts", "persons", "finished_persons", "coverage_percent",
		"deadline", "finish", "earliest", "latest", "slippage_months", "misses",
	}}
	areas := r.tree().areas
	for _, p := range c.Progress {
		i := slices.IndexFunc(r.Steps, func(s Step) bool { return s.ID == p.Step })
		if i < 0 {
			continue // an amendment took it out since
		}
		s, area := r.Steps[i], areas[p.Area]
		if area == nil { // the whole step
			area = &Area{ID: p.Area}
		}
		row := []string{string(s.ID), s.Name, s.NameZh, string(area.ID), area.Name, area.NameZh, c.Month.String()}
		for _, n := range []int{
			p.People, p.People - p.LeftOut, p.Due, p.Announced, p.Enrolled, p.Attended, p.Completed, p.Lapsed, p.Behind, p.LeftOut, p.Hindered, p.Persons, p.Finished,
		} {
			row = append(row, strconv.Itoa(n))
		}
		f := p.Forecast
		rows = append(rows, append(row, s.Coverage(p), s.Deadline.String(),
			f.Finish.String(), f.Earliest.String(), f.Latest.String(), strconv.Itoa(p.Slippage), strconv.FormatBool(p.Misses)))
	}
	return rows
}

// Coverage is the share of the people of a line of progress who have completed every
// course of the step, each counted once, in percent with one decimal; empty of nobody.
func (s *Step) Coverage(p Progress) string { return percent(p.Finished*len(s.Courses), p.People) }

// percent is a share with one decimal; empty of nothing.
func percent(part, whole int) string {
	if whole == 0 {
		return ""
	}
	return strconv.FormatFloat(100*float64(part)/float64(whole), 'f', 1, 64)
}
