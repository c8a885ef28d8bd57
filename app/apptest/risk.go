package apptest

import (
	"context"
	"maps"
	"slices"

	"github.com/linli/linli/aid"
)

// RiskClasses lists risk classes.
func (w *World) RiskClasses(ctx context.Context) ([]aid.RiskClass, error) {
	leave, err := w.enter(ctx, "RiskClasses")
	if err != nil {
		return nil, err
	}
	defer leave()
	return w.risks, nil
}

// Categories lists those of a class and those that help was asked for.
func (w *World) Categories(ctx context.Context) ([]aid.Category, error) {
	leave, err := w.enter(ctx, "Categories")
	if err != nil {
		return nil, err
	}
	defer leave()
	known := map[string]bool{}
	for _, k := range w.risks {
		for _, c := range k.Categories {
			known[c] = true
		}
	}
	for _, r := range w.requests {
		known[r.Category] = true
	}
	var out []aid.Category
	for _, c := range slices.Sorted(maps.Keys(known)) {
		out = append(out, aid.Category{Name: c, Class: aid.RiskOf(w.risks, c).Class})
	}
	return out, nil
}

// vet puts into a request what is known of the volunteers, as the database does
// when it reads one. The lock must be held.
func (w *World) vet(r *aid.HelpRequest) *aid.HelpRequest {
	r.Vetted = map[aid.VolunteerID]aid.Vetted{}
	for _, v := range r.Bound() {
		r.Vetted[v] = w.volunteers[v].Vetted()
	}
	return r
}
