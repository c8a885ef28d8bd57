package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/bench/matching/nearest"
	"github.com/linli/linli/bench/matching/report"
	"github.com/linli/linli/embedded"
)

// measureNearest compares the index with SQL over all volunteers of a province
// and over those who are available. Without Postgres it measures the index
// alone.
func measureNearest(ctx context.Context, o options, results *report.Results) error {
	all, err := nearest.Province(ctx, o.volunteers, 20_000, o.seed)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "linli-nearest-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	pg, err := embedded.StartPostgres(ctx, embedded.PostgresOptions{Dir: dir, NoSync: true})
	if errors.Is(err, embedded.ErrNoPostgres) {
		fmt.Fprintln(os.Stderr, err)
		results.Missing["SQL"] = "postgresql-15 postgresql-15-postgis-3"
	} else if err != nil {
		return err
	}
	if pg != nil {
		defer func() { _ = pg.Stop(context.WithoutCancel(ctx)) }()
	}
	for _, people := range []nearest.People{all.Available(), all} {
		budget := nearest.Budget{Time: o.enough, Queries: 100_000}
		own, err := nearest.Index(people, budget)
		if err != nil {
			return err
		}
		results.Nearest = append(results.Nearest, own)
		fmt.Fprintf(os.Stderr, "%d volunteers: %s %.0f queries a second\n", own.Volunteers, own.Way, own.PerSecond)
		if pg == nil {
			continue
		}
		sql, err := askSQL(ctx, pg, people, budget)
		if err != nil {
			return err
		}
		results.Nearest = append(results.Nearest, sql...)
	}
	return nil
}

func askSQL(ctx context.Context, pg *embedded.Postgres, people nearest.People, budget nearest.Budget) ([]report.Nearest, error) {
	db, err := pgx.Connect(ctx, pg.URL("postgres"))
	if err != nil {
		return nil, err
	}
	defer db.Close(context.WithoutCancel(ctx))
	begin := time.Now()
	out, err := nearest.SQL(ctx, db, people, budget, os.Stderr)
	for _, n := range out {
		fmt.Fprintf(os.Stderr, "%d volunteers: %s %.0f queries a second\n", n.Volunteers, n.Way, n.PerSecond)
	}
	fmt.Fprintf(os.Stderr, "%d volunteers: SQL took %.0f s in all\n", len(people.Volunteers), time.Since(begin).Seconds())
	return out, err
}
