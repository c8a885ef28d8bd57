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

// SessionMove is another time of a session, and another place.
type SessionMove struct {
	StartsAt time.Time `json:"starts_at"`
	EndsAt   time.Time `json:"ends_at"`
	Venue    string    `json:"venue,omitempty" doc:"Where it meets from now on; if left out, where it did."`
}

// TrainerAssignment makes somebody a trainer of a cohort.
type TrainerAssignment struct {
	Replaces string `json:"replaces,omitempty" doc:"A trainer in whose place they are; none: they come in addition, or where one is lacking."`
	Reason   string `json:"reason,omitempty" doc:"Why the other one leaves."`
}

func (a *API) serveChangesByHand() {
	u := a.UseCases.Cohorts

	handle(a, http.MethodPost, cohortPath+"/sessions/{session}/move", policy.MoveSession, describe{"Hold a session at another time or place, and tell those who hold a seat and the trainers", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			SessionItem
			Body SessionMove
		},
		) (*struct{ Body Cohort }, error) {
			m := training.Move{
				Session: in.Session, Venue: in.Body.Venue, During: aid.Window{StartsAt: in.Body.StartsAt.UTC(), EndsAt: in.Body.EndsAt.UTC()},
			}
			c, err := u.MoveSession(ctx, by, training.CohortID(in.ID), m)
			if err != nil {
				return nil, err
			}
			return &struct{ Body Cohort }{cohortOf(c)}, nil
		})

	handle(a, http.MethodPut, cohortPath+"/trainers/{trainer}", policy.AssignTrainer, describe{"Make somebody a trainer of a cohort by hand, in addition or in place of another", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			OfCohortTrainer
			Body TrainerAssignment
		},
		) (*struct{ Body CohortTrainers }, error) {
			id, trainer := in.ids()
			c, err := u.AssignTrainer(ctx, by, id, trainer, aid.AccountID(in.Body.Replaces), in.Body.Reason)
			if err != nil {
				return nil, err
			}
			return &struct{ Body CohortTrainers }{cohortTrainersOf(c)}, nil
		})
}
