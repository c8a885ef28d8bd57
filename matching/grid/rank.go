package grid

import (
	"github.com/uber/h3-go/v4"

	"github.com/linli/linli/aid"
)

// fine is the resolution of ranks: cells of 0.015 km², a few houses.
const fine Resolution = 10

// RankBits is how many bits a rank takes: 7 for the base cell, 3 for each step
// down to resolution 10.
const RankBits = 7 + 3*int(fine)

// Rank numbers the cells of resolution 10 from 0 to 2^[RankBits] − 1, with gaps,
// so that cells of one coarser cell have neighbouring numbers, at every
// resolution above. Sorting by rank puts near places close together, mostly: it
// is an order to store people in, not a bound on distances.
//
// It fails with [aid.Invalid] when p is no place on Earth.
func Rank(p aid.Point) (uint64, error) {
	c, err := CellOf(p, fine)
	if err != nil {
		return 0, err
	}
	// Base cell and digits follow each other in an index, coarse to fine; below
	// come the digits of finer resolutions, unused.
	return uint64(c) >> (3 * (h3.MaxResolution - int(fine))) & (1<<RankBits - 1), nil
}
