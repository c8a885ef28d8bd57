package apptest

import (
	"context"
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// MergeArea makes an area part of another. What lies in it is not looked at; the files
// of rollouts are restated.
func (w *World) MergeArea(ctx context.Context, c aid.AreaChange, restate func(rollout.Source, aid.Area) (rollout.Source, bool, error)) (aid.AreaChange, error) {
	leave, err := w.enter(ctx, "MergeArea")
	if err != nil {
		return c, err
	}
	defer leave()
	if i := slices.IndexFunc(w.areaChanges, func(o aid.AreaChange) bool { return o.ID == c.ID }); i >= 0 {
		return w.areaChanges[i], nil
	}
	find := func(id aid.AreaID) int { return slices.IndexFunc(w.areas, func(a aid.Area) bool { return a.ID == id }) }
	area, into := find(c.Area), find(c.Into)
	if err := aid.MergeArea(w.areas[area], w.areas[into]); err != nil {
		return c, err
	}
	for i := range w.rollouts {
		k := &w.rollouts[i]
		source, differs, err := restate(k.Source, w.areas[into])
		if err != nil {
			return c, err
		}
		if differs {
			k.Version, k.Source = k.Version+1, source
			k.versions = append(k.versions, rollout.Version{Version: k.Version, By: c.By, At: c.At, Reason: c.Reason})
			c.Rollouts = append(c.Rollouts, aid.RestatedRollout{Rollout: k.ID, Version: k.Version})
		}
	}
	w.areas[area].MergedInto = c.Into
	w.areaChanges = append(w.areaChanges, c)
	return c, nil
}

// AreaChanges lists the changes, all in one page.
func (w *World) AreaChanges(ctx context.Context, _ aid.Page) (page aid.PageOf[aid.AreaChange], err error) {
	leave, err := w.enter(ctx, "AreaChanges")
	if err != nil {
		return page, err
	}
	defer leave()
	for _, c := range slices.Backward(w.areaChanges) {
		page.Items = append(page.Items, c)
	}
	return page, nil
}

// areaNow is the area that an id stands for. The lock must be held.
func (w *World) areaNow(id aid.AreaID) (aid.Area, error) {
	i := slices.IndexFunc(w.areas, func(a aid.Area) bool { return a.ID == id })
	if i < 0 {
		return aid.Area{}, missing("area")
	}
	if next := w.areas[i].MergedInto; next != "" {
		return w.areaNow(next)
	}
	return w.areas[i], nil
}

// SplitArea makes a new area beside another. What lies in it is not looked at; the files
// of rollouts are restated.
func (w *World) SplitArea(ctx context.Context, c aid.AreaChange, s aid.AreaSplit, restate func(rollout.Source, []aid.Organisation) (rollout.Source, bool, error)) (aid.AreaChange, error) {
	leave, err := w.enter(ctx, "SplitArea")
	if err != nil {
		return c, err
	}
	defer leave()
	var moved []aid.Organisation
	for _, o := range w.organisations {
		if slices.Contains(s.Organisations, o.ID) {
			moved = append(moved, o)
		}
	}
	for i := range w.rollouts {
		k := &w.rollouts[i]
		source, differs, err := restate(k.Source, moved)
		if err != nil {
			return c, err
		}
		if differs {
			k.Version, k.Source = k.Version+1, source
			c.Rollouts = append(c.Rollouts, aid.RestatedRollout{Rollout: k.ID, Version: k.Version})
		}
	}
	w.areas = append(w.areas, s.New)
	w.areaChanges = append(w.areaChanges, c)
	return c, nil
}
