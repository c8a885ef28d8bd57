package grid

import (
	"github.com/uber/h3-go/v4"

	"github.com/linli/linli/aid"
)

// Resolution is an H3 resolution, 0 (coarsest) to 15.
type Resolution int

// The resolutions in use.
const (
	Home     Resolution = 8 // the neighbourhood of a person or a need: aid's Cell
	Quarter  Resolution = 7 // about 5 km²: as near as a place is told before it is released
	Vicinity Resolution = 6 // about 36 km², all of it near enough for most people who live in it
	Shard    Resolution = 3 // the part of the territory that one match round covers
)

// CellOf gives the cell of a resolution that holds p. It fails with
// [aid.Invalid] when p is no place on Earth.
func CellOf(p aid.Point, res Resolution) (aid.Cell, error) {
	if err := p.Validate(); err != nil {
		return 0, err
	}
	c, err := h3.LatLngToCell(h3.NewLatLng(p.Lat, p.Lng), int(res))
	if err != nil {
		return 0, fault(err)
	}
	return aid.Cell(c), nil
}

// Valid tells whether c is a cell of the resolution.
func Valid(c aid.Cell, res Resolution) bool {
	return h3.Cell(c).IsValid() && h3.Cell(c).Resolution() == int(res)
}

// ShardOf gives the shard that a home cell belongs to: its ancestor, so that
// every home cell belongs to exactly one shard.
func ShardOf(c aid.Cell) (aid.Cell, error) {
	if err := valid(c); err != nil {
		return 0, err
	}
	s, err := h3.Cell(c).Parent(int(Shard))
	if err != nil {
		return 0, aid.Errorf(aid.Invalid, "%x is coarser than a shard", uint64(c))
	}
	return aid.Cell(s), nil
}

// QuarterOf gives the quarter that a home cell lies in, its parent.
func QuarterOf(c aid.Cell) (aid.Cell, error) {
	if !Valid(c, Home) {
		return 0, aid.Errorf(aid.Invalid, "%x is no home cell", uint64(c))
	}
	q, err := h3.Cell(c).Parent(int(Quarter))
	if err != nil {
		return 0, fault(err)
	}
	return aid.Cell(q), nil
}

// Centre is the middle of a cell.
func Centre(c aid.Cell) (aid.Point, error) {
	if err := valid(c); err != nil {
		return aid.Point{}, err
	}
	at, err := h3.Cell(c).LatLng()
	if err != nil {
		return aid.Point{}, fault(err)
	}
	return aid.Point{Lat: at.Lat, Lng: at.Lng}, nil
}

// Cap is the smallest disc about a cell's centre that holds the cell.
type Cap struct {
	Centre Vec
	Radius float64 // chord
}

// slack widens every cap by 10 m, since H3 computes a cell's corners and a
// point's cell by different paths of floating-point steps.
const slack = 10 / aid.EarthRadius

// CapOf gives the cap of a cell. The farthest point of a cell from its centre
// is a corner, because its edges are arcs of great circles.
func CapOf(c aid.Cell) (Cap, error) {
	centre, err := Centre(c)
	if err != nil {
		return Cap{}, err
	}
	corners, err := h3.Cell(c).Boundary()
	if err != nil {
		return Cap{}, fault(err)
	}
	cp := Cap{Centre: VecOf(centre)}
	for _, b := range corners {
		cp.Radius = max(cp.Radius, cp.Centre.Chord(VecOf(aid.Point{Lat: b.Lat, Lng: b.Lng})))
	}
	cp.Radius += slack
	return cp, nil
}

// Beyond is a chord that everything in the cap is at least away from v.
func (c Cap) Beyond(v Vec) float64 { return max(0, v.Chord(c.Centre)-c.Radius) }

// valid refuses what H3 would take without a word and answer with nonsense.
func valid(c aid.Cell) error {
	if !h3.Cell(c).IsValid() {
		return aid.Errorf(aid.Invalid, "%x is not a cell of the grid", uint64(c))
	}
	return nil
}

func fault(err error) error {
	return &aid.Error{Kind: aid.Internal, Message: "the grid failed", Err: err}
}

// Disk gives a cell and all others within some steps of it, in no order: 3k(k+1)+1
// of them, or fewer around a pentagon.
func Disk(c aid.Cell, k int) ([]aid.Cell, error) {
	if err := valid(c); err != nil {
		return nil, err
	}
	cells, err := h3.GridDisk(h3.Cell(c), k)
	if err != nil {
		return nil, fault(err)
	}
	out := make([]aid.Cell, 0, len(cells))
	for _, cell := range cells {
		if cell != 0 {
			out = append(out, aid.Cell(cell))
		}
	}
	return out, nil
}
