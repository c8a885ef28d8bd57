package postgres_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

func TestTheScarcityOfARoundReplacesThatOfItsShard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	round := func(id aid.RoundID, at aid.Cell, began time.Time, all ...aid.Scarcity) {
		t.Helper()
		require.NoError(t, w.BeginRound(t.Context(), aid.Round{ID: id, Shard: at, StartedAt: began, Scarcity: all}))
	}
	list := func(f aid.ScarcityFilter) []aid.Scarcity {
		t.Helper()
		page, err := w.Scarcity(t.Context(), f, aid.Page{Limit: 10})
		require.NoError(t, err)
		return page.Items
	}
	everywhere := aid.ScarcityFilter{Areas: []aid.AreaPath{"/hlj/"}}
	driver := aid.Scarcity{Area: harbin.ID, Cell: 11, Skills: []aid.Skill{"driving", "first_aid"}, OpenSeats: 2, Saving: 300}
	anybody := aid.Scarcity{Area: province.ID, Cell: 12, Skills: []aid.Skill{}, Saving: 500}
	other := aid.Scarcity{Area: harbin_.ID, Cell: 13, Skills: []aid.Skill{"driving"}, OpenSeats: 1, Saving: 400}
	round("r1", shard, w.now, driver, anybody)
	round("r2", shard+1, w.now, other)
	driver.AsOf, anybody.AsOf, other.AsOf = w.now, w.now, w.now
	require.Empty(t, cmp.Diff([]aid.Scarcity{anybody, other, driver}, list(everywhere), asWritten))

	for name, c := range map[string]struct {
		filter aid.ScarcityFilter
		want   []aid.Scarcity
	}{
		"one's own area":       {aid.ScarcityFilter{Areas: []aid.AreaPath{harbin.Path}}, []aid.Scarcity{driver}},
		"no area":              {aid.ScarcityFilter{}, []aid.Scarcity{}},
		"below an area":        {aid.ScarcityFilter{Areas: everywhere.Areas, Area: harbin_.ID}, []aid.Scarcity{other}},
		"not one's own":        {aid.ScarcityFilter{Areas: []aid.AreaPath{harbin.Path}, Area: harbin_.ID}, []aid.Scarcity{}},
		"an area that is none": {aid.ScarcityFilter{Areas: everywhere.Areas, Area: "absent"}, []aid.Scarcity{}},
		"a skill":              {aid.ScarcityFilter{Areas: everywhere.Areas, Skill: "driving"}, []aid.Scarcity{other, driver}},
	} {
		require.Empty(t, cmp.Diff(c.want, list(c.filter), asWritten), name)
	}

	round("r1", shard, w.now, anybody)
	require.Len(t, list(everywhere), 3, "a try that follows is the same round")
	round("r3", shard, w.now.Add(time.Second))
	require.Empty(t, cmp.Diff([]aid.Scarcity{other}, list(everywhere), asWritten), "nobody is missed any more")
	round("r4", shard+1, w.now.Add(-25*time.Hour), other)
	require.Empty(t, list(everywhere), "a shard without rounds for a day seeks nobody")
}

func TestPagesOfScarcityCoverEveryRowOnceUnderTies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := aid.Round{ID: "r", Shard: shard, StartedAt: w.now}
	for i := range 7 {
		r.Scarcity = append(r.Scarcity, aid.Scarcity{Area: harbin.ID, Cell: aid.Cell(i + 1), Saving: int64(100 + i/3)})
	}
	require.NoError(t, w.BeginRound(t.Context(), r))
	f := aid.ScarcityFilter{Areas: []aid.AreaPath{"/hlj/"}}
	for _, limit := range []int{1, 3, 7} {
		var cells []aid.Cell
		var last int64 = 1000
		for p := (aid.Page{Limit: limit}); ; {
			page, err := w.Scarcity(t.Context(), f, p)
			require.NoError(t, err)
			for _, s := range page.Items {
				cells = append(cells, s.Cell)
				require.LessOrEqual(t, s.Saving, last)
				last = s.Saving
			}
			if p.After = page.Next; p.After == "" {
				break
			}
			require.Len(t, page.Items, limit)
		}
		require.ElementsMatch(t, []aid.Cell{1, 2, 3, 4, 5, 6, 7}, cells)
	}
	for _, p := range []aid.Page{{Limit: 0}, {Limit: 1, After: "x"}, {Limit: 1, After: "e30"}} {
		_, err := w.Scarcity(t.Context(), f, p)
		require.Equal(t, aid.Invalid, aid.KindOf(err))
	}
}
