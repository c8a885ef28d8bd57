package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

// AreaSplit asks for part of an area to become one of its own.
type AreaSplit struct {
	ID            string   `json:"id" maxLength:"64" doc:"Of the new area."`
	NameZh        string   `json:"name_zh,omitempty"`
	NameEn        string   `json:"name_en,omitempty"`
	Reason        string   `json:"reason" doc:"Such as the decision that it follows; kept with the change and with the rollouts' amendments."`
	Areas         []string `json:"areas,omitempty" maxItems:"5000" doc:"Directly below the area, that go along with all that lies in them."`
	Organisations []string `json:"organisations,omitempty" maxItems:"5000" doc:"Of the area itself, that go along; rollouts count their people there."`
	Cells         []string `json:"cells,omitempty" maxItems:"5000" doc:"H3 cells of resolution 8, whose volunteers and beneficiaries of the area itself go along."`
	Volunteers    []string `json:"volunteers,omitempty" maxItems:"5000"`
	Beneficiaries []string `json:"beneficiaries,omitempty" maxItems:"5000" doc:"With their help requests."`
	Seat          Point    `json:"seat" doc:"Where its cohorts are held."`
	Venue         int      `json:"venue_cohorts,omitempty" doc:"How many its venues hold in a month, beside those of the other area."`
	Lecturers     int      `json:"lecturers,omitempty" doc:"How many live there, beside those of the other area."`
}

func (s AreaSplit) domain() (app.AreaSplit, error) {
	var c aid.Check
	out := app.AreaSplit{
		Seat: aid.Point(s.Seat), Venue: s.Venue, Lecturers: s.Lecturers,
		AreaSplit: aid.AreaSplit{
			New:   aid.Area{ID: aid.AreaID(s.ID), NameZh: s.NameZh, NameEn: s.NameEn},
			Areas: mapped(s.Areas, named[aid.AreaID]), Organisations: mapped(s.Organisations, named[aid.OrganisationID]),
			Volunteers: mapped(s.Volunteers, named[aid.VolunteerID]), Beneficiaries: mapped(s.Beneficiaries, named[aid.BeneficiaryID]),
		},
	}
	for i, text := range s.Cells {
		cell, err := strconv.ParseUint(text, 16, 64)
		c.That(err == nil, fmt.Sprintf("cells[%d]", i), "must be an H3 cell, such as 8814b3a77ffffff")
		out.Cells = append(out.Cells, aid.Cell(cell))
	}
	return out, c.Err("split")
}

func named[T ~string](s string) T { return T(s) }

func (a *API) serveAreaSplit() {
	type made struct{ Body AreaChange }
	handle(a, http.MethodPost, areaPath+"/split", policy.SplitArea, describe{"Make part of an area one of its own, also in the past; rollouts are restated", http.StatusCreated, "territory"},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body AreaSplit
		},
		) (*made, error) {
			split, err := in.Body.domain()
			if err != nil {
				return nil, err
			}
			c, err := a.UseCases.AreaChanges.Split(ctx, by, aid.AreaID(in.ID), split, in.Body.Reason)
			if err != nil {
				return nil, err
			}
			return &made{areaChangeOf(c)}, nil
		})
}
