package apptest

import (
	"context"

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

// vet puts into a request what is known of the volunteers, as the database does
// when it reads one. The lock must be held.
func (w *World) vet(r *aid.HelpRequest) *aid.HelpRequest {
	r.Vetted = map[aid.VolunteerID]aid.Vetted{}
	for _, v := range r.Bound() {
		r.Vetted[v] = w.volunteers[v].Vetted()
	}
	return r
}
