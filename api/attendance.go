package api

import (
	"context"
	"net/http"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training"
)

// Presence says whether somebody was at a session.
type Presence struct {
	Volunteer string `json:"volunteer_id"`
	Present   bool   `json:"present"`
}

// Presences are noted all or none.
type Presences struct {
	Marks []Presence `json:"marks" maxItems:"500"`
}

// AttendanceMark is one value that was noted.
type AttendanceMark struct {
	Present bool      `json:"present"`
	Means   string    `json:"means" enum:"code,hand,file"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// Attendance is what is noted of one person at one session.
type Attendance struct {
	Volunteer string           `json:"volunteer_id"`
	Name      string           `json:"name"`
	Mark      *AttendanceMark  `json:"mark,omitempty" doc:"The one that counts; left out while nothing is noted."`
	Earlier   []AttendanceMark `json:"earlier" doc:"Values that were corrected, the oldest first."`
}

// Result is what is noted of one person.
type Result struct {
	Volunteer string   `json:"volunteer_id"`
	Score     *int     `json:"score,omitempty" doc:"0 to 100."`
	Try       int      `json:"try,omitempty" doc:"Corrects the score of this try; left out: the next one."`
	Waive     []string `json:"waive,omitempty" doc:"prerequisites, attendance, assessment."`
	Reason    string   `json:"reason,omitempty" doc:"Of the waiver."`
}

// Results are noted all or none.
type Results struct {
	Results []Result `json:"results,omitempty" maxItems:"500"`
}

// SessionCode is what the room of a session shows.
type SessionCode struct {
	Token string    `json:"token" doc:"For a QR code."`
	Typed string    `json:"typed" doc:"The same for the keyboard, such as K7QM-2RXT."`
	Until time.Time `json:"until" doc:"When the next one is to be shown. This one is taken for 30 s more."`
}

// SessionCheckIn is the code that somebody saw.
type SessionCheckIn struct {
	Code string `json:"code" maxLength:"100" doc:"The token or the typed code, in small letters or capitals, with its dash or without."`
}

func attendanceMarkOf(m training.Mark) AttendanceMark {
	return AttendanceMark{m.Present, string(m.Means), string(m.By), m.At.UTC()}
}

func attendanceOf(at app.Attendance) Attendance {
	out := Attendance{Volunteer: string(at.Volunteer), Name: at.Name, Earlier: mapped(at.Earlier, attendanceMarkOf)}
	if at.Mark != nil {
		out.Mark = new(attendanceMarkOf(*at.Mark))
	}
	return out
}

// SessionItem is a session of a cohort that a path names.
type SessionItem struct {
	Item
	Session int `path:"session" minimum:"1" maximum:"1000"`
}

func (a *API) serveAttendance() {
	const (
		attendance = cohortPath + "/sessions/{session}/attendance"
		results    = cohortPath + "/results"
	)
	u := a.UseCases.Cohorts

	handle(a, http.MethodGet, attendance, policy.ReadAttendance, describe{"List who was at a session", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *SessionItem) (*itemsOf[Attendance], error) {
			found, err := u.Attendance(ctx, by, training.CohortID(in.ID), in.Session)
			return itemsAnswer(found, err, attendanceOf)
		})

	handle(a, http.MethodPost, attendance, policy.NoteAttendance, describe{"Note who was at a session; a later value corrects an earlier one, which is kept", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			SessionItem
			Body Presences
		},
		) (*itemsOf[Attendance], error) {
			marks := mapped(in.Body.Marks, func(m Presence) app.Presence {
				return app.Presence{Volunteer: aid.VolunteerID(m.Volunteer), Present: m.Present}
			})
			found, err := u.NoteAttendance(ctx, by, training.CohortID(in.ID), in.Session, marks, training.ByHand)
			return itemsAnswer(found, err, attendanceOf)
		})

	handle(a, http.MethodGet, cohortPath+"/sessions/{session}/code", policy.ReadSessionCode, describe{"Read the code that the room of a session is to show now; it changes every 30 s", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *SessionItem) (*struct{ Body SessionCode }, error) {
			c, err := u.Code(ctx, by, training.CohortID(in.ID), in.Session)
			if err != nil {
				return nil, err
			}
			return &struct{ Body SessionCode }{SessionCode{c.Token, c.Typed, c.Until}}, nil
		})

	handle(a, http.MethodPost, cohortPath+"/sessions/{session}/check-in", policy.CheckInSession, describe{"Note that one is at a session, by the code that its room shows", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			SessionItem
			Body SessionCheckIn
		},
		) (*struct{ Body AttendanceMark }, error) {
			m, err := u.CheckIn(ctx, by, training.CohortID(in.ID), in.Session, in.Body.Code)
			if err != nil {
				return nil, err
			}
			return &struct{ Body AttendanceMark }{attendanceMarkOf(m)}, nil
		})

	handle(a, http.MethodGet, results, policy.ListResults, describe{"List how people stand against the rule of the course", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *Item) (*itemsOf[Member], error) {
			found, err := u.Results(ctx, by, training.CohortID(in.ID))
			return itemsAnswer(found, err, memberOf)
		})

	handle(a, http.MethodPost, results, policy.NoteResults, describe{"Note scores and waivers, and certify everybody who fulfils the rule of the course", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body Results
		},
		) (*itemsOf[Member], error) {
			noted := mapped(in.Body.Results, func(r Result) app.Result {
				return app.Result{
					Volunteer: aid.VolunteerID(r.Volunteer), Score: r.Score, Try: r.Try, Reason: r.Reason,
					Waive: mapped(r.Waive, func(s string) training.Requirement { return training.Requirement(s) }),
				}
			})
			found, err := u.NoteResults(ctx, by, training.CohortID(in.ID), noted)
			return itemsAnswer(found, err, memberOf)
		})
}
