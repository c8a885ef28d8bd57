// Package report keeps what a run measured and shows it: as JSON for the
// record, as Markdown tables, and as a plot.
//
// Times are processor seconds, each typical of the runs of one solver on one
// instance ([Figure.CPU]); memory is the resident peak of the solver's process in MB of 10⁶
// bytes.
package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/linli/linli/bench/matching/families"
	"github.com/linli/linli/bench/matching/peers"
)

// The solvers of ours in results; all others are peers.
const (
	Ours    = "linli"
	Warm    = "linli-warm"
	TwoCore = "linli-2-cores"
	OnePass = "greedy"
)

// Results is one run of the program.
type Results struct {
	Date     string            `json:"date"`
	Command  string            `json:"command"`
	Machine  Machine           `json:"machine"`
	Versions map[string]string `json:"versions,omitempty"` // of each solver that ran
	Missing  map[string]string `json:"missing,omitempty"`
	Solves   []Instance        `json:"solves,omitempty"`
	Nearest  []Nearest         `json:"nearest,omitempty"`
}

// Instance is what the solvers did on one instance.
type Instance struct {
	Family     string         `json:"family"`
	Suite      families.Suite `json:"suite"`
	Requests   int            `json:"requests"`
	Volunteers int            `json:"volunteers"`
	Seats      int64          `json:"seats"`
	Arcs       int            `json:"arcs"`
	Figures    []Figure       `json:"figures"`
}

// Figure is one solver on one instance.
type Figure struct {
	Solver       string       `json:"solver"`
	Status       peers.Status `json:"status"`
	Objective    int64        `json:"objective,omitempty"`
	Bound        int64        `json:"bound,omitempty"`
	CPUSeconds   []float64    `json:"cpu_seconds,omitempty"`  // of each run
	WallSeconds  []float64    `json:"wall_seconds,omitempty"` // of each run, where the program tells
	BuildSeconds float64      `json:"build_seconds,omitempty"`
	PeakMB       float64      `json:"peak_mb,omitempty"`
	LimitSeconds float64      `json:"limit_seconds,omitempty"` // that was reached
}

// Nearest is one way to find the 32 nearest eligible volunteers.
type Nearest struct {
	Volunteers int     `json:"volunteers"`
	Way        string  `json:"way"`
	Queries    int     `json:"queries"`
	PerSecond  float64 `json:"per_second"` // of processor time of what answers
	P50Micros  float64 `json:"p50_us"`     // wall time
	P99Micros  float64 `json:"p99_us"`     // wall time
}

// Figure finds what a solver did.
func (in *Instance) Figure(solver string) (Figure, bool) {
	i := slices.IndexFunc(in.Figures, func(f Figure) bool { return f.Solver == solver })
	if i < 0 {
		return Figure{}, false
	}
	return in.Figures[i], true
}

// IsPeer tells whether a solver is none of ours.
func IsPeer(solver string) bool {
	return solver != Ours && solver != Warm && solver != TwoCore && solver != OnePass
}

// coarse is a time below which some processor clocks step rather than run.
const coarse = 0.010

// CPU is the typical processor time: the median of the runs or, where a clock
// that steps would make that a multiple of its step, their mean. It is false
// when the solver has none.
func (f Figure) CPU() (float64, bool) {
	if len(f.CPUSeconds) == 0 {
		return 0, false
	}
	if m := Median(f.CPUSeconds); m >= coarse {
		return m, true
	}
	sum := 0.0
	for _, s := range f.CPUSeconds {
		sum += s
	}
	return sum / float64(len(f.CPUSeconds)), true
}

// Median is the middle of the values, the lower one of two.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)-1)/2]
}

// BestPeer is the figure of the fastest peer that solved the instance.
func (in *Instance) BestPeer() (Figure, bool) {
	var best Figure
	found := false
	for _, f := range in.Figures {
		cpu, timed := f.CPU()
		if !IsPeer(f.Solver) || !timed || cpu == 0 || f.Status != peers.Optimal { // 0 is a clock that stood still
			continue
		}
		if least, _ := best.CPU(); !found || cpu < least {
			best, found = f, true
		}
	}
	return best, found
}

// LeastMemory is the smallest peak of a peer that solved the instance.
func (in *Instance) LeastMemory() (mb float64, ok bool) {
	for _, f := range in.Figures {
		if IsPeer(f.Solver) && f.Status == peers.Optimal && (!ok || f.PeakMB < mb) {
			mb, ok = f.PeakMB, true
		}
	}
	return mb, ok
}

// Disagreements tells where optima differ, or ours is not proven where a peer
// solved the instance. There must be none. With crews peers have nothing to
// say, and ours need only keep its bound.
func (in *Instance) Disagreements() []string {
	name := fmt.Sprintf("%s of %d", in.Family, in.Requests)
	var out []string
	var first *Figure
	for i := range in.Figures {
		f := &in.Figures[i]
		if f.Status == peers.Failed {
			out = append(out, fmt.Sprintf("%s: %s failed", name, f.Solver))
		}
		if f.Bound != 0 && f.Bound > f.Objective {
			out = append(out, fmt.Sprintf("%s: %s has the bound %d above its objective %d", name, f.Solver, f.Bound, f.Objective))
		}
		isProver := f.Solver == Ours || f.Solver == Warm || f.Solver == TwoCore
		if isProver && f.Status == peers.Feasible && in.Suite != families.Crews {
			out = append(out, fmt.Sprintf("%s: %s gave no proof", name, f.Solver))
		}
		if f.Status != peers.Optimal && f.Status != peers.Infeasible {
			continue
		}
		switch {
		case first == nil:
			first = f
		case first.Objective != f.Objective || first.Status != f.Status:
			out = append(out, fmt.Sprintf("%s: %s says %s %d, %s says %s %d",
				name, first.Solver, first.Status, first.Objective, f.Solver, f.Status, f.Objective))
		}
	}
	return out
}

// Save writes the results as JSON.
func (r *Results) Save(path string) error {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}

// Join reads files that Save wrote and puts what they measured into one, with
// the date and the machine of the first and the commands of all.
func Join(first string, others ...string) (*Results, error) {
	joined, err := Load(first)
	if err != nil {
		return nil, err
	}
	for _, path := range others {
		r, err := Load(path)
		if err != nil {
			return nil, err
		}
		joined.Command += "\n" + r.Command
		joined.Solves = append(joined.Solves, r.Solves...)
		joined.Nearest = append(joined.Nearest, r.Nearest...)
		joined.Versions, joined.Missing = both(joined.Versions, r.Versions), both(joined.Missing, r.Missing)
	}
	// Lines of one family stand together, in the order in which families appear.
	order := map[string]int{}
	for i, in := range joined.Solves {
		if _, seen := order[in.Family]; !seen {
			order[in.Family] = i
		}
	}
	slices.SortStableFunc(joined.Solves, func(a, b Instance) int {
		return cmp.Or(cmp.Compare(order[a.Family], order[b.Family]), cmp.Compare(a.Requests, b.Requests))
	})
	return joined, nil
}

func both(a, b map[string]string) map[string]string {
	out := map[string]string{}
	maps.Copy(out, a)
	maps.Copy(out, b)
	return out
}

// Load reads results that Save wrote.
func Load(path string) (*Results, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := &Results{}
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}
