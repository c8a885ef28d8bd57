package rollout

import (
	"slices"

	"github.com/linli/linli/aid"
)

// Split gives a rollout as it is once part of an area is one of its own, and tells
// whether that differs. The new area takes the organisations and the areas below that
// are given, is in all steps and blackouts in which the other is, and has what places
// and lecturers it brings; those of the other stay, so that what is announced still fits.
// The receiver stays as it is.
func (r *Rollout) Split(area aid.AreaID, part Area, below []aid.AreaID, organisations map[Kind]int) (split *Rollout, differs bool) {
	a := r.tree().areas[area]
	if a == nil {
		return r, false
	}
	one := *r
	s := &one
	part.Tier, part.Parent = a.Tier, a.Parent
	s.Areas = nil
	for _, x := range r.Areas {
		if slices.Contains(below, x.ID) && x.Parent == area {
			x.Parent = part.ID
		}
		s.Areas = append(s.Areas, x)
		if x.ID == area {
			s.Areas = append(s.Areas, part)
		}
	}
	s.Audience = nil
	for _, x := range r.Audience {
		k := Kind{x.Tier, x.Tree}
		moved := 0
		if x.Area == area {
			moved = min(organisations[k], x.Organisations)
		}
		if moved > 0 {
			s.Audience = append(s.Audience, Audience{part.ID, x.Tier, x.Tree, moved})
			x.Organisations -= moved
		}
		s.Audience = append(s.Audience, x)
	}
	s.Blackouts = slices.Clone(r.Blackouts)
	for i := range s.Blackouts {
		s.Blackouts[i].Areas = along(s.Blackouts[i].Areas, area, part.ID)
	}
	s.Steps = slices.Clone(r.Steps)
	for i := range s.Steps {
		s.Steps[i].Areas = along(s.Steps[i].Areas, area, part.ID)
	}
	return s, true
}

// along is a list with another area after one that is in it.
func along(list []aid.AreaID, area, part aid.AreaID) []aid.AreaID {
	if i := slices.Index(list, area); i >= 0 {
		return slices.Insert(slices.Clone(list), i+1, part)
	}
	return list
}

// Split restates a cohort of the calendar, given how many of those who hold a seat in it
// live in the new area: they were sent by it. The cohort does not move.
func (p *Planned) Split(area, part aid.AreaID, seated int) {
	i := slices.IndexFunc(p.From, func(e Enrolment) bool { return e.Area == area })
	if i < 0 || seated <= 0 {
		return
	}
	p.From = slices.Clone(p.From)
	if seated < p.From[i].People {
		p.From[i].People -= seated
		p.From = append(p.From, Enrolment{part, seated})
		return
	}
	p.From[i].Area = part
	if p.Area == area {
		p.Area = part
	}
}
