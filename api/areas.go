package api

import (
	"context"
	"net/http"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

const (
	areaPath        = "/v1/areas/{id}"
	areaChangesPath = "/v1/area-changes"
)

// AreaChange is one change of the administrative tree.
type AreaChange struct {
	ID       string            `json:"id"`
	Kind     string            `json:"kind" enum:"merge,split"`
	Area     string            `json:"area_id" doc:"That was merged or split."`
	Into     string            `json:"into_id" doc:"Its successor, or the new area."`
	Reason   string            `json:"reason"`
	By       string            `json:"made_by" doc:"The account."`
	At       time.Time         `json:"made_at"`
	Moved    aid.AreaMoved     `json:"moved" doc:"What lies in the other area since."`
	Rollouts []RolloutRestated `json:"rollouts" doc:"Whose files were amended, with the version in force since."`
}

// RolloutRestated is a rollout whose file was amended by a change of areas.
type RolloutRestated struct {
	Rollout string `json:"rollout_id"`
	Version int    `json:"version"`
}

func areaChangeOf(c aid.AreaChange) AreaChange {
	return AreaChange{
		ID: string(c.ID), Kind: string(c.Kind), Area: string(c.Area), Into: string(c.Into), Reason: c.Reason, By: string(c.By), At: c.At.UTC(),
		Moved: c.Moved, Rollouts: mapped(c.Rollouts, func(r aid.RestatedRollout) RolloutRestated { return RolloutRestated{string(r.Rollout), r.Version} }),
	}
}

// AreaMerge asks for an area to become part of another.
type AreaMerge struct {
	Into   string `json:"into_id" maxLength:"64" doc:"Of the same level, under the same parent."`
	Reason string `json:"reason" doc:"Such as the decision that it follows; kept with the change and with the rollouts' amendments."`
}

func (a *API) serveAreas() {
	u := a.UseCases.AreaChanges
	const tag = "territory"

	handle(a, http.MethodGet, areaPath, policy.ReadArea, describe{"Read an area; by the id of one that was merged, its successor", 0, tag},
		func(ctx context.Context, by app.Caller, in *Item) (*struct{ Body Area }, error) {
			area, err := a.UseCases.Territory.Area(ctx, by, aid.AreaID(in.ID))
			if err != nil {
				return nil, err
			}
			return &struct{ Body Area }{areaOf(area)}, nil
		})

	type made struct{ Body AreaChange }
	handle(a, http.MethodPost, areaPath+"/merge", policy.MergeAreas, describe{"Make an area part of another, also in the past; its id stands for the other from then on, and rollouts are restated", http.StatusCreated, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body AreaMerge
		},
		) (*made, error) {
			c, err := u.Merge(ctx, by, aid.AreaID(in.ID), aid.AreaID(in.Body.Into), in.Body.Reason)
			if err != nil {
				return nil, err
			}
			return &made{areaChangeOf(c)}, nil
		})

	handle(a, http.MethodGet, areaChangesPath, policy.ListAreaChanges, describe{"List the changes of the tree of areas, the newest first", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Paging }) (*listed[AreaChange], error) {
			page, err := u.List(ctx, by, in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, areaChangeOf), nil
		})
}
