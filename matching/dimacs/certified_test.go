package dimacs_test

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/matching/dimacs"
)

type edge struct {
	from, to       int
	capacity, cost int64
}

// requireCertified checks a solution and its certificate from the text of the
// file alone, as the documentation of Certificate says it can be done.
func requireCertified(t require.TestingT, file, solution string, c dimacs.Certificate) {
	supply, edges, assignment := naiveRead(t, file, len(c.Prices))
	flow := map[[2]int]int64{}
	var cost int64
	for line := range strings.Lines(solution) {
		var from, to int
		var units int64
		if strings.HasPrefix(line, "s ") {
			_, err := fmt.Sscanf(line, "s %d", &cost)
			require.NoError(t, err)
			continue
		}
		_, err := fmt.Sscanf(line, "f %d %d %d", &from, &to, &units)
		require.NoError(t, err)
		require.Positive(t, units)
		flow[[2]int{from, to}] += units
		supply[from] -= units
		supply[to] += units
	}
	require.Equal(t, cost, c.Cost)
	for node, left := range supply {
		require.Zero(t, left, "flow is kept at node %d", node)
	}
	require.Equal(t, c.Cost, cheapest(t, edges, flow), "the flow costs what it says")

	var dual int64
	supply, _, _ = naiveRead(t, file, len(c.Prices))
	for node := 1; node <= len(c.Prices); node++ {
		dual += supply[node] * c.Prices[node-1]
	}
	for _, e := range edges {
		reduced := e.cost - c.Prices[e.from-1] + c.Prices[e.to-1]
		if units := flow[[2]int{e.from, e.to}]; units < e.capacity && !assignment {
			require.GreaterOrEqual(t, reduced, int64(0), "arc %v", e)
		}
		if assignment {
			require.GreaterOrEqual(t, reduced, int64(0), "arc %v", e)
		} else {
			dual += e.capacity * min(0, reduced)
		}
	}
	require.Equal(t, c.Cost, dual)
	require.Equal(t, c.Cost, c.Dual)
}

// cheapest sums the flow at the cheapest of parallel arcs.
func cheapest(t require.TestingT, edges []edge, flow map[[2]int]int64) (cost int64) {
	for at, units := range flow {
		best := int64(-1)
		var price int64
		for _, e := range edges {
			if e.from == at[0] && e.to == at[1] && (best < 0 || e.cost < price) {
				best, price = e.capacity, e.cost
			}
		}
		require.GreaterOrEqual(t, best, units, "arc %v holds its flow", at)
		cost += units * price
	}
	return cost
}

func naiveRead(t require.TestingT, file string, nodes int) (map[int]int64, []edge, bool) {
	supply, assignment := map[int]int64{}, false
	var edges []edge
	for line := range strings.Lines(file) {
		var node int
		var units int64
		e := edge{capacity: 1}
		switch line[0] {
		case 'p':
			assignment = strings.HasPrefix(line, "p asn")
			for node := 1; assignment && node <= nodes; node++ {
				supply[node] = -1
			}
		case 'n':
			if _, err := fmt.Sscanf(line, "n %d %d", &node, &units); err != nil {
				units = 1
			}
			supply[node] = units
		case 'a':
			var low int64
			if assignment {
				_, err := fmt.Sscanf(line, "a %d %d %d", &e.from, &e.to, &e.cost)
				require.NoError(t, err)
			} else {
				_, err := fmt.Sscanf(line, "a %d %d %d %d %d", &e.from, &e.to, &low, &e.capacity, &e.cost)
				require.NoError(t, err)
			}
			edges = append(edges, e)
		}
	}
	return supply, edges, assignment
}
