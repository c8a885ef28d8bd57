package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/bench/matching/report"
	"github.com/linli/linli/embedded"
)

type options struct {
	volunteers, needs int
	seed              uint64
	budget            budget
	out               string
}

func main() {
	var o options
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), `Measures the index of volunteers against SQL in a private Postgres.

  go run ./bench/matching/nearest                      the whole province
  go run ./bench/matching/nearest -volunteers 200000 -time 2s

Without Postgres or PostGIS it names the package to install and goes on.

`)
		flag.PrintDefaults()
	}
	flag.IntVar(&o.volunteers, "volunteers", 2_659_000, "volunteers of the province; each tenth is available")
	flag.IntVar(&o.needs, "needs", 20_000, "needs to ask for in turn")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of the province")
	flag.DurationVar(&o.budget.Time, "time", 20*time.Second, "time for each way")
	flag.IntVar(&o.budget.Queries, "queries", 100_000, "most queries for each way")
	flag.StringVar(&o.out, "out", "", "write the results as JSON to this file")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "nearest:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out, log io.Writer) error {
	results := &report.Results{
		Date: time.Now().UTC().Format(time.DateOnly), Machine: report.ThisMachine(), Missing: map[string]string{},
		Command: fmt.Sprintf("go run ./bench/matching/nearest -volunteers %d -needs %d -seed %d -time %v -queries %d",
			o.volunteers, o.needs, o.seed, o.budget.Time, o.budget.Queries),
	}
	if err := compare(ctx, o, results, log); err != nil {
		return err
	}
	if err := results.Markdown(out); err != nil {
		return err
	}
	if o.out == "" {
		return nil
	}
	return results.Save(o.out)
}

// compare asks the index and SQL, over those who are available and over all.
// Without Postgres it asks the index alone.
func compare(ctx context.Context, o options, results *report.Results, log io.Writer) error {
	all, err := province(ctx, o.volunteers, o.needs, o.seed)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "linli-nearest-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	pg, err := embedded.StartPostgres(ctx, embedded.PostgresOptions{Dir: dir, NoSync: true})
	switch {
	case errors.Is(err, embedded.ErrNoPostgres):
		fmt.Fprintln(log, err)
		results.Missing["SQL"] = "postgresql-15 postgresql-15-postgis-3"
	case err != nil:
		return err
	default:
		defer func() { _ = pg.Stop(context.WithoutCancel(ctx)) }()
	}
	for _, everybody := range []people{all.available(), all} {
		own, err := askIndex(everybody, o.budget)
		if err != nil {
			return err
		}
		results.Nearest = append(results.Nearest, own)
		if pg == nil {
			continue
		}
		sql, err := askSQL(ctx, pg, everybody, o.budget, log)
		if err != nil {
			return err
		}
		results.Nearest = append(results.Nearest, sql...)
	}
	return nil
}

func askSQL(ctx context.Context, pg *embedded.Postgres, everybody people, b budget, log io.Writer) ([]report.Nearest, error) {
	db, err := pgx.Connect(ctx, pg.URL("postgres"))
	if err != nil {
		return nil, err
	}
	defer db.Close(context.WithoutCancel(ctx))
	return measureSQL(ctx, db, everybody, b, log)
}
