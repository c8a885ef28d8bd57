package families

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/files"
	"github.com/linli/linli/matching/grid"
)

// counties gives the places of each county, and the counties by number of
// places, the largest first.
func counties[T any](all []T, place func(T) aid.Point) (map[aid.Cell][]aid.Point, []aid.Cell, error) {
	places := map[aid.Cell][]aid.Point{}
	for _, item := range all {
		cell, err := grid.CellOf(place(item), county)
		if err != nil {
			return nil, nil, err
		}
		places[cell] = append(places[cell], place(item))
	}
	var order []aid.Cell
	for cell := range places {
		order = append(order, cell)
	}
	slices.SortFunc(order, func(a, b aid.Cell) int {
		return cmp.Or(cmp.Compare(len(places[b]), len(places[a])), cmp.Compare(a, b))
	})
	return places, order, nil
}

// part keeps counties, in random order, as long as they hold no more volunteers
// than people together, and the first n requests there.
func part(volunteers []files.Volunteer, requests []files.Request, people, n int, r *rand.Rand) ([]files.Volunteer, []files.Request, error) {
	places, order, err := counties(volunteers, home)
	if err != nil {
		return nil, nil, err
	}
	r.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
	chosen := map[aid.Cell]bool{}
	for _, cell := range order {
		if len(places[cell]) <= people {
			chosen[cell] = true
			people -= len(places[cell])
		}
	}
	keptV, errV := keep(volunteers, home, chosen)
	keptR, errR := keep(requests, place, chosen)
	if err := cmp.Or(errV, errR); err != nil {
		return nil, nil, err
	}
	if len(keptR) < n {
		return nil, nil, fmt.Errorf("the counties chosen hold %d requests of the %d wanted", len(keptR), n)
	}
	return keptV, keptR[:n], nil
}

func keep[T any](all []T, place func(T) aid.Point, chosen map[aid.Cell]bool) ([]T, error) {
	var kept []T
	for _, item := range all {
		cell, err := grid.CellOf(place(item), county)
		if err != nil {
			return nil, err
		}
		if chosen[cell] {
			kept = append(kept, item)
		}
	}
	return kept, nil
}

// surge moves every second request to the home of somebody in a surging
// county: of the counties by number of volunteers, every sixteenth surges, so
// that large and small ones do.
func surge(requests []files.Request, volunteers []files.Volunteer, r *rand.Rand) error {
	homes, order, err := counties(volunteers, home)
	if err != nil {
		return err
	}
	var crowded []aid.Point
	for i := min(oneInSurging/2, len(order)-1); i >= 0 && i < len(order); i += oneInSurging {
		crowded = append(crowded, homes[order[i]]...)
	}
	for i := 0; i < len(requests) && len(crowded) > 0; i += 2 {
		requests[i].Place = crowded[r.IntN(len(crowded))]
	}
	return nil
}
