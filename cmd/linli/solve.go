package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/dimacs"
	"github.com/linli/linli/matching/files"
)

// Solve is `linli solve`.
type Solve struct {
	File        string `arg:"" placeholder:"FILE" help:"DIMACS file, p asn or p min; - reads standard input."`
	Certificate string `placeholder:"FILE" help:"Write the proof here, as JSON: status, cost, dual, cpu_seconds, prices."`
	Quiet       bool   `short:"q" help:"Show no progress."`
}

// Help is the longer text of --help.
func (Solve) Help() string {
	return `Two forms can be solved:

  p asn NODES ARCS          an assignment: n ID names a left node,
                            a LEFT RIGHT COST an arc
  p min NODES ARCS          minimum-cost flow of transport form: n ID FLOW is the
                            supply of a request or the demand of the one sink,
                            a SRC DST 0 CAP COST an arc request → volunteer (CAP 1),
                            volunteer → sink, or request → sink (a seat left open)

The solution goes to standard output: s COST, then f SRC DST FLOW for every arc
with flow. With prices π every arc has c(i,j) - π(i) + π(j) ≥ 0 where more could
flow and ≤ 0 where something flows, so the cost is the least possible.
A problem without a solution ends with exit code 1, a file in another form with 2.`
}

// Run solves one file.
func (s *Solve) Run(ctx context.Context, streams Streams) error {
	in, name := streams.In, "standard input"
	if s.File != "-" {
		if err := apart([]named{{"--certificate", s.Certificate}}, named{"FILE", s.File}); err != nil {
			return err
		}
		f, err := os.Open(s.File)
		if err != nil {
			return &aid.Error{Kind: aid.Invalid, Message: err.Error(), Err: err}
		}
		defer f.Close()
		in, name = f, s.File
	}
	bar := newMeter(streams.Err, "units placed", s.Quiet)
	proof, err := dimacs.Run(ctx, in, streams.Out, bmatch.Options{Progress: bar.show})
	bar.done()
	impossible := errors.Is(err, dimacs.ErrInfeasible)
	if err != nil && !impossible {
		return fmt.Errorf("%s: %w", name, err)
	}
	if s.Certificate != "" {
		if err := files.Save(s.Certificate, func(w io.Writer) error { return proof.Write(w) }); err != nil {
			return err
		}
	}
	if impossible {
		// The file is well formed: it is the answer that is no.
		return &aid.Error{Kind: aid.Conflict, Message: fmt.Sprintf("%s: %v", name, err), Err: err}
	}
	return nil
}
