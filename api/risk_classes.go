package api

import (
	"context"
	"net/http"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

// RiskClass is what some categories of help requests ask of whoever comes.
type RiskClass struct {
	ID          string   `json:"id"`
	NameZh      string   `json:"name_zh"`
	NameEn      string   `json:"name_en"`
	CheckMonths int      `json:"check_months,omitempty" doc:"For how many months a background check holds; left out where none is needed."`
	Minors      string   `json:"minors" enum:"allowed,barred" doc:"Whether minors may come. Where they are barred, nobody comes whose birth date is not known."`
	TwoDeep     bool     `json:"two_deep" doc:"Nobody comes alone: two adults at least."`
	Course      string   `json:"course,omitempty" doc:"The course that one of the two holds."`
	Categories  []string `json:"categories" doc:"Of the help requests that belong to it."`
}

func riskClassOf(k aid.RiskClass) RiskClass {
	minors := "allowed"
	if k.BarsMinors() {
		minors = "barred"
	}
	return RiskClass{
		ID: string(k.Class), NameZh: k.NameZh, NameEn: k.NameEn, CheckMonths: k.CheckMonths, Minors: minors, TwoDeep: k.TwoDeep,
		Course: string(k.Course), Categories: mapped(k.Categories, text),
	}
}

// Category is a kind of help that is known.
type Category struct {
	Name  string `json:"name" example:"medical_escort"`
	Class string `json:"risk_class,omitempty" doc:"The risk class to which it belongs."`
}

func (a *API) serveRiskClasses() {
	u := a.UseCases.Territory
	handle(a, http.MethodGet, "/v1/risk-classes", policy.ListRiskClasses, describe{"List the risk classes of help requests", 0, "territory"},
		func(ctx context.Context, by app.Caller, _ *struct{}) (*itemsOf[RiskClass], error) {
			found, err := u.RiskClasses(ctx, by)
			return itemsAnswer(found, err, riskClassOf)
		})
	handle(a, http.MethodGet, "/v1/categories", policy.ListCategories, describe{"List the categories of help requests that are known: those of a risk class, and those that were ever asked for", 0, "territory"},
		func(ctx context.Context, by app.Caller, _ *struct{}) (*itemsOf[Category], error) {
			found, err := u.Categories(ctx, by)
			return itemsAnswer(found, err, func(c aid.Category) Category { return Category{c.Name, string(c.Class)} })
		})
}
