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
	requests, err := processesAdrift(ctx, settle, s.store, s.processes)
	if err != nil {
		return err
	}
	found = append(found, requests...)
	p := s.processes
	for _, find := range []func(ctx, settle context.Context) ([]postgres.Finding, error){
		adrift[aid.Cell]{
			must: s.store.SeekingShards, running: p.RunningRounds, isRunning: p.IsRoundRunning, workflow: contract.MatchRoundWorkflowID,
			invariant: "shard_has_round", rule: "people are sought in this shard and its process must run",
		}.find,
		adrift[aid.RequestID]{
			must: s.store.LiveStanding, running: p.RunningStanding, isRunning: p.IsStandingRunning, workflow: contract.StandingPairingWorkflowID,
			invariant: "standing_pairing_has_process", rule: "the standing pairing is not ended and its process must run",
		}.find,
		adrift[aid.RolloutID]{
			must: s.store.LiveRollouts, running: p.RunningRollouts, isRunning: p.IsRolloutRunning, workflow: contract.RolloutWorkflowID,
			invariant: "rollout_has_process", rule: "the rollout is not ended and its process must run",
		}.find,
		adrift[aid.CohortID]{
			must: s.store.LiveCohorts, running: p.RunningCohorts, isRunning: p.IsCohortRunning, workflow: contract.CohortWorkflowID,
			invariant: "cohort_has_process", rule: "something is left to do for the cohort and it must have a running process",
			idle: "process_has_cohort", idleRule: "the process runs for a cohort for which nothing is left to do or which does not exist",
		}.find,
	} {
		more, err := find(ctx, settle)
		if err != nil {
			return err
		}
		found = append(found, more...)
	}
	return printFindings(streams.Out, found)
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

// adrift finds what must have a process and has none, and processes that have
// nothing left to do where that is an invariant too, in the same way.
type adrift[ID comparable] struct {
	must      func(context.Context) ([]ID, error)
	running   func(context.Context) (map[ID]bool, error)
	isRunning func(context.Context, ID) (bool, error)
	workflow  func(ID) string // the id of the process

	invariant, rule string
	idle, idleRule  string // empty: a process may outlive what it is for
}

func (a adrift[ID]) find(ctx, settle context.Context) (found []postgres.Finding, err error) {
	running, err := a.running(ctx)
	if err != nil {
		return nil, err
	}
	must, err := a.must(ctx)
	if err != nil {
		return nil, err
	}
	look := func(id ID, invariant, rule string) error {
		ok, err := settles(settle, func(ctx context.Context) (bool, error) {
			runs, err := a.isRunning(ctx, id)
			if err != nil || runs && a.idle == "" {
				return runs, err
			}
			now, err := a.must(ctx)
			return runs == slices.Contains(now, id), err
		})
		if err == nil && !ok {
			found = append(found, postgres.Finding{Invariant: invariant, IDs: []string{a.workflow(id)}, Detail: rule})
		}
		return err
	}
	for _, id := range must {
		if running[id] {
			delete(running, id)
		} else if err := look(id, a.invariant, a.rule); err != nil {
			return nil, err
		}
	}
	if a.idle == "" {
		return found, nil
	}
	for id := range running {
		if err := look(id, a.idle, a.idleRule); err != nil {
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
