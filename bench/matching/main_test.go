package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/bench/matching/families"
	"github.com/linli/linli/bench/matching/instance"
	"github.com/linli/linli/bench/matching/peers"
	"github.com/linli/linli/bench/matching/report"
	"github.com/linli/linli/matching/bmatch"
)

// TestMain lets the test binary stand for the program, which runs itself.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == solveOne {
		main()
		return
	}
	os.Exit(m.Run())
}

func saved(t *testing.T, in *instance.Instance) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.instance")
	require.NoError(t, in.Save(path))
	return path
}

// contested is two requests that both want volunteer 0; the first in line takes
// more from the other than it gains.
func contested() *instance.Instance {
	in := &instance.Instance{Capacity: []int64{1, 1}}
	in.Append(bmatch.Request{Seats: 1, Penalty: 100}, []bmatch.Arc{{Volunteer: 1, Cost: 6}, {Volunteer: 0, Cost: 5}})
	in.Append(bmatch.Request{Seats: 1, Penalty: 100}, []bmatch.Arc{{Volunteer: 0, Cost: 5}})
	return in
}

func solution(t *testing.T, method string, in *instance.Instance) peers.Answer {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, solve(t.Context(), method, saved(t, in), &out))
	var a peers.Answer
	require.NoError(t, json.Unmarshal(out.Bytes(), &a))
	return a
}

func TestSolveAnswersInTheProtocol(t *testing.T) {
	t.Parallel()
	a := solution(t, methodCold, contested())
	require.Equal(t, peers.Optimal, a.Status)
	require.Equal(t, []int64{11, 11}, []int64{a.Objective, a.Bound})
	require.Positive(t, a.PeakKB)

	a = solution(t, methodGreedy, contested())
	require.Equal(t, peers.Feasible, a.Status)
	require.Equal(t, int64(5+100), a.Objective)

	crew := contested()
	crew.MinPeople = []int64{1, 2} // the second request never gets two
	a = solution(t, methodCold, crew)
	require.Equal(t, []int64{5 + 100, 5 + 100}, []int64{a.Objective, a.Bound})

	left := contested()
	left.Requests[0].Seats = 0
	a = solution(t, methodWarm, left)
	require.Equal(t, []int64{5, 5}, []int64{a.Objective, a.Bound})

	none := contested()
	none.Capacity[1] = 0
	none.Requests[0].Penalty, none.Requests[1].Penalty = bmatch.Mandatory, bmatch.Mandatory
	require.Equal(t, peers.Infeasible, solution(t, methodCold, none).Status)
	require.Equal(t, peers.Stuck, solution(t, methodGreedy, none).Status)

	require.ErrorContains(t, solve(t.Context(), "magic", saved(t, contested()), &bytes.Buffer{}), "magic")
	require.ErrorIs(t, solve(t.Context(), methodCold, "nowhere", &bytes.Buffer{}), os.ErrNotExist)
}

// random is an instance of up to so many requests and volunteers in which people
// compete.
func random(r *rand.Rand, size int) *instance.Instance {
	in := &instance.Instance{}
	volunteers := 1 + r.IntN(size)
	for range volunteers {
		in.Capacity = append(in.Capacity, r.Int64N(3))
	}
	for range 1 + r.IntN(size) {
		var row []bmatch.Arc
		for _, v := range r.Perm(volunteers)[:r.IntN(min(volunteers, 6)+1)] {
			row = append(row, bmatch.Arc{Volunteer: int32(v), Cost: r.Int64N(20)})
		}
		in.Append(bmatch.Request{Seats: r.Int64N(4), Penalty: r.Int64N(30)}, row)
	}
	return in
}

// TestWarmComesToTheSameOptimum: many have gone there, as zeros are frequent.
func TestWarmComesToTheSameOptimum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := random(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)), 80)
		require.NoError(t, in.Check())
		fromNothing, err := cold(t.Context(), in, &peers.Answer{})
		require.NoError(t, err)
		fromBefore, err := warm(t.Context(), in, &peers.Answer{})
		require.NoError(t, err)
		require.Equal(t, fromNothing.objective, fromBefore.objective)
		require.Equal(t, fromBefore.objective, fromBefore.bound)
		require.NoError(t, check(in, fromBefore))
	})
}

// TestOnePassIsAPlan: never below the optimum, and equal to it where nobody
// competes.
func TestOnePassIsAPlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := random(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)), 6)
		objective, isWhole := onePass(in)
		require.True(t, isWhole)
		res, err := bmatch.Solve(t.Context(), in.Problem(), bmatch.Options{})
		require.NoError(t, err)
		require.GreaterOrEqual(t, objective, res.Objective)
		for v := range in.Capacity {
			in.Capacity[v] = 100
		}
		objective, _ = onePass(in)
		res, err = bmatch.Solve(t.Context(), in.Problem(), bmatch.Options{})
		require.NoError(t, err)
		require.Equal(t, res.Objective, objective)
	})
}

// TestTheCheckerLooksAtThePlan of another instance, which the result does not fit.
func TestTheCheckerLooksAtThePlan(t *testing.T) {
	t.Parallel()
	in := contested()
	res, err := cold(t.Context(), in, &peers.Answer{})
	require.NoError(t, err)
	require.NoError(t, check(in, res))
	for i, spoil := range []func(*instance.Instance){
		func(in *instance.Instance) { in.Cost[0]++ },
		func(in *instance.Instance) { in.Cost[1] = 0 }, // the plan stands, the bound does not
		func(in *instance.Instance) { in.Capacity[0] = 0 },
		func(in *instance.Instance) { in.MinPeople = []int64{2, 0} },
	} {
		other := contested()
		spoil(other)
		require.ErrorContains(t, check(other, res), "the checker refuses the plan", "case %d", i)
	}
}

func TestRunsOfOneSolverMustAgree(t *testing.T) {
	t.Parallel()
	var f report.Figure
	a := peers.Answer{Status: peers.Optimal, Objective: 5, CPUSeconds: 2, PeakKB: 1000}
	require.NoError(t, record(&f, a, time.Minute))
	a.CPUSeconds, a.PeakKB = 1, 2000
	require.NoError(t, record(&f, a, time.Minute))
	require.Equal(t, report.Figure{Status: peers.Optimal, Objective: 5, CPUSeconds: []float64{2, 1}, PeakMB: 2.048}, f)
	require.NoError(t, record(&f, peers.Answer{Status: peers.LimitReached}, time.Minute))
	require.Equal(t, peers.Optimal, f.Status, "a run that ended counts")
	a.Objective = 6
	require.ErrorContains(t, record(&f, a, time.Minute), "one run gives optimal 5, another optimal 6")
}

func TestFlags(t *testing.T) {
	t.Parallel()
	o, err := parse([]string{"-families", "m_busy,o_busy", "-sizes", "10, 20", "-solvers", "linli", "-out", "somewhere"})
	require.NoError(t, err)
	require.Equal(t, []int{10, 20}, o.sizes)
	require.True(t, o.wants("linli"))
	require.False(t, o.wants("scipy"))
	require.Equal(t, "go run ./bench/matching -families m_busy,o_busy -sizes 10, 20 -solvers linli", o.command)
	chosen, err := o.choose(families.All(""))
	require.NoError(t, err)
	require.Len(t, chosen, 2)

	o.names = nil
	o.suites = []string{"dimacs"}
	chosen, err = o.choose(families.All(""))
	require.NoError(t, err)
	require.Len(t, chosen, 6)

	o.names = []string{"m_buzy"}
	_, err = o.choose(families.All(""))
	require.ErrorContains(t, err, `"m_buzy"`)
	_, err = parse([]string{"-sizes", "many"})
	require.ErrorContains(t, err, "-sizes")
	_, err = parse([]string{"solve"})
	require.ErrorContains(t, err, `"solve" is not understood`)
	o.solvers = []string{"lemon"}
	_, err = o.prepare(t.Context(), map[string]string{})
	require.ErrorContains(t, err, `"lemon"`)
}

// TestAWholeRun measures ours against the greedy pass, keeps the results, and
// shows them again.
func TestAWholeRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, plot := filepath.Join(dir, "r.json"), filepath.Join(dir, "p.svg")
	require.NoError(t, run(t.Context(), []string{
		"-families", "long_chain", "-sizes", "30,60", "-solvers", "linli,greedy", "-runs", "2", "-cache", dir, "-out", out, "-plot", plot,
	}))
	r, err := report.Load(out)
	require.NoError(t, err)
	require.Len(t, r.Solves, 2)
	f, ran := r.Solves[1].Figure(report.Ours)
	require.True(t, ran)
	require.Equal(t, int64(2*59+1), f.Objective)
	require.Len(t, f.CPUSeconds, 2*shortRuns)
	require.FileExists(t, plot)

	r.Solves[1].Figures = append(r.Solves[1].Figures, report.Figure{Solver: "network-simplex", Status: peers.Optimal, Objective: 118})
	require.NoError(t, r.Save(out))
	require.ErrorContains(t, run(t.Context(), []string{"-again", out}), "the optima are not the same")
}
