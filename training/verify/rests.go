package verify

import (
	"fmt"
	"sort"
)

// mostStates bounds what is kept in mind to share out the rests of one course.
const mostStates = 1 << 17

// solve gives what the course costs at least. exact is false if the rests hang
// together so widely that only their shares of a cohort were counted.
func (q *question) solve(solved map[string]int64) (cost int64, exact bool) {
	order := q.sweep()
	key := fmt.Sprint(q, order)
	if known, ok := solved[key]; ok {
		return known, true
	}
	m := memory{question: q, order: order, known: make([]map[string]int64, len(order)+1)}
	for i := range m.known {
		m.known[i] = map[string]int64{}
	}
	m.lastChance()
	cost = q.whole + m.from(0, make([]byte, len(q.rest)))
	if m.full {
		return q.whole + q.shares(), false
	}
	solved[key] = cost
	return cost, true
}

// sweep orders the venues by the first home that can come.
func (q *question) sweep() []int {
	var order []int
	for v := range q.at {
		if len(q.at[v]) > 0 {
			order = append(order, v)
		}
	}
	key := func(v int) (int, int) { return q.at[v][len(q.at[v])-1], q.at[v][0] }
	sort.Slice(order, func(i, j int) bool {
		a, b := order[i], order[j]
		lastA, firstA := key(a)
		lastB, firstB := key(b)
		if lastA != lastB {
			return lastA < lastB
		}
		if firstA != firstB {
			return firstA < firstB
		}
		if q.price[a] != q.price[b] {
			return q.price[a] < q.price[b]
		}
		return fmt.Sprint(q.at[a], q.km[a], q.spare[a]) < fmt.Sprint(q.at[b], q.km[b], q.spare[b])
	})
	return order
}

// memory decides venue by venue which of the homes that have no place yet come.
type memory struct {
	*question
	order []int
	ends  [][]int // homes for which a venue is the last chance
	known []map[string]int64
	size  int
	full  bool
}

func (m *memory) lastChance() {
	m.ends = make([][]int, len(m.order))
	last := make([]int, len(m.rest))
	for i, v := range m.order {
		for _, h := range m.at[v] {
			last[h] = i
		}
	}
	for h, i := range last {
		m.ends[i] = append(m.ends[i], h)
	}
}

// from is the least cost of all venues from the i-th on. placed marks homes with
// a place; those that are through are marked too, whatever became of them.
func (m *memory) from(i int, placed []byte) int64 {
	if i == len(m.order) || m.full {
		return 0
	}
	if cost, ok := m.known[i][string(placed)]; ok {
		return cost
	}
	if m.size++; m.size > mostStates {
		m.full = true
		return 0
	}
	best := int64(-1)
	m.pick(i, 0, append([]byte{}, placed...), 0, 0, func(now []byte, cost int64) {
		for _, h := range m.ends[i] {
			if now[h] == 0 {
				cost += m.lost
				now[h] = 1
			}
		}
		if cost += m.from(i+1, now); best < 0 || cost < best {
			best = cost
		}
	})
	m.known[i][string(placed)] = best
	return best
}

// pick goes through the sets of homes that can come to the i-th venue.
func (m *memory) pick(i, k int, placed []byte, people, travel int64, do func(now []byte, cost int64)) {
	v := m.order[i]
	if k == len(m.at[v]) {
		cohorts := (people + m.most - 1) / m.most
		if people+m.spare[v] < cohorts*m.least {
			return
		}
		do(append([]byte{}, placed...), cohorts*m.price[v]+(cohorts*m.most-people)*m.empty+travel*m.per)
		return
	}
	m.pick(i, k+1, placed, people, travel, do)
	if h := m.at[v][k]; placed[h] == 0 {
		placed[h] = 1
		m.pick(i, k+1, placed, people+m.rest[h], travel+m.rest[h]*m.km[v][k], do)
		placed[h] = 0
	}
}

// shares is a weaker bound: every rest pays at least its share of a cohort, empty
// seats not counted, at the venue where that is cheapest.
func (q *question) shares() int64 {
	total := int64(0)
	for h, rest := range q.rest {
		best := q.lost
		for v := range q.at {
			for k, home := range q.at[v] {
				if home == h {
					best = min(best, rest*q.price[v]/q.most+rest*q.km[v][k]*q.per)
				}
			}
		}
		total += best
	}
	return total
}
