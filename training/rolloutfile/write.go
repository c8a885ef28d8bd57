package rolloutfile

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"github.com/linli/linli/training/rollout"
)

// WriteCalendar writes the cohorts that are held, one a row. Where people of
// several areas come, from lists them like 230102:12;230103:20.
func WriteCalendar(w io.Writer, r *rollout.Rollout, p *rollout.Plan) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"step", "course", "area", "venue", "month", "lecturer_area", "seats", "enrolled", "from"}); err != nil {
		return err
	}
	for i := range p.Cohorts {
		c := &p.Cohorts[i]
		if c.Lacks != 0 {
			continue
		}
		var from []string
		for _, e := range c.From {
			from = append(from, string(e.Area)+":"+strconv.Itoa(e.People))
		}
		if err := out.Write([]string{
			string(r.Steps[c.Step].ID), string(r.Courses[c.Course].ID), string(c.Area), string(c.Venue), c.Month.String(),
			string(c.Lecturers), strconv.Itoa(c.Seats), strconv.Itoa(c.Enrolled()), strings.Join(from, ";"),
		}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// WriteReport writes a report as JSON.
func WriteReport(w io.Writer, report *rollout.Report) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(report)
}
