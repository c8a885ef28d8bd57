package matching

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/grid"
)

// UsualReach is how far the volunteer goes of whom [Ledger.Scarcity] tells what
// they would be worth, in metres.
const UsualReach = 10_000

// Scarcity says what one more volunteer would save the plan: somebody who lives
// at the centre of a cell ([grid.Vicinity]) with just the skills that a request in
// it asks for, trained in every course, free at all times, for one seat, within
// [UsualReach]. Savings are exact, but for the fates of needs with a minimum, which
// stay as they are. Only the dearest kinds of person are weighed, at most so many:
// those whose seats have the highest price. Kinds that would save nothing are left
// out. The largest saving comes first; AsOf is left zero.
//
// A cell that lies in several areas counts in each for the requests there.
func (l *Ledger) Scarcity(ctx context.Context, most int, areaOf func(aid.RequestID) aid.AreaID) ([]aid.Scarcity, error) {
	wishes := l.wishes()
	kinds, err := l.kinds(wishes, areaOf)
	if err != nil {
		return nil, err
	}
	var out []aid.Scarcity
	for _, k := range kinds[:min(most, len(kinds))] {
		offers, err := k.offers(wishes)
		if err != nil {
			return nil, err
		}
		k.Saving, err = l.settled.VolunteerValue(ctx, offers)
		if err = cmp.Or(l.model.sourceErr, asDomain(err)); err != nil {
			return nil, err
		}
		if k.Saving > 0 {
			out = append(out, k.Scarcity)
		}
	}
	slices.SortStableFunc(out, func(a, b aid.Scarcity) int { return cmp.Compare(b.Saving, a.Saving) })
	return out, nil
}

// wish is a demand that wants seats, as somebody new would see it.
type wish struct {
	node    int32
	demand  *Demand
	request aid.RequestID
	skills  []aid.Skill // ascending, each once
}

func (l *Ledger) wishes() []wish {
	var out []wish
	for node, i := range l.model.demands {
		if !l.settled.Wants(int32(node)) {
			continue
		}
		d := &l.model.problem.Demands[i]
		skills := slices.Clone(d.Query.Skills)
		slices.Sort(skills)
		out = append(out, wish{int32(node), d, l.model.problem.Needs[d.Need].Request, slices.Compact(skills)})
	}
	return out
}

// kind is a kind of person.
type kind struct {
	aid.Scarcity
	price int64 // the highest of a seat that asks for them
}

// kinds gathers the wishes by area, cell and skills, the dearest first. Seats of
// needs that get nobody count nowhere: one person more does not bring them about.
func (l *Ledger) kinds(wishes []wish, areaOf func(aid.RequestID) aid.AreaID) ([]*kind, error) {
	type key struct {
		area   aid.AreaID
		cell   aid.Cell
		skills string
	}
	known := map[key]*kind{}
	var kinds []*kind
	for _, w := range wishes {
		if w.demand.Standby {
			continue
		}
		cell, err := grid.CellOf(w.demand.Query.Place, grid.Vicinity)
		if err != nil {
			return nil, err
		}
		at := key{areaOf(w.request), cell, joined(w.skills)}
		k := known[at]
		if k == nil {
			k = &kind{Scarcity: aid.Scarcity{Area: at.area, Cell: cell, Skills: w.skills}}
			known[at] = k
			kinds = append(kinds, k)
		}
		k.OpenSeats += w.demand.Seats - len(l.settled.Result().Assigned(int(w.node)))
		k.price = max(k.price, l.settled.Price(w.node))
	}
	slices.SortFunc(kinds, func(a, b *kind) int {
		return cmp.Or(cmp.Compare(b.price, a.price), cmp.Compare(a.Area, b.Area), cmp.Compare(a.Cell, b.Cell),
			slices.Compare(a.Skills, b.Skills))
	})
	return kinds, nil
}

// joined makes one text of skills, none of which holds a semicolon.
func joined(skills []aid.Skill) string {
	var b strings.Builder
	for _, s := range skills {
		b.WriteString(string(s))
		b.WriteByte(';')
	}
	return b.String()
}

// offers lists the seats that somebody of the kind could take.
func (k *kind) offers(wishes []wish) ([]bmatch.Offer, error) {
	home, err := grid.Centre(k.Cell)
	if err != nil {
		return nil, err
	}
	// Nobody farther off in latitude alone is within reach, with 1 % to spare.
	const band = 1.01 * UsualReach / aid.EarthRadius * 180 / math.Pi
	var offers []bmatch.Offer
	for _, w := range wishes {
		place := w.demand.Query.Place
		if math.Abs(place.Lat-home.Lat) > band || !k.has(w.skills) {
			continue
		}
		if metres := place.Distance(home); metres <= UsualReach {
			cost := aid.Cost{
				Distance:    int64(math.Round(metres)),
				SpareSkills: aid.SpareSkillCost * int64(len(k.Skills)-len(w.skills)),
			}
			offers = append(offers, bmatch.Offer{Request: w.node, Cost: cost.Total()})
		}
	}
	return offers, nil
}

func (k *kind) has(skills []aid.Skill) bool {
	for _, s := range skills {
		if _, found := slices.BinarySearch(k.Skills, s); !found {
			return false
		}
	}
	return true
}
