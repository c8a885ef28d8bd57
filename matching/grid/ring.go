package grid

import (
	"slices"
	"sync"

	"github.com/uber/h3-go/v4"

	"github.com/linli/linli/aid"
)

// RingCell is a cell of a ring with its cap.
type RingCell struct {
	Cell aid.Cell
	Cap  Cap
}

// Ring is the cells that are a given number of steps from a cell.
type Ring []RingCell

// Beyond is a chord that everything in this ring and in every later ring is at
// least away from v, for a v in ring 0. See the package comment for the proof.
// It is 2, the whole way round, for the empty ring past the last cell.
func (r Ring) Beyond(v Vec) float64 {
	least := 2.0
	for i := range r {
		least = min(least, r[i].Cap.Beyond(v))
	}
	return least
}

// Rings walks outward from cells and remembers what it met, since searches from
// one neighbourhood repeat. The zero value is ready; it is safe for concurrent
// use.
type Rings struct {
	mu    sync.RWMutex
	walks map[aid.Cell][]Ring
}

// walksKept is the most origins that are remembered; then memory starts anew.
// A province has about 2,000 blocks; a walk of four rings takes 3 kB.
const walksKept = 8192

// At gives ring k of the origin, its cells in ascending order. The result is
// shared and must not be changed. It is empty once k passes the last cell.
func (r *Rings) At(origin aid.Cell, k int) (Ring, error) {
	r.mu.RLock()
	walk := r.walks[origin]
	r.mu.RUnlock()
	if k < len(walk) {
		return walk[k], nil
	}
	walk = slices.Clone(walk)
	for len(walk) <= k {
		next, err := ringOf(origin, len(walk))
		if err != nil {
			return nil, err
		}
		walk = append(walk, next)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.walks) >= walksKept || r.walks == nil {
		r.walks = make(map[aid.Cell][]Ring)
	}
	if len(walk) > len(r.walks[origin]) {
		r.walks[origin] = walk
	}
	return walk[k], nil
}

// Disk gives all cells at most k steps from the origin, in ascending order. A
// shard with its halo is Disk(shard, 1).
func Disk(origin aid.Cell, k int) ([]aid.Cell, error) {
	if err := valid(origin); err != nil {
		return nil, err
	}
	cells, err := h3.Cell(origin).GridDisk(k)
	if err != nil {
		return nil, fault(err)
	}
	return sorted(cells), nil
}

func ringOf(origin aid.Cell, k int) (Ring, error) {
	if err := valid(origin); err != nil {
		return nil, err
	}
	cells, err := h3.Cell(origin).GridRing(k)
	if err != nil {
		return nil, fault(err)
	}
	ring := make(Ring, 0, len(cells))
	for _, c := range sorted(cells) {
		cp, err := CapOf(c)
		if err != nil {
			return nil, err
		}
		ring = append(ring, RingCell{c, cp})
	}
	return ring, nil
}

func sorted(cells []h3.Cell) []aid.Cell {
	out := make([]aid.Cell, 0, len(cells))
	for _, c := range cells {
		if c != 0 {
			out = append(out, aid.Cell(c))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
