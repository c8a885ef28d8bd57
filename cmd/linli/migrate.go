package main

import (
	"context"
	"fmt"

	"github.com/linli/linli/postgres"
)

// Migrate brings the schema of a database up to date.
type Migrate struct {
	Up     MigrateUp     `cmd:"" help:"Bring the schema up to date. Safe to run from several places at once."`
	Status MigrateStatus `cmd:"" help:"Say which changes of the schema are in place."`
}

// Help is the longer text of --help.
func (Migrate) Help() string {
	return `The changes of the schema are in the program. Run 'linli migrate up' once before the
first start and after each update, before the new 'linli serve' and 'linli worker'
start; programs of the version before may still run. 'linli dev' does it by itself.`
}

// MigrateUp is `linli migrate up`.
type MigrateUp struct{ SystemFlags }

// Run migrates.
func (c *MigrateUp) Run(ctx context.Context, streams Streams) error {
	if err := c.resolve(); err != nil {
		return err
	}
	if err := postgres.Migrate(ctx, c.PostgresURL); err != nil {
		return err
	}
	return printMigrations(ctx, streams, c.PostgresURL)
}

// MigrateStatus is `linli migrate status`.
type MigrateStatus struct{ SystemFlags }

// Run prints each migration and when it was applied.
func (c *MigrateStatus) Run(ctx context.Context, streams Streams) error {
	if err := c.resolve(); err != nil {
		return err
	}
	return printMigrations(ctx, streams, c.PostgresURL)
}

func printMigrations(ctx context.Context, streams Streams, url string) error {
	all, err := postgres.MigrationStatus(ctx, url)
	if err != nil {
		return err
	}
	for _, m := range all {
		state := "pending"
		if !m.AppliedAt.IsZero() {
			state = "applied " + m.AppliedAt.UTC().Format("2006-01-02 15:04:05Z")
		}
		if _, err := fmt.Fprintf(streams.Out, "%-32s %s\n", m.File, state); err != nil {
			return err
		}
	}
	return nil
}
