package rollout

import (
	"fmt"
	"slices"

	"github.com/linli/linli/aid"
)

// Merge gives a rollout as it is once one area has become part of another, and tells
// whether that differs: the other has the people, places and lecturers of both, also
// month by month, so that what is announced still fits. Its seat stays where it was,
// and so do its blackouts. A rollout that knows the first area only goes on with it
// under the other's name. The receiver stays as it is.
func (r *Rollout) Merge(area aid.AreaID, into aid.Area) (merged *Rollout, differs bool, err error) {
	t := r.tree()
	a, b := t.areas[area], t.areas[into.ID]
	if a == nil {
		return r, false, nil
	}
	one := *r
	m := &one
	rename := func(id aid.AreaID) aid.AreaID {
		if id == area {
			return into.ID
		}
		return id
	}
	if b != nil {
		if err := r.mayMerge(t, a, b); err != nil {
			return nil, false, err
		}
		m.Changes = r.changesOfBoth(a, b)
	} else {
		m.Changes = slices.Clone(r.Changes)
		for i := range m.Changes {
			m.Changes[i].Area = rename(m.Changes[i].Area)
		}
	}
	m.Areas = nil
	for _, x := range r.Areas {
		switch {
		case x.ID == area && b != nil:
			continue
		case x.ID == area:
			x.ID, x.Name, x.NameZh = into.ID, into.NameEn, into.NameZh
		case x.ID == into.ID:
			x.Venue, x.Lecturers = a.Venue+b.Venue, a.Lecturers+b.Lecturers
		}
		x.Parent = rename(x.Parent)
		m.Areas = append(m.Areas, x)
	}
	m.Audience = slices.Clone(r.Audience)
	for i := range m.Audience {
		m.Audience[i].Area = rename(m.Audience[i].Area)
	}
	m.Distances = nil
	for _, d := range r.Distances {
		if b != nil && (d.From == area || d.To == area) {
			continue // it is that of a seat which is none any more
		}
		d.From, d.To = rename(d.From), rename(d.To)
		m.Distances = append(m.Distances, d)
	}
	m.Blackouts = nil
	for _, x := range r.Blackouts {
		if x.Areas = named(x.Areas, area, into.ID, b != nil); len(x.Areas) > 0 {
			m.Blackouts = append(m.Blackouts, x)
		}
	}
	m.Steps = slices.Clone(r.Steps)
	for i := range m.Steps {
		m.Steps[i].Areas = named(r.Steps[i].Areas, area, into.ID, b != nil)
	}
	m.Fixed = slices.Clone(r.Fixed)
	for i := range m.Fixed {
		f := &m.Fixed[i]
		f.Area, f.Venue, f.Lecturers, f.From = rename(f.Area), rename(f.Venue), rename(f.Lecturers), MergeEnrolments(f.From, area, into.ID)
	}
	return m, true, nil
}

// named is a list of areas without one, or with another in its place.
func named(list []aid.AreaID, area, into aid.AreaID, known bool) []aid.AreaID {
	i := slices.Index(list, area)
	if i < 0 {
		return list
	}
	list = slices.Clone(list)
	if known {
		return slices.Delete(list, i, i+1)
	}
	list[i] = into
	return list
}

// mayMerge refuses areas of which a step trains one and not the other: who of both is
// to be trained then is for an amendment to say.
func (r *Rollout) mayMerge(t tree, a, b *Area) error {
	var c aid.Check
	c.That(a.Tier == b.Tier && a.Parent == b.Parent, "areas", "%q and %q are not of one tier under one parent", a.ID, b.ID)
	for i, s := range r.Steps {
		c.That(len(s.Areas) == 0 || t.under(a.ID, s.Areas) == t.under(b.ID, s.Areas), fmt.Sprintf("steps[%d].areas", i),
			"hold only one of %q and %q; amend the rollout so that they hold both or neither", a.ID, b.ID)
	}
	return c.Err("rollout")
}

// capacity is what an area holds and sends in a month.
type capacity struct{ venue, lecturers int }

func (r *Rollout) capacity(a *Area, m Month) capacity {
	now := capacity{a.Venue, a.Lecturers}
	for _, c := range r.Changes {
		if c.Area == a.ID && c.From <= m && m <= c.To {
			if c.Venue != nil {
				now.venue = *c.Venue
			}
			if c.Lecturers != nil {
				now.lecturers = *c.Lecturers
			}
		}
	}
	return now
}

// changesOfBoth are the changes of capacity once one area is part of another: theirs
// become those of the sum.
func (r *Rollout) changesOfBoth(a, b *Area) []Change {
	all := slices.DeleteFunc(slices.Clone(r.Changes), func(c Change) bool { return c.Area == a.ID || c.Area == b.ID })
	if len(all) == len(r.Changes) {
		return r.Changes
	}
	usual := capacity{a.Venue + b.Venue, a.Lecturers + b.Lecturers}
	var last *capacity
	first, end := r.span()
	for m := first; m <= end; m++ {
		ca, cb := r.capacity(a, m), r.capacity(b, m)
		now := capacity{ca.venue + cb.venue, ca.lecturers + cb.lecturers}
		switch {
		case now == usual:
			last = nil
		case last != nil && *last == now:
			all[len(all)-1].To = m
		default:
			last = &now
			all = append(all, Change{Area: b.ID, From: m, To: m, Venue: &now.venue, Lecturers: &now.lecturers})
		}
	}
	return all
}

// MergeEnrolments counts the people of one area under another.
func MergeEnrolments(list []Enrolment, area, into aid.AreaID) []Enrolment {
	i := slices.IndexFunc(list, func(e Enrolment) bool { return e.Area == area })
	if i < 0 {
		return list
	}
	list = slices.Clone(list)
	if j := slices.IndexFunc(list, func(e Enrolment) bool { return e.Area == into }); j >= 0 {
		list[j].People += list[i].People
		return slices.Delete(list, i, i+1)
	}
	list[i].Area = into
	return list
}

// Merge restates a cohort of the calendar: it does not move.
func (p *Planned) Merge(area, into aid.AreaID) {
	for _, id := range []*aid.AreaID{&p.Area, &p.Venue, &p.Lecturers} {
		if *id == area {
			*id = into
		}
	}
	p.From = MergeEnrolments(p.From, area, into)
}

// Merge restates a count of the past: the line of the other area is the sum of both,
// and foresees what the later of them foresaw.
func (c *Checkpoint) Merge(area, into aid.AreaID) {
	var kept []Progress
	for _, p := range c.Progress {
		if p.Area == area {
			p.Area = into
		}
		i := slices.IndexFunc(kept, func(k Progress) bool { return k.Step == p.Step && k.Area == p.Area })
		if i < 0 {
			kept = append(kept, p)
			continue
		}
		kept[i] = kept[i].plus(p)
	}
	c.Progress = kept
}

func (p Progress) plus(q Progress) Progress {
	for _, n := range []struct {
		to   *int
		more int
	}{
		{&p.People, q.People},
		{&p.Due, q.Due},
		{&p.Announced, q.Announced},
		{&p.Enrolled, q.Enrolled},
		{&p.Attended, q.Attended},
		{&p.Completed, q.Completed},
		{&p.Lapsed, q.Lapsed},
		{&p.Persons, q.Persons},
		{&p.Finished, q.Finished},
		{&p.LeftOut, q.LeftOut},
		{&p.Hindered, q.Hindered},
		{&p.Behind, q.Behind},
	} {
		*n.to += n.more
	}
	p.Slippage, p.Misses = max(p.Slippage, q.Slippage), p.Misses || q.Misses
	p.Forecast = Forecast{
		later(p.Forecast.Finish, q.Forecast.Finish), later(p.Forecast.Earliest, q.Forecast.Earliest),
		later(p.Forecast.Latest, q.Forecast.Latest), p.Forecast.Sure && q.Forecast.Sure,
	}
	return p
}

// later of two months of which none given means never.
func later(a, b Month) Month {
	if a == 0 || b == 0 {
		return 0
	}
	return max(a, b)
}
