package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching"
	"github.com/linli/linli/matching/files"
)

// Match is `linli match`.
type Match struct {
	Volunteers string          `required:"" placeholder:"V.csv" help:"Volunteers: id,lat,lng,skills,max_km,capacity,trained,available_from,available_to."`
	Requests   string          `required:"" placeholder:"R.csv" help:"Requests: id,lat,lng,skills,people,min_people,courses,urgency,starts_at,ends_at."`
	Out        string          `placeholder:"pairs.csv" help:"Write the pairs here: request_id,volunteer_id,distance_m,cost."`
	Report     string          `placeholder:"report.json" help:"Write here what was filled, what stayed open and why, and the proof's figures."`
	Method     matching.Method `enum:"optimal,greedy" default:"optimal" help:"optimal: least cost, proven. greedy: requests in the order of the file, as a yardstick."`
	Quiet      bool            `short:"q" help:"Print nothing but errors."`
}

// Help is the longer text of --help.
func (Match) Help() string {
	return `A volunteer may serve a request when they have every skill it asks, hold every
course on the UTC day of starts_at, are available from starts_at to ends_at, and
live within max_km. Such a pair costs its distance in metres + 250 for each of
the volunteer's skills that the request does not ask. A seat left open costs
10,000,000 (routine), twice (soon) or four times that (urgent). The plan costs
the least possible in all; a request that cannot have min_people gets nobody.

Files are UTF-8 CSV with a header, lists are separated by ';', times look like
2026-06-01T09:00:00+08:00, and trained like first_aid:2027-05-31;basics.`
}

// Run matches two files.
func (m *Match) Run(ctx context.Context, streams Streams) error {
	if err := apart([]named{{"--out", m.Out}, {"--report", m.Report}}, named{"--volunteers", m.Volunteers}, named{"--requests", m.Requests}); err != nil {
		return err
	}
	requests, err := m.requests()
	if err != nil {
		return err
	}
	bar := newMeter(streams.Err, "volunteers read", m.Quiet)
	defer bar.done()
	problem, err := m.problem(ctx, bar, requests)
	if err != nil {
		return err
	}
	solve := matching.Optimal
	if m.Method == matching.MethodGreedy {
		solve = matching.Greedy
	}
	bar.say("looking for candidates")
	plan, err := solve(ctx, problem, func(step matching.Step, done, total int64) {
		bar.what = string(step)
		bar.show(done, total)
		if step == matching.StepSeats && done == total {
			bar.say("checking the plan")
		}
	})
	bar.done()
	if err != nil {
		return err
	}
	report := plan.Report(problem)
	if m.Out != "" {
		if err := files.Save(m.Out, writePairs(plan)); err != nil {
			return err
		}
	}
	if m.Report != "" {
		if err := files.Save(m.Report, writeReport(report)); err != nil {
			return err
		}
	}
	if m.Quiet {
		return nil
	}
	return summarise(streams.Out, report)
}

func (m *Match) requests() ([]files.Request, error) {
	var all []files.Request
	for r, err := range rowsOf(m.Requests, files.NewRequests) {
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// problem puts the volunteers, who are many, into the index as they are read.
func (m *Match) problem(ctx context.Context, bar *meter, requests []files.Request) (matching.Problem, error) {
	return matching.FromRows(func(yield func(files.Volunteer, error) bool) {
		read := int64(0)
		for v, err := range rowsOf(m.Volunteers, files.NewVolunteers) {
			if read++; err == nil && read%1024 == 0 {
				bar.count(read)
				err = ctx.Err()
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
		bar.say(fmt.Sprintf("putting %d volunteers in order", read))
	}, requests)
}

func writePairs(p *matching.Plan) func(io.Writer) error {
	return func(w io.Writer) error { return files.WritePairs(w, p.Pairs()) }
}

func writeReport(r files.Report) func(io.Writer) error {
	return func(w io.Writer) error { return files.WriteReport(w, r) }
}

func summarise(w io.Writer, r files.Report) error {
	_, err := fmt.Fprintf(w, "%s: %d of %d seats filled, %d of %d requests have open seats, %d volunteers\n"+
		"objective %d, dual bound %d, gap %.4f %%, %.2f s\n",
		r.Method, r.Filled, r.Seats, len(r.Unfilled), r.Requests, r.Volunteers,
		r.Objective, r.DualBound, 100*r.Gap, r.Seconds)
	return err
}

// mostErrors is how many wrong rows are listed before reading stops.
const mostErrors = 20

// rowsOf reads a file row by row. An error is the last thing given: one for
// everything that is wrong with rows, or what ended the reading.
func rowsOf[T any](path string, open func(io.Reader) (*files.Reader[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		f, err := os.Open(path)
		if err != nil {
			yield(none, &aid.Error{Kind: aid.Invalid, Message: err.Error(), Err: err})
			return
		}
		defer f.Close()
		r, err := open(f)
		if err != nil {
			yield(none, fmt.Errorf("%s: %w", path, err))
			return
		}
		var wrong []string
		for row, err := range r.Rows() {
			if err == nil {
				if len(wrong) == 0 && !yield(row.Value, nil) {
					return
				}
				continue
			}
			if _, one := errors.AsType[*files.RowError](err); !one {
				yield(none, fmt.Errorf("%s: %w", path, err))
				return
			}
			if wrong = append(wrong, "\n  "+err.Error()); len(wrong) == mostErrors {
				wrong = append(wrong, "\n  and perhaps more")
				break
			}
		}
		if len(wrong) > 0 {
			yield(none, aid.Errorf(aid.Invalid, "%s has rows that cannot be used:%s", path, strings.Join(wrong, "")))
		}
	}
}
