package rollout

import (
	"slices"
	"strings"

	"github.com/linli/linli/aid"
)

// tree finds areas and those above them.
type tree struct{ areas map[aid.AreaID]*Area }

func (r *Rollout) tree() tree {
	t := tree{make(map[aid.AreaID]*Area, len(r.Areas))}
	for i := range r.Areas {
		t.areas[r.Areas[i].ID] = &r.Areas[i]
	}
	return t
}

// gathered is the nearest of an area and those above it that is of a tier or
// higher; the topmost if none is.
func (t tree) gathered(id aid.AreaID, by Tier) aid.AreaID {
	for a := t.areas[id]; a.Parent != "" && slices.Index(Tiers, a.Tier) > slices.Index(Tiers, by); a = t.areas[id] {
		id = a.Parent
	}
	return id
}

func (t tree) under(id aid.AreaID, these []aid.AreaID) bool {
	for ; id != ""; id = t.areas[id].Parent {
		if slices.Contains(these, id) {
			return true
		}
	}
	return false
}

// home is the area that gathers whoever lives at a path of the administrative tree;
// empty if none of the path is an area of the rollout.
func (t tree) home(p aid.AreaPath, by Tier) aid.AreaID {
	ids := strings.Split(strings.Trim(string(p), "/"), "/")
	for _, id := range slices.Backward(ids) {
		if _, known := t.areas[aid.AreaID(id)]; known {
			return t.gathered(aid.AreaID(id), by)
		}
	}
	return ""
}

// People counts who a step trains, by the area that gathers them. Each has to take
// every course of the step.
func (r *Rollout) People(step int) map[aid.AreaID]int {
	t, s := r.tree(), &r.Steps[step]
	count := map[aid.AreaID]int{}
	for _, a := range r.Audience {
		if a.Organisations > 0 && slices.Contains(s.Kinds, Kind{a.Tier, a.Tree}) && (len(s.Areas) == 0 || t.under(a.Area, s.Areas)) {
			count[t.gathered(a.Area, s.RunBy)] += a.Organisations * len(s.Roles)
		}
	}
	return count
}
