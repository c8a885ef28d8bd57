package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training"
)

// Trainer is what is known of somebody who holds cohorts.
type Trainer struct {
	ID string `json:"id" doc:"The account."`
	TrainerRecord
}

// TrainerRecord is what can be changed of it.
type TrainerRecord struct {
	Home    Point    `json:"home"`
	MaxKm   float64  `json:"max_km" doc:"How far they go to a cohort."`
	Monthly int      `json:"monthly" doc:"Most cohorts that begin in one month, 1 to 31."`
	Courses []string `json:"courses" doc:"That they may teach; for coordinators to say."`
}

func trainerOf(t training.Trainer) Trainer {
	return Trainer{string(t.Account), TrainerRecord{
		Home: Point{t.Home.Lat, t.Home.Lng}, MaxKm: float64(t.MaxDistance) / 1000, Monthly: t.Monthly, Courses: mapped(t.Courses, text),
	}}
}

// CohortTrainers are the trainers of a cohort, and those who were asked to be.
type CohortTrainers struct {
	Wanted  int             `json:"wanted" doc:"How many it was opened with."`
	Lacking int             `json:"lacking" doc:"How many it lacks for whom nobody is being asked."`
	Unmet   TrainerReasons  `json:"unmet" doc:"When nobody was left to ask: how many trainers each rule barred."`
	Items   []CohortTrainer `json:"items"`
}

// TrainerReasons count trainers by the rule that barred them.
type TrainerReasons struct {
	TooFar       int `json:"too_far" doc:"They live too far away or act in other areas."`
	Course       int `json:"course"`
	Time         int `json:"time" doc:"They have another session then."`
	Capacity     int `json:"capacity" doc:"They have as many cohorts in that month as they take."`
	AlreadyAsked int `json:"already_asked"`
}

func trainerReasonsOf(u aid.ReasonCounts) TrainerReasons {
	return TrainerReasons{u.TooFar, u.Course, u.Time, u.Capacity, u.Asked}
}

// CohortTrainer is an account and how it stands to the cohort.
type CohortTrainer struct {
	Account  string     `json:"account_id"`
	Status   string     `json:"status" enum:"trainer,pending,declined,expired,withdrawn"`
	AnswerBy *time.Time `json:"answer_by,omitempty" doc:"While it is pending."`
	Distance int64      `json:"distance_m,omitempty" doc:"From home to the cohort, of whoever was asked."`
	Reason   string     `json:"reason,omitempty" doc:"Of declining or withdrawing."`
}

func cohortTrainersOf(c app.CohortStaff) CohortTrainers {
	out := CohortTrainers{
		Wanted: c.Wanted, Lacking: c.Lacking,
		Unmet: trainerReasonsOf(c.Unmet),
		Items: mapped(c.Trainers, func(t aid.AccountID) CohortTrainer { return CohortTrainer{Account: string(t), Status: "trainer"} }),
	}
	for _, a := range c.Asks {
		if a.Status == training.AskAccepted || slices.Contains(c.Trainers, a.Trainer) {
			continue // a trainer of it, or one who has withdrawn
		}
		item := CohortTrainer{Account: string(a.Trainer), Status: string(a.Status), Distance: a.Distance, Reason: a.Reason}
		if a.Status == training.AskPending {
			item.AnswerBy = moment(a.ExpiresAt)
		}
		out.Items = append(out.Items, item)
	}
	for _, d := range c.Drops {
		if slices.Contains(c.Trainers, d.Trainer) {
			continue // they are back
		}
		out.Items = append(out.Items, CohortTrainer{Account: string(d.Trainer), Status: "withdrawn", Reason: d.Reason})
	}
	return out
}

// OfCohortTrainer names a trainer of a cohort in a path.
type OfCohortTrainer struct {
	Item
	Trainer string `path:"trainer" maxLength:"64" doc:"The account."`
}

func (in OfCohortTrainer) ids() (training.CohortID, aid.AccountID) {
	return training.CohortID(in.ID), aid.AccountID(in.Trainer)
}

func (a *API) serveTrainers() {
	const (
		staff = cohortPath + "/trainers"
		one   = staff + "/{trainer}"
		mine  = "/v1/trainers/{id}"
	)
	u := a.UseCases.Cohorts

	type staffAnswer struct{ Body CohortTrainers }
	answer := func(c app.CohortStaff, err error) (*staffAnswer, error) {
		if err != nil {
			return nil, err
		}
		return &staffAnswer{cohortTrainersOf(c)}, nil
	}
	handle(a, http.MethodGet, staff, policy.ListCohortTrainers, describe{"List who holds a cohort, is asked to, and has withdrawn", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *Item) (*staffAnswer, error) {
			return answer(u.Staff(ctx, by, training.CohortID(in.ID)))
		})

	handle(a, http.MethodPost, one+"/withdraw", policy.WithdrawTrainer, describe{"Take a trainer out of a cohort, oneself or as whoever runs it; another is asked in their place", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			OfCohortTrainer
			Body struct {
				Reason string `json:"reason"`
			}
		},
		) (*staffAnswer, error) {
			id, trainer := in.ids()
			return answer(u.DropOut(ctx, by, id, trainer, in.Body.Reason))
		})

	handle(a, http.MethodPost, one+"/accept", policy.AcceptTraining, describe{"Accept to hold a cohort that lacks a trainer, oneself or as a coordinator who was told so", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			OfCohortTrainer
			Body *Nothing
		},
		) (*staffAnswer, error) {
			id, trainer := in.ids()
			return answer(u.AcceptAsk(ctx, by, id, trainer))
		})

	handle(a, http.MethodPost, one+"/decline", policy.DeclineTraining, describe{"Decline to hold a cohort; the next trainer is asked", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			OfCohortTrainer
			Body *struct {
				Reason string `json:"reason,omitempty"`
			}
		},
		) (*staffAnswer, error) {
			id, trainer := in.ids()
			reason := ""
			if in.Body != nil {
				reason = in.Body.Reason
			}
			return answer(u.DeclineAsk(ctx, by, id, trainer, reason))
		})

	type trainerAnswer struct{ Body Trainer }
	known := func(t training.Trainer, err error) (*trainerAnswer, error) {
		if err != nil {
			return nil, err
		}
		return &trainerAnswer{trainerOf(t)}, nil
	}
	handle(a, http.MethodGet, mine, policy.ReadTrainer, describe{"Read what is known of a trainer", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *Item) (*trainerAnswer, error) {
			return known(u.Trainer(ctx, by, aid.AccountID(in.ID)))
		})

	handle(a, http.MethodPut, mine, policy.UpdateTrainer, describe{"Keep where a trainer lives, how far they go, how many cohorts they take and what they teach", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body TrainerRecord
		},
		) (*trainerAnswer, error) {
			return known(u.PutTrainer(ctx, by, training.Trainer{
				Account: aid.AccountID(in.ID), Home: in.Body.Home.domain(), MaxDistance: metres(in.Body.MaxKm), Monthly: in.Body.Monthly,
				Courses: mapped(in.Body.Courses, func(s string) aid.CourseID { return aid.CourseID(s) }),
			}))
		})
}
