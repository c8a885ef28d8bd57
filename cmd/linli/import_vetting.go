package main

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/files"
	"github.com/linli/linli/postgres"
)

// ImportRiskClasses is `linli import risk-classes`.
type ImportRiskClasses struct{ ImportFlags }

// Run imports the catalogue of risk classes.
func (c *ImportRiskClasses) Run(ctx context.Context, streams Streams) error {
	return importFile(ctx, streams, c.ImportFlags, files.NewRiskClasses, asItIs[aid.RiskClass],
		func(s *postgres.Store, rows postgres.Rows[aid.RiskClass], w postgres.ImportWatch) (postgres.ImportCount, error) {
			return s.ImportRiskClasses(ctx, rows, w)
		})
}

// ImportChecks is `linli import checks`.
type ImportChecks struct{ ImportFlags }

// Run imports when volunteers were checked and born, and until when their
// guardians consent.
func (c *ImportChecks) Run(ctx context.Context, streams Streams) error {
	return importFile(ctx, streams, c.ImportFlags, files.NewChecks, func(v files.Vetting) (postgres.VettingRow, error) {
		return postgres.VettingRow(v), nil
	}, func(s *postgres.Store, rows postgres.Rows[postgres.VettingRow], w postgres.ImportWatch) (postgres.ImportCount, error) {
		return s.ImportVettings(ctx, rows, w)
	})
}
