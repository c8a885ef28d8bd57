package api

import (
	"context"
	"net/http"

	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training"
)

// RejectedRow is a row of a spreadsheet that was not taken.
type RejectedRow struct {
	Row    int    `json:"row" doc:"As a spreadsheet program numbers them; 1 is the header."`
	Reason string `json:"reason"`
}

// FileOutcome says what became of the rows of a spreadsheet.
type FileOutcome struct {
	Noted     int           `json:"noted" doc:"Rows that changed something."`
	Unchanged int           `json:"unchanged" doc:"Rows that said what was so already."`
	Rejected  []RejectedRow `json:"rejected"`
	Form      string        `json:"form" enum:"csv,xlsx"`
	File      []byte        `json:"rejected_file,omitempty" doc:"The rejected rows in the form of the file, with the reason in a new column, in base64. Correct them and send it again."`
}

func fileOutcomeOf(o app.FileOutcome, err error) (*struct{ Body FileOutcome }, error) {
	if err != nil {
		return nil, err
	}
	rejected := mapped(o.Rejected, func(r app.RejectedRow) RejectedRow { return RejectedRow{r.Row, app.ReasonText(r.Error)} })
	return &struct{ Body FileOutcome }{FileOutcome{o.Noted, o.Unchanged, rejected, string(o.Form), o.File}}, nil
}

func (a *API) serveTrainingFiles() {
	u := a.UseCases.Cohorts

	handle(a, http.MethodPost, cohortPath+"/enrolments/file", policy.EnrolFile, describe{"Enrol the people of a spreadsheet, .csv or .xlsx, with a column volunteer_id; rejected rows come back with the reason", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			RawBody []byte
		},
		) (*struct{ Body FileOutcome }, error) {
			return fileOutcomeOf(u.EnrolFile(ctx, by, training.CohortID(in.ID), in.RawBody))
		})

	handle(a, http.MethodPost, cohortPath+"/sessions/{session}/attendance/file", policy.NoteAttendanceFile, describe{"Note who was at a session from a spreadsheet, .csv or .xlsx, with the columns volunteer_id and present; rejected rows come back with the reason", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			SessionItem
			RawBody []byte
		},
		) (*struct{ Body FileOutcome }, error) {
			return fileOutcomeOf(u.NoteAttendanceFile(ctx, by, training.CohortID(in.ID), in.Session, in.RawBody))
		})
}
