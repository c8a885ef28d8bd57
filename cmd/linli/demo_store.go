package main

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
)

// demoStore is the store as the demo data wants it.
type demoStore struct{ *postgres.Store }

// AddOrganisation takes over one organisation.
func (s demoStore) AddOrganisation(ctx context.Context, o aid.Organisation) error {
	_, err := s.ImportOrganisations(ctx, o.Area, func(yield func(postgres.Numbered[aid.Organisation], error) bool) {
		yield(postgres.Numbered[aid.Organisation]{Row: 1, Value: o}, nil)
	}, postgres.ImportWatch{Rejected: func(_ int, why error) error { return why }})
	return err
}
