package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

// Area is a node of the administrative tree.
type Area struct {
	ID     string `json:"id"`
	Parent string `json:"parent,omitempty"`
	Path   string `json:"path" doc:"Ids from the root down."`
	Level  string `json:"level" enum:"province,prefecture,county,street,community"`
	NameZh string `json:"name_zh"`
	NameEn string `json:"name_en"`
}

func areaOf(a aid.Area) Area {
	return Area{string(a.ID), string(a.Parent), string(a.Path), string(a.Level), a.NameZh, a.NameEn}
}

// Organisation is a node of the regional or the special tree.
type Organisation struct {
	ID     string `json:"id"`
	Parent string `json:"parent,omitempty"`
	Tree   string `json:"tree" enum:"regional,special"`
	Tier   string `json:"tier" enum:"association,corps,division,brigade,detachment,central_station,station,team"`
	Area   string `json:"area_id"`
	NameZh string `json:"name_zh"`
	NameEn string `json:"name_en"`
}

func organisationOf(o aid.Organisation) Organisation {
	return Organisation{string(o.ID), string(o.Parent), o.Tree, o.Tier, string(o.Area), o.NameZh, o.NameEn}
}

// Named is an entry of a catalogue.
type Named struct {
	ID     string `json:"id"`
	NameZh string `json:"name_zh"`
	NameEn string `json:"name_en"`
}

func namedOf(n aid.Named) Named { return Named(n) }

// Round is the record of one match round.
type Round struct {
	ID         string    `json:"id"`
	Shard      string    `json:"shard" doc:"The H3 cell whose requests were matched."`
	StartedAt  time.Time `json:"started_at"`
	Seconds    float64   `json:"seconds"`
	Requests   int       `json:"requests"`
	Seats      int       `json:"seats"`
	Volunteers int       `json:"volunteers"`
	Offers     int       `json:"offers"`
	Objective  int64     `json:"objective"`
	DualBound  int64     `json:"dual_bound" doc:"Proven lower bound on the objective of every plan."`
	Gap        float64   `json:"gap" doc:"(objective − bound) ÷ objective."`
	Solve      float64   `json:"solve_seconds" doc:"What finding the plan took of the seconds; the rest is checking it and making offers."`
	Warm       bool      `json:"warm" doc:"Whether the plan was found from that of the round before, and not from nothing."`
}

func roundOf(r aid.Round) Round {
	return Round{
		string(r.ID), strconv.FormatUint(uint64(r.Shard), 16), r.StartedAt.UTC(), r.Seconds, r.Requests, r.Seats,
		r.Volunteers, r.Offers, r.Objective, r.DualBound, r.Gap, r.SolveSeconds, r.Warm,
	}
}

// Scarcity says what one more volunteer would have been worth to the last match
// round.
type Scarcity struct {
	Area      string    `json:"area_id" doc:"Of the help requests in the cell that ask for these skills."`
	Cell      string    `json:"cell" doc:"An H3 cell of resolution 6, about 36 km²."`
	Skills    []string  `json:"skills" doc:"What the volunteer would have to be able to do, all of it."`
	OpenSeats int       `json:"open_seats" doc:"Of those help requests, that the plan left open."`
	Saving    int64     `json:"saving" doc:"By how much the objective of the plan would have been lower with one more volunteer who lives at the centre of the cell, has just these skills and every course asked for, is free at all times, goes 10 km and takes one seat. A filled seat saves 10,000,000 if it is routine, 20,000,000 if soon, 40,000,000 if urgent, less the way; a shorter way saves metres. Rounded up to whole hundreds."`
	AsOf      time.Time `json:"as_of" doc:"When the round began."`
}

func scarcityOf(s aid.Scarcity) Scarcity {
	return Scarcity{
		string(s.Area), strconv.FormatUint(uint64(s.Cell), 16), mapped(s.Skills, text), s.OpenSeats, s.Saving, s.AsOf.UTC(),
	}
}

// Self is the caller's own account.
type Self struct {
	ID        string   `json:"id"`
	Role      string   `json:"role" enum:"caseworker,volunteer,trainer,coordinator"`
	Name      string   `json:"name"`
	Volunteer string   `json:"volunteer_id,omitempty"`
	Areas     []string `json:"areas" doc:"Paths of the areas that the account may act in."`
}

func (a *API) serveTerritory() {
	u := a.UseCases.Territory
	const tag = "territory"

	handle(a, http.MethodGet, "/v1/areas", policy.ListAreas, describe{"List areas by id", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Paging }) (*listed[Area], error) {
			page, err := u.Areas(ctx, by, in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, areaOf), nil
		})

	handle(a, http.MethodGet, "/v1/organisations", policy.ListOrganisations, describe{"List organisations by id", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Paging }) (*listed[Organisation], error) {
			page, err := u.Organisations(ctx, by, in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, organisationOf), nil
		})

	handle(a, http.MethodGet, "/v1/skills", policy.ListSkills, describe{"List the skills that can be asked for", 0, tag},
		func(ctx context.Context, by app.Caller, _ *struct{}) (*itemsOf[Named], error) {
			found, err := u.Skills(ctx, by)
			return itemsAnswer(found, err, namedOf)
		})

	handle(a, http.MethodGet, "/v1/rounds", policy.ListRounds, describe{"List match rounds, newest first", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Paging }) (*listed[Round], error) {
			page, err := u.Rounds(ctx, by, in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, roundOf), nil
		})

	handle(a, http.MethodGet, "/v1/scarcity", policy.ListScarcity, describe{"List where one more volunteer would help most, the largest saving first", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Paging
			Area  string `query:"area_id" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id" doc:"In or below this area only."`
			Skill string `query:"skill" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id" doc:"With this skill only."`
		},
		) (*listed[Scarcity], error) {
			page, err := u.Scarcity(ctx, by, app.ScarcityQuery{Area: aid.AreaID(in.Area), Skill: aid.Skill(in.Skill)}, in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, scarcityOf), nil
		})

	handle(a, http.MethodGet, "/v1/me", policy.ReadSelf, describe{"Read one's own account", 0, "account"},
		func(ctx context.Context, by app.Caller, _ *struct{}) (*struct{ Body Self }, error) {
			me, err := u.Self(ctx, by)
			if err != nil {
				return nil, err
			}
			return &struct{ Body Self }{Self{
				string(me.ID), string(me.Role), me.Name, string(me.Volunteer), mapped(me.Areas, text),
			}}, nil
		})
}
