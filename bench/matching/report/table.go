package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/linli/linli/bench/matching/families"
	"github.com/linli/linli/bench/matching/peers"
)

// Markdown writes the tables of the results.
func (r *Results) Markdown(w io.Writer) error {
	for _, suite := range families.Suites() {
		rows := slices.DeleteFunc(slices.Clone(r.Solves), func(in Instance) bool { return in.Suite != suite })
		if len(rows) == 0 {
			continue
		}
		if _, err := fmt.Fprintf(w, "\n### %s\n\n", suite); err != nil {
			return err
		}
		t := solveTable(rows, r.Missing)
		if suite == families.Crews {
			t = crewTable(rows)
		}
		if err := t.write(w); err != nil {
			return err
		}
	}
	if growths := r.Growths(); len(growths) > 0 {
		if _, err := fmt.Fprint(w, "\n### growth\n\n"); err != nil {
			return err
		}
		if err := growthTable(growths).write(w); err != nil {
			return err
		}
	}
	if len(r.Nearest) > 0 {
		if _, err := fmt.Fprint(w, "\n### nearest\n\n"); err != nil {
			return err
		}
		return nearestTable(r.Nearest).write(w)
	}
	return nil
}

// solveTable has one line an instance and one column a solver: seconds and, in
// brackets, megabytes.
func solveTable(rows []Instance, missing map[string]string) table {
	solvers := solversOf(rows)
	for _, p := range peers.All() {
		if _, gone := missing[p.Name]; gone && !slices.Contains(solvers, p.Name) {
			solvers = append(solvers, p.Name)
		}
	}
	head := append([]string{"instance", "requests", "seats", "arcs"}, solvers...)
	us := Ours
	if rows[0].Suite == families.Churn {
		us = Warm
	}
	t := table{append(head, "best peer ÷ "+us, us+" ÷ one pass", "least peer MB ÷ "+us)}
	for _, in := range rows {
		line := []string{in.Family, count(in.Requests), count(int(in.Seats)), count(in.Arcs)}
		for _, s := range solvers {
			f, ran := in.Figure(s)
			switch {
			case ran:
				line = append(line, f.cell())
			case missing[s] != "":
				line = append(line, "missing")
			default:
				line = append(line, "")
			}
		}
		t = append(t, append(line, in.ratios()...))
	}
	return t
}

// ratios are the last three columns; empty where one side has no figure.
func (in *Instance) ratios() []string {
	out := []string{"", "", ""}
	name := Ours
	if in.Suite == families.Churn {
		name = Warm
	}
	us, ran := in.Figure(name)
	cpu, timed := us.CPU()
	if !ran || !timed || cpu == 0 {
		return out
	}
	if best, ok := in.BestPeer(); ok {
		theirs, _ := best.CPU()
		out[0] = number(theirs/cpu) + " (" + best.Solver + ")"
	} else if least := in.leastLimit(); least > 0 {
		out[0] = "> " + number(least/cpu)
	}
	if pass, ok := in.Figure(OnePass); ok {
		if one, ok := pass.CPU(); ok && one > 0 {
			out[1] = number(cpu / one)
		}
	}
	if least, ok := in.LeastMemory(); ok && us.PeakMB > 0 {
		out[2] = number(least / us.PeakMB)
	}
	return out
}

// leastLimit is the least time that a peer was given and did not manage in.
func (in *Instance) leastLimit() float64 {
	least := 0.0
	for _, f := range in.Figures {
		if IsPeer(f.Solver) && f.Status == peers.LimitReached && (least == 0 || f.LimitSeconds < least) {
			least = f.LimitSeconds
		}
	}
	return least
}

func (f Figure) cell() string {
	cpu, timed := f.CPU()
	switch {
	case f.Status == peers.LimitReached:
		return fmt.Sprintf("> %s s", number(f.LimitSeconds))
	case timed && f.Solver == TwoCore: // what counts there is how long it takes
		return fmt.Sprintf("%s wall", number(Median(f.WallSeconds)))
	case timed && (f.Status == peers.Optimal || f.Status == peers.Feasible || f.Status == peers.Stuck):
		return fmt.Sprintf("%s (%s)", number(cpu), number(f.PeakMB))
	default:
		return string(f.Status)
	}
}

// crewTable shows what the minima leave unproven.
func crewTable(rows []Instance) table {
	t := table{{"instance", "requests", "seats", "arcs", "linli s (MB)", "objective", "bound", "gap"}}
	for _, in := range rows {
		f, ran := in.Figure(Ours)
		if !ran {
			continue
		}
		line := []string{in.Family, count(in.Requests), count(int(in.Seats)), count(in.Arcs), f.cell(), "", "", ""}
		if f.Objective > 0 {
			line[5], line[6] = count(int(f.Objective)), count(int(f.Bound))
			line[7] = fmt.Sprintf("%.3f %%", 100*float64(f.Objective-f.Bound)/float64(f.Objective))
		}
		t = append(t, line)
	}
	return t
}

func growthTable(growths []Growth) table {
	t := table{{"family", "solver", "requests", "time grows as n^", "n log n is n^"}}
	for _, g := range growths {
		t = append(t, []string{
			g.Family, g.Solver, count(g.From) + "–" + count(g.To),
			fmt.Sprintf("%.2f", g.Exponent), fmt.Sprintf("%.2f", g.NLogN),
		})
	}
	return t
}

func nearestTable(rows []Nearest) table {
	t := table{{"volunteers", "way", "queries a CPU second", "p50 µs", "p99 µs", "slower than the index"}}
	for _, n := range rows {
		ratio := ""
		for _, x := range rows {
			if x.Volunteers == n.Volunteers && x.Way == IndexWay && n.Way != IndexWay && n.PerSecond > 0 {
				ratio = number(x.PerSecond/n.PerSecond) + " ×"
			}
		}
		t = append(t, []string{count(n.Volunteers), n.Way, number(n.PerSecond), number(n.P50Micros), number(n.P99Micros), ratio})
	}
	return t
}

// IndexWay is the name of our index among the ways to find the nearest.
const IndexWay = "matching/index"

// solversOf gives all solvers in the order in which they first appear.
func solversOf(rows []Instance) []string {
	var out []string
	for _, in := range rows {
		for _, f := range in.Figures {
			if !slices.Contains(out, f.Solver) {
				out = append(out, f.Solver)
			}
		}
	}
	return out
}

// table is lines of cells, the first the heads.
type table [][]string

func (t table) write(w io.Writer) error {
	var b strings.Builder
	for i, line := range t {
		b.WriteString("| " + strings.Join(line, " | ") + " |\n")
		if i == 0 {
			b.WriteString("|" + strings.Repeat("---|", len(line)) + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// number shows three digits that count.
func number(x float64) string {
	switch {
	case x >= 100:
		return count(int(x + 0.5))
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	case x >= 1:
		return fmt.Sprintf("%.2f", x)
	default:
		return fmt.Sprintf("%.3g", x)
	}
}

// count groups digits by three.
func count(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
