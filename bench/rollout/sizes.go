package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// size is one of the rollouts that are measured.
type size struct {
	name   string
	copies int
	under  aid.AreaID // only this area and what is below it and above it
	staff  int        // lecturers, in per cent of those of the file
}

// sizes are what is measured, and the province in want of lecturers; copies of the province stand side by side, so far
// east of each other that they touch.
var sizes = []size{
	{"prefecture", 1, "harbin", 100},
	{"province", 1, "", 100},
	{"province, lecturers scarce", 1, "", 70},
	{"province, too few lecturers", 1, "", 35},
	{"4 provinces", 4, "", 100},
}

// width of the province, in degrees of longitude.
const width = 13.5

// resized makes a rollout of a size from that of the province.
func resized(r *rollout.Rollout, name string) *rollout.Rollout {
	size := sizes[max(0, slices.IndexFunc(sizes, func(s size) bool { return s.name == name }))]
	out := *r
	out.Areas, out.Audience, out.Blackouts = nil, nil, nil
	for n := range size.copies {
		id := func(a aid.AreaID) aid.AreaID {
			if n == 0 || a == "" {
				return a
			}
			return aid.AreaID(fmt.Sprintf("n%d.%s", n, a))
		}
		kept := func(a aid.AreaID) bool {
			return size.under == "" || a == size.under || strings.HasPrefix(string(a), string(size.under)+".")
		}
		for _, a := range r.Areas {
			if kept(a.ID) || a.Tier == rollout.Province {
				a.ID, a.Parent, a.Lng = id(a.ID), id(a.Parent), a.Lng-float64(n)*width
				a.Lecturers = a.Lecturers * size.staff / 100
				out.Areas = append(out.Areas, a)
			}
		}
		for _, a := range r.Audience {
			if kept(a.Area) {
				a.Area = id(a.Area)
				out.Audience = append(out.Audience, a)
			}
		}
		for _, b := range r.Blackouts {
			var areas []aid.AreaID
			for _, a := range b.Areas {
				if kept(a) || a == r.Areas[0].ID {
					areas = append(areas, id(a))
				}
			}
			if len(areas) > 0 {
				b.Areas = areas
				out.Blackouts = append(out.Blackouts, b)
			}
		}
	}
	return &out
}

// middle is the result of median processor time.
func middle(results []result) result {
	slices.SortFunc(results, func(a, b result) int {
		switch {
		case a.CPUSeconds < b.CPUSeconds:
			return -1
		case a.CPUSeconds > b.CPUSeconds:
			return 1
		}
		return 0
	})
	return results[len(results)/2]
}
