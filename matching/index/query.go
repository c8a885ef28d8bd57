package index

import (
	"math"
	"math/bits"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/grid"
)

// Query is a need that one person could meet.
type Query struct {
	Place   aid.Point
	Skills  []aid.Skill
	Courses []aid.CourseID
	Window  aid.Window // zero: any time, courses as of no day
	Asked   []aid.VolunteerID
}

// Rule is a hard rule that a volunteer can fail; "" stands for none.
type Rule string

// The hard rules in the order in which they are tried.
const (
	TooFar       Rule = "too_far"
	Skill        Rule = "skill"
	Course       Rule = "course"
	Time         Rule = "time"
	Capacity     Rule = "capacity"
	AlreadyAsked Rule = "already_asked"
)

// search is a query made ready: interned, and with its place as a vector.
type search struct {
	place   aid.Point
	at      grid.Vec
	x, y, z float32
	block   aid.Cell

	filter      uint64 // skills that a group must have to be looked at: want, or none to count all
	want        skillSet
	nobodyHas   bool // a skill that nobody ever had
	courses     []word
	nobodyHolds bool // a course that nobody ever held
	day         int32
	window      aid.Window
	asked       map[aid.VolunteerID]struct{}
}

func (w words) search(q Query) (*search, error) {
	block, err := grid.CellOf(q.Place, grid.Block)
	if err != nil {
		return nil, err
	}
	at := grid.VecOf(q.Place)
	s := &search{
		place: q.Place, at: at, x: float32(at.X), y: float32(at.Y), z: float32(at.Z), block: block,
		day: math.MinInt32, window: q.Window,
	}
	set, known := w.find(q.Skills)
	s.want, s.filter, s.nobodyHas = set, set.bits, !known
	for _, c := range q.Courses {
		at, known := w.courses[c]
		s.nobodyHolds = s.nobodyHolds || !known
		s.courses = append(s.courses, at)
	}
	if !q.Window.StartsAt.IsZero() {
		s.day = dayNumber(aid.DateOf(q.Window.StartsAt.In(time.UTC)))
	}
	if len(q.Asked) > 0 {
		s.asked = make(map[aid.VolunteerID]struct{}, len(q.Asked))
		for _, id := range q.Asked {
			s.asked[id] = struct{}{}
		}
	}
	return s, nil
}

// fails gives the first hard rule that the volunteer fails, with the distance.
// It is the one place where the rules are decided.
func (s *search) fails(e *entry) (Rule, float64) {
	p := e.person
	metres := s.place.Distance(p.home)
	switch {
	case metres > p.reach:
		return TooFar, metres
	case s.nobodyHas || s.want.bits&^e.skills != 0 || !p.hasRare(s.want.rare):
		return Skill, metres
	case s.nobodyHolds || !p.holds(s.courses, s.day):
		return Course, metres
	case !p.hasTime(s.window):
		return Time, metres
	case p.free == 0:
		return Capacity, metres
	}
	if _, asked := s.asked[p.id]; asked {
		return AlreadyAsked, metres
	}
	return "", metres
}

// wouldDo tells whether a volunteer who fails [Time] or [Capacity] would be
// eligible if they were bound to nothing.
func (s *search) wouldDo(p *record) bool {
	_, asked := s.asked[p.id]
	return !asked && (s.window == aid.Window{} || p.availability == nil || p.availability.Covers(s.window))
}

// cost is what an eligible volunteer costs.
func (s *search) cost(e *entry, metres float64) aid.Cost {
	return aid.Cost{
		Distance:    int64(math.Round(metres)),
		SpareSkills: aid.SpareSkillCost * int64(int(e.count)-s.shared(e)),
	}
}

// shared is how many of the skills asked the volunteer has; all of them, if the
// volunteer is eligible.
func (s *search) shared(e *entry) int {
	n := bits.OnesCount64(s.want.bits & e.skills &^ rareBit)
	for _, w := range s.want.rare {
		if e.person.hasRare([]word{w}) {
			n++
		}
	}
	return n
}
