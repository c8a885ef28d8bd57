package families

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/linli/linli/bench/matching/instance"
	"github.com/linli/linli/matching/bmatch"
)

// public are two data sets of real spatial-crowdsourcing workers and tasks,
// published with the GOMA benchmark: Y. Tong, J. She, B. Ding, L. Wang, L. Chen,
// Online mobile micro-task allocation in spatial crowdsourcing, ICDE 2016. A
// file begins with a line of counts (workers, tasks, …, and events last); each
// other line is an event in either form:
//
//	TIME w X Y RADIUS CAPACITY DURATION SUCCESS_RATE
//	TIME t X Y DURATION PAYOFF
//
// A worker can do a task that lies within their radius while both are there; it
// brings payoff × success rate. The offline optimum of the paper is the
// matching that brings most. The _anytime variants drop the condition on time,
// which leaves a graph a thousand times as dense. Costs are what is lost
// against the best pair, in millionths, and an open task loses all.
func public(dir string) []Family {
	if dir == "" {
		return nil
	}
	var out []Family
	for _, set := range []struct {
		name, file string
		tasks      int
	}{
		{"everysender", "everysender_cap1_00.txt", 4_036},
		{"gmission", "gmission_cap1_00.txt", 713},
	} {
		for _, anytime := range []bool{false, true} {
			f := Family{
				Name: set.name, Suite: Public, Sizes: []int{set.tasks},
				About: "public data: real workers and tasks of " + set.file,
				make: func(context.Context, *Store, int, *rand.Rand) (*instance.Instance, error) {
					return crowdsourced(filepath.Join(dir, set.file), anytime)
				},
			}
			if anytime {
				f.Name += "_anytime"
				f.About += ", without the condition on time"
			}
			out = append(out, f)
		}
	}
	return out
}

type worker struct {
	from, until, successRate, radius float64
	at                               point
	capacity                         int64
}

type task struct {
	from, until, payoff float64
	at                  point
}

func crowdsourced(path string, anytime bool) (*instance.Instance, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	workers, tasks, err := readEvents(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return tradeOff(workers, tasks, anytime), nil
}

func readEvents(r io.Reader) (workers []worker, tasks []task, err error) {
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		fields := strings.Fields(lines.Text())
		if number == 1 {
			continue
		}
		kind := ""
		if len(fields) > 1 {
			kind = fields[1]
			fields = append(fields[:1], fields[2:]...)
		}
		numbers := make([]float64, len(fields))
		for i, text := range fields {
			if numbers[i], err = strconv.ParseFloat(text, 64); err != nil || math.Abs(numbers[i]) > 1e9 || math.IsNaN(numbers[i]) {
				return nil, nil, fmt.Errorf("line %d: %q is no number up to 10⁹", number, text)
			}
		}
		switch {
		case kind == "w" && len(numbers) == 7:
			w := worker{from: numbers[0], until: numbers[0] + numbers[5], radius: numbers[3], successRate: numbers[6], capacity: int64(numbers[4])}
			w.at = point{numbers[1], numbers[2]}
			if w.successRate < 0 || w.successRate > 1 || w.capacity < 0 {
				return nil, nil, fmt.Errorf("line %d: a success rate lies in 0 to 1 and a capacity is 0 or more", number)
			}
			workers = append(workers, w)
		case kind == "t" && len(numbers) == 5:
			if numbers[4] < 0 {
				return nil, nil, fmt.Errorf("line %d: a payoff is 0 or more", number)
			}
			tasks = append(tasks, task{numbers[0], numbers[0] + numbers[3], numbers[4], point{numbers[1], numbers[2]}})
		default:
			return nil, nil, fmt.Errorf("line %d: is neither an event of a worker (w, 8 fields) nor of a task (t, 6 fields)", number)
		}
	}
	if len(workers) == 0 || len(tasks) == 0 {
		return nil, nil, errors.Join(lines.Err(), errors.New("holds no workers or no tasks"))
	}
	return workers, tasks, lines.Err()
}

// tradeOff turns the most that matching can bring into the least that it loses.
func tradeOff(workers []worker, tasks []task, anytime bool) *instance.Instance {
	const millionths = 1_000_000
	best := 0.0
	for _, t := range tasks {
		best = max(best, t.payoff)
	}
	ceiling := int64(math.Round(best * millionths))
	in := &instance.Instance{}
	for _, w := range workers {
		in.Capacity = append(in.Capacity, w.capacity)
	}
	for _, t := range tasks {
		var row []bmatch.Arc
		for v, w := range workers {
			isThere := anytime || t.from <= w.until && w.from <= t.until
			if isThere && math.Hypot(t.at.x-w.at.x, t.at.y-w.at.y) <= w.radius {
				row = append(row, bmatch.Arc{Volunteer: int32(v), Cost: ceiling - int64(math.Round(t.payoff*w.successRate*millionths))})
			}
		}
		in.Append(bmatch.Request{Seats: 1, Penalty: ceiling}, row)
	}
	return in
}
