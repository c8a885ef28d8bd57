package dimacs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/dimacs"
)

func run(ctx context.Context, t require.TestingT, file string) (string, dimacs.Certificate) {
	var out bytes.Buffer
	c, err := dimacs.Run(ctx, strings.NewReader(file), &out, bmatch.Options{})
	require.NoError(t, err)
	return out.String(), c
}

func TestRun(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, file, want string }{
		{"assignment", asn, "s 7\nf 1 3 1\nf 2 4 1\n"},
		{"transport", transport, "s 0\nf 1 3 1\nf 1 2 1\nf 2 4 1\nf 3 4 1\n"},
		{"a seat is cheaper open", strings.Replace(transport, "a 1 4 0 2 50", "a 1 4 0 2 2", 1), "s -1\nf 1 3 1\nf 1 4 1\nf 3 4 1\n"},
		{"negative penalty", strings.Replace(transport, "a 1 4 0 2 50", "a 1 4 0 9 -60", 1), "s -120\nf 1 4 2\n"},
		{"served in full without a penalty", strings.Replace(strings.Replace(transport, "a 1 4 0 2 50\n", "", 1), "4 5", "4 4", 1), "s 0\nf 1 3 1\nf 1 2 1\nf 2 4 1\nf 3 4 1\n"},
		{"negative costs", "p asn 4 4\nn 1\nn 2\na 1 3 -5\na 1 4 -1\na 2 3 -9\na 2 4 2\n", "s -10\nf 1 4 1\nf 2 3 1\n"},
		{"cheapest of parallel arcs", "p asn 2 3\nn 2\na 2 1 8\na 2 1 -3\na 2 1 5\n", "s -3\nf 2 1 1\n"},
		{"nothing", "p asn 0 0\n", "s 0\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, certificate := run(t.Context(), t, c.file)
			require.Equal(t, c.want, out)
			require.Equal(t, dimacs.StatusOptimal, certificate.Status)
			requireCertified(t, c.file, out, certificate)
		})
	}
}

func TestRunSaysInfeasible(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, file, says string }{
		{"no perfect matching", "p asn 4 2\nn 1\nn 2\na 1 3 5\na 2 3 9\n", "left node"},
		{"sides differ", "p asn 3 2\nn 1\na 1 3 5\na 1 2 9\n", "1 left and 2 right nodes"},
		{"supply is not demand", strings.Replace(transport, "n 4 -2", "n 4 -3", 1), "supply is 2 and the demand of the sink 3"},
		{"no way to the sink", "p min 3 1\nn 1 1\nn 3 -1\na 1 2 0 1 3\n", "supply of node 1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			certificate, err := dimacs.Run(t.Context(), strings.NewReader(c.file), &out, bmatch.Options{})
			require.ErrorIs(t, err, dimacs.ErrInfeasible)
			require.Equal(t, aid.Invalid, aid.KindOf(err))
			require.ErrorContains(t, err, c.says)
			require.Empty(t, out.String())
			require.Equal(t, dimacs.Certificate{Status: dimacs.StatusInfeasible, Prices: []int64{}}, certificate)
		})
	}
}

func TestRunRefusesNumbersThatItCannotAddUp(t *testing.T) {
	t.Parallel()
	huge := "p min 3 2\nn 1 4000000000000\nn 3 -4000000000000\na 1 2 0 1 0\na 1 3 0 4000000000000 288230376151711744\n"
	_, err := dimacs.Run(t.Context(), strings.NewReader(huge), &bytes.Buffer{}, bmatch.Options{})
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	require.ErrorContains(t, err, "scale the costs down")

	sum := strings.Replace(huge, "4000000000000 288230376151711744", "4000000000000 -288230376151711744", 1)
	_, err = dimacs.Run(t.Context(), strings.NewReader(sum), &bytes.Buffer{}, bmatch.Options{})
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	require.ErrorContains(t, err, "does not fit")
}

func TestCertificateJSON(t *testing.T) {
	t.Parallel()
	_, c := run(t.Context(), t, asn)
	var out bytes.Buffer
	c.CPUSeconds = 0.25
	require.NoError(t, c.Write(&out))
	var got map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &got))
	require.Equal(t, "optimal", got["status"])
	require.InDelta(t, 7, got["cost"], 0)
	require.InDelta(t, 7, got["dual"], 0)
	require.InDelta(t, 0.25, got["cpu_seconds"], 0)
	require.Len(t, got["prices"], 4)
	require.Len(t, got, 5)
}

func TestWrittenProblemsHaveTheSameOptimum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p := drawProblem(rt)
		want, err := bmatch.Solve(t.Context(), p, bmatch.Options{})
		require.NoError(rt, err)
		var file bytes.Buffer
		require.NoError(rt, dimacs.WriteTransport(&file, p))
		out, c := run(t.Context(), rt, file.String())
		require.Equal(rt, want.Objective, c.Cost)
		requireCertified(rt, file.String(), out, c)
	})
}

func drawProblem(t *rapid.T) *bmatch.Problem {
	p := &bmatch.Problem{}
	volunteers := rapid.IntRange(0, 8).Draw(t, "volunteers")
	for range volunteers {
		p.Capacity = append(p.Capacity, rapid.Int64Range(0, 3).Draw(t, "capacity"))
	}
	rows := make([][]bmatch.Arc, rapid.IntRange(1, 8).Draw(t, "requests"))
	for r := range rows {
		p.Requests = append(p.Requests, bmatch.Request{
			Seats: rapid.Int64Range(1, 3).Draw(t, "seats"), Penalty: rapid.Int64Range(0, 900).Draw(t, "penalty"),
		})
		for v := range volunteers {
			if rapid.Bool().Draw(t, "eligible") {
				rows[r] = append(rows[r], bmatch.Arc{Volunteer: int32(v), Cost: rapid.Int64Range(0, 600).Draw(t, "cost")})
			}
		}
	}
	p.Source = bmatch.NewArcs(rows)
	return p
}

func TestWrittenAssignmentHasTheSameOptimum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		size := rapid.IntRange(0, 8).Draw(rt, "size")
		p := &bmatch.Problem{}
		rows := make([][]bmatch.Arc, size)
		for r := range rows {
			p.Requests = append(p.Requests, bmatch.Request{Seats: 1, Penalty: bmatch.Mandatory})
			p.Capacity = append(p.Capacity, 1)
			for v := range size {
				rows[r] = append(rows[r], bmatch.Arc{Volunteer: int32(v), Cost: rapid.Int64Range(0, 99).Draw(rt, "cost")})
			}
		}
		p.Source = bmatch.NewArcs(rows)
		want, err := bmatch.Solve(t.Context(), p, bmatch.Options{})
		require.NoError(rt, err)
		var file bytes.Buffer
		require.NoError(rt, dimacs.WriteAssignment(&file, p))
		out, c := run(t.Context(), rt, file.String())
		require.Equal(rt, want.Objective, c.Cost)
		requireCertified(rt, file.String(), out, c)
	})
}

func TestWriteRefusesWhatTheFormsCannotHold(t *testing.T) {
	t.Parallel()
	p := &bmatch.Problem{Requests: []bmatch.Request{{Seats: 0, Penalty: 5}}, Source: bmatch.NewArcs(make([][]bmatch.Arc, 1))}
	require.ErrorContains(t, dimacs.WriteTransport(&bytes.Buffer{}, p), "without seats")
	require.ErrorContains(t, dimacs.WriteAssignment(&bytes.Buffer{}, p), "requests[0]")
	p.Requests[0] = bmatch.Request{Seats: 1, Penalty: bmatch.Mandatory}
	p.Capacity = []int64{2}
	require.ErrorContains(t, dimacs.WriteAssignment(&bytes.Buffer{}, p), "capacity[0]")
}
