package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
	"github.com/linli/linli/processes"
	"github.com/linli/linli/workflows/contract"
)

// Audit is `linli audit`.
type Audit struct {
	SystemFlags
	LogFlags
}

// Help is the longer text of --help.
func (Audit) Help() string {
	return `Reads everything and changes nothing, so it can run beside the live system. Each
line names a broken invariant, the records and what should be so. Exits 0 when
all is well, 1 when anything is broken or could not be checked.`
}

// errBroken ends an audit that found something.
var errBroken = errors.New("the audit found what is broken; see above")

// Run checks every invariant over Postgres and Temporal.
func (c *Audit) Run(ctx context.Context, streams Streams) error {
	if err := c.resolve(); err != nil {
		return err
	}
	s, err := connect(ctx, c.PostgresFlags, c.TemporalFlags, SearchFlags{}, IndexFlags{}, NoticeFlags{}, c.logger())
	if err != nil {
		return err
	}
	defer s.Close()
	found, err := s.store.Findings(ctx)
	if err != nil {
		return err
	}
	settle, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	adrift, err := processesAdrift(ctx, settle, s.store, s.processes)
	if err != nil {
		return err
	}
	idle, err := roundsAdrift(ctx, settle, s.store, s.processes)
	if err != nil {
		return err
	}
	cohorts, err := cohortsAdrift(ctx, settle, s.store, s.processes)
	if err != nil {
		return err
	}
	return printFindings(streams.Out, slices.Concat(found, adrift, idle, cohorts))
}

func printFindings(w io.Writer, found []postgres.Finding) error {
	for _, f := range found {
		if _, err := fmt.Fprintf(w, "%s: %s: %s\n", f.Invariant, strings.Join(f.IDs, " "), f.Detail); err != nil {
			return err
		}
	}
	if len(found) > 0 {
		fmt.Fprintf(w, "%d findings\n", len(found))
		return errBroken
	}
	_, err := fmt.Fprintln(w, "every invariant holds")
	return err
}

// settleWithin is how long a request may be without its process, or a process
// without its request, since starting and ending take their moment.
const settleWithin = 15 * time.Second

// processesAdrift compares the help requests that are not ended with the
// processes that run. What differs is looked at one by one until it settles, or
// settle ends.
func processesAdrift(ctx, settle context.Context, store *postgres.Store, p *processes.Processes) ([]postgres.Finding, error) {
	running, err := p.Running(ctx)
	if err != nil {
		return nil, err
	}
	live, err := store.LiveRequests(ctx)
	if err != nil {
		return nil, err
	}
	var found []postgres.Finding
	for _, id := range live {
		if running[id] {
			delete(running, id)
			continue
		}
		f, err := settled(settle, store, p, id, "request_has_process", "the request is not ended and must have a running process")
		if err != nil {
			return nil, err
		}
		found = append(found, f...)
	}
	for id := range running {
		f, err := settled(settle, store, p, id, "process_has_request", "the process runs for a request that has ended or does not exist")
		if err != nil {
			return nil, err
		}
		found = append(found, f...)
	}
	return found, nil
}

// roundsAdrift finds the shards in which people are sought and nobody looks, in
// the same way.
func roundsAdrift(ctx, settle context.Context, store *postgres.Store, p *processes.Processes) ([]postgres.Finding, error) {
	running, err := p.RunningRounds(ctx)
	if err != nil {
		return nil, err
	}
	seeking, err := store.SeekingShards(ctx)
	if err != nil {
		return nil, err
	}
	var found []postgres.Finding
	for _, shard := range seeking {
		if running[shard] {
			continue
		}
		ok, err := settles(settle, func(ctx context.Context) (bool, error) {
			runs, err := p.IsRoundRunning(ctx, shard)
			if err != nil || runs {
				return runs, err
			}
			now, err := store.SeekingShards(ctx)
			return !slices.Contains(now, shard), err
		})
		if err != nil {
			return nil, err
		}
		if !ok {
			found = append(found, postgres.Finding{
				Invariant: "shard_has_round", IDs: []string{contract.MatchRoundWorkflowID(shard)},
				Detail: "people are sought in this shard and its process must run",
			})
		}
	}
	return found, nil
}

// cohortsAdrift compares the training cohorts for which something is left to do with
// the processes that run, in the same way.
func cohortsAdrift(ctx, settle context.Context, store *postgres.Store, p *processes.Processes) ([]postgres.Finding, error) {
	running, err := p.RunningCohorts(ctx)
	if err != nil {
		return nil, err
	}
	live, err := store.LiveCohorts(ctx)
	if err != nil {
		return nil, err
	}
	var found []postgres.Finding
	look := func(id aid.CohortID, invariant, rule string) error {
		ok, err := settles(settle, func(ctx context.Context) (bool, error) {
			runs, err := p.IsCohortRunning(ctx, id)
			if err != nil {
				return false, err
			}
			now, err := store.LiveCohorts(ctx)
			return runs == slices.Contains(now, id), err
		})
		if err == nil && !ok {
			found = append(found, postgres.Finding{Invariant: invariant, IDs: []string{string(id)}, Detail: rule})
		}
		return err
	}
	for _, id := range live {
		if running[id] {
			delete(running, id)
			continue
		}
		if err := look(id, "cohort_has_process", "something is left to do for the cohort and it must have a running process"); err != nil {
			return nil, err
		}
	}
	for id := range running {
		if err := look(id, "process_has_cohort", "the process runs for a cohort for which nothing is left to do or which does not exist"); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// settled gives a finding unless request and process come to agree.
func settled(ctx context.Context, store *postgres.Store, p *processes.Processes, id aid.RequestID, invariant, rule string) ([]postgres.Finding, error) {
	ok, err := settles(ctx, func(ctx context.Context) (bool, error) {
		runs, err := p.IsRunning(ctx, id)
		if err != nil {
			return false, err
		}
		r, err := store.Request(ctx, id)
		if err != nil && aid.KindOf(err) != aid.NotFound {
			return false, err
		}
		return runs == (err == nil && !r.Status.Ended()), nil
	})
	if err != nil || ok {
		return nil, err
	}
	return []postgres.Finding{{Invariant: invariant, IDs: []string{string(id)}, Detail: rule}}, nil
}

// settles tells whether something comes to hold before ctx ends. It looks at
// least once, and is not cut off while it looks.
func settles(ctx context.Context, holds func(context.Context) (bool, error)) (bool, error) {
	poll := time.NewTicker(250 * time.Millisecond)
	defer poll.Stop()
	for {
		ok, err := holds(context.WithoutCancel(ctx))
		if ok || err != nil {
			return ok, err
		}
		select {
		case <-ctx.Done():
			return false, nil
		case <-poll.C:
		}
	}
}
