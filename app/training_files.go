package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/sheet"
)

// FileOutcome says what became of the rows of a spreadsheet. All rows but those that
// were rejected are noted.
type FileOutcome struct {
	Noted     int // rows that changed something
	Unchanged int // rows that said what was so already
	Rejected  []RejectedRow
	Form      sheet.Form
	File      []byte // the rejected rows with the reason in a new column, in the form of the file; nil for none
}

// RejectedRow is a row that was not taken, by the number that a spreadsheet program
// shows.
type RejectedRow struct {
	Row   int
	Error error // of package aid
}

// reading goes through a spreadsheet of people.
type reading struct {
	table  *sheet.Table
	people map[aid.VolunteerID]aid.Volunteer
}

// readSheet reads a spreadsheet and the people whom it names.
func (u *Cohorts) readSheet(ctx context.Context, data []byte, must, may []string) (*reading, error) {
	t, err := sheet.Read(data, must, may)
	if err != nil {
		return nil, err
	}
	var ids []aid.VolunteerID
	for _, r := range t.Rows {
		if id := aid.VolunteerID(t.Cell(r, "volunteer_id")); aid.ValidID(id) {
			ids = append(ids, id)
		}
	}
	found, err := u.Store.VolunteersByID(ctx, ids)
	people := make(map[aid.VolunteerID]aid.Volunteer, len(found))
	for _, v := range found {
		people[v.ID] = v
	}
	return &reading{t, people}, err
}

// each has every row noted and gathers what is rejected. Only what is true of the
// row rejects it: any other error ends the whole.
func (in *reading) each(note func(r sheet.Row, v aid.Volunteer) (changed bool, err error)) (FileOutcome, error) {
	out := FileOutcome{Form: in.table.Form}
	first, reasons := map[aid.VolunteerID]int{}, map[int]string{}
	for _, r := range in.table.Rows {
		id := aid.VolunteerID(in.table.Cell(r, "volunteer_id"))
		v, known := in.people[id]
		var c aid.Check
		c.That(aid.ValidID(id), "volunteer_id", "is missing or malformed")
		c.That(!aid.ValidID(id) || known, "volunteer_id", "is not registered, or not yours to see")
		c.That(first[id] == 0, "volunteer_id", "came before, in row %d", first[id])
		err, changed := c.Err("row"), false
		if err == nil {
			first[id] = r.No
			changed, err = note(r, v)
		}
		switch kind := aid.KindOf(err); {
		case err == nil && changed:
			out.Noted++
		case err == nil:
			out.Unchanged++
		case kind == aid.Invalid || kind == aid.Conflict:
			out.Rejected = append(out.Rejected, RejectedRow{r.No, err})
			reasons[r.No] = ReasonText(err)
		default:
			return out, err
		}
	}
	if len(reasons) == 0 {
		return out, nil
	}
	var err error
	out.File, err = in.table.Rejected(reasons)
	return out, err
}

// ReasonText says what is wrong with a row, which stands beside it.
func ReasonText(err error) string {
	e, ok := errors.AsType[*aid.Error](err)
	if !ok || len(e.Problems) == 0 {
		return err.Error()
	}
	said := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		said[i] = strings.TrimSpace(p.Field + " " + p.Message)
	}
	return strings.Join(said, "; ")
}

// EnrolFile enrols the people of a spreadsheet with a column volunteer_id, in its
// order; a column name is passed over. Rows of people for whom the caller does not
// answer are rejected as if there were no such people.
func (u *Cohorts) EnrolFile(ctx context.Context, by Caller, id training.CohortID, data []byte) (FileOutcome, error) {
	if err := policy.Allow(by.Account, policy.EnrolFile, policy.Resource{}); err != nil {
		return FileOutcome{}, err
	}
	in, err := u.readSheet(ctx, data, []string{"volunteer_id"}, []string{"name"})
	if err != nil {
		return FileOutcome{}, err
	}
	for v, who := range in.people {
		if !policy.Allows(by.Account, policy.EnrolVolunteer, policy.Resource{Area: who.AreaPath, Volunteer: v}) {
			delete(in.people, v)
		}
	}
	var out FileOutcome
	_, err = u.Store.ChangeCohort(ctx, id, func(c *training.Cohort, now time.Time) error {
		out, err = in.each(func(_ sheet.Row, v aid.Volunteer) (bool, error) {
			before, _ := c.Enrolment(v.ID)
			e, err := c.Enrol(v, training.ViaFile, by.ID, now)
			return e != before, err
		})
		return err
	})
	return out, hidden(err, "cohort")
}

// Words for whether somebody was there, as people write them.
var presence = map[string]bool{
	"yes": true, "y": true, "1": true, "true": true, "是": true, "到": true, "出席": true,
	"no": false, "n": false, "0": false, "false": false, "否": false, "缺": false, "缺席": false,
}

// NoteAttendanceFile notes who was at a session from a spreadsheet with the columns
// volunteer_id and present; a column name is passed over.
func (u *Cohorts) NoteAttendanceFile(ctx context.Context, by Caller, id training.CohortID, session int, data []byte) (FileOutcome, error) {
	if err := policy.Role(by.Role, policy.NoteAttendanceFile); err != nil {
		return FileOutcome{}, err
	}
	in, err := u.readSheet(ctx, data, []string{"volunteer_id", "present"}, []string{"name"})
	if err != nil {
		return FileOutcome{}, err
	}
	var out FileOutcome
	_, err = u.change(ctx, by, policy.NoteAttendanceFile, id, func(c *training.Cohort, now time.Time) error {
		if session < 1 || session > len(c.Sessions) {
			return aid.Errorf(aid.NotFound, "the cohort has no session %d", session)
		}
		out, err = in.each(func(r sheet.Row, v aid.Volunteer) (bool, error) {
			said := in.table.Cell(r, "present")
			there, known := presence[strings.ToLower(said)]
			var check aid.Check
			check.That(known, "present", "is %q, must be yes or no, 是 or 否, 1 or 0", said)
			if err := check.Err("row"); err != nil {
				return false, err
			}
			before := len(c.Marks)
			err := c.Note(training.Mark{Session: session, Volunteer: v.ID, Present: there, Means: training.ByFile, By: by.ID}, now)
			return len(c.Marks) > before, err
		})
		return err
	})
	return out, err
}
