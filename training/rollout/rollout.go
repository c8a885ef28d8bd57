package rollout

import "github.com/linli/linli/aid"

// Identities within one rollout.
type (
	StepID   string
	CourseID string
)

// Tier is a level of the organisation trees.
type Tier string

// The tiers, from the top. A university counts as a county, its faculties as
// townships, the units in it as communities.
const (
	Province   Tier = "province"
	Prefecture Tier = "prefecture"
	County     Tier = "county"
	Township   Tier = "township"
	Community  Tier = "community"
)

// Tiers lists them from the top.
var Tiers = []Tier{Province, Prefecture, County, Township, Community}

// Tree is one of the two organisation trees (条块).
type Tree string

// The regional tree (块) and the special one (条), led by departments.
const (
	Regional Tree = "regional"
	Special  Tree = "special"
)

// Role is what somebody is in an organisation; each has one person for each role.
type Role string

// The lead (负责人) and the administrator (管理员).
const (
	Lead          Role = "lead"
	Administrator Role = "administrator"
)

// Rollout is a whole plan over years.
type Rollout struct {
	Name   string `yaml:"name"`
	NameZh string `yaml:"name_zh"`

	Costs              Costs `yaml:"costs"`
	AnnounceWeeks      int   `yaml:"announce_weeks"`       // cohorts are announced so long before their month; 0 means 8
	LecturerKm         int   `yaml:"lecturer_km"`          // a lecturer goes no farther
	CohortsPerLecturer int   `yaml:"cohorts_per_lecturer"` // that one lecturer takes in a month
	RoadPercent        int   `yaml:"road_percent"`         // road distance, in per cent of the great circle

	Areas     []Area     `yaml:"areas"`
	Audience  []Audience `yaml:"audience"`
	Distances []Distance `yaml:"distances"`
	Blackouts []Blackout `yaml:"blackouts"`
	Changes   []Change   `yaml:"capacity_changes"`
	Courses   []Course   `yaml:"courses"`
	Steps     []Step     `yaml:"steps"`
	Fixed     []Fixed    `yaml:"fixed"`
	NotBefore Month      `yaml:"not_before"` // first month of what is not fixed; not given means from the start
}

// Costs are what the planner minimises the sum of.
type Costs struct {
	LecturerKm  int64 `yaml:"lecturer_km"`  // for a cohort, by kilometre between lecturer's area and venue
	TravellerKm int64 `yaml:"traveller_km"` // for a person, by kilometre between their area and the venue
	EmptySeat   int64 `yaml:"empty_seat"`
	LateMonth   int64 `yaml:"late_month"` // for a cohort, by month after the target
}

// Area is a node of the administrative tree, or of a system that has one of its
// own. Where it has a venue, cohorts can be held.
type Area struct {
	ID        aid.AreaID `yaml:"id"`
	Name      string     `yaml:"name"`
	NameZh    string     `yaml:"name_zh"`
	Tier      Tier       `yaml:"tier"`
	Parent    aid.AreaID `yaml:"parent"` // empty at the top
	Lat       float64    `yaml:"lat"`    // of its seat, WGS84 degrees
	Lng       float64    `yaml:"lng"`
	Venue     int        `yaml:"venue_cohorts"` // cohorts that its venues hold in a month
	Lecturers int        `yaml:"lecturers"`     // who live here
}

// Audience is a number of organisations of one kind in an area.
type Audience struct {
	Area          aid.AreaID `yaml:"area"`
	Tier          Tier       `yaml:"tier"` // of the organisations
	Tree          Tree       `yaml:"tree"`
	Organisations int        `yaml:"organisations"`
}

// Distance is a road distance that is known better than from coordinates.
type Distance struct {
	From aid.AreaID `yaml:"from"`
	To   aid.AreaID `yaml:"to"`
	Km   int        `yaml:"km"`
}

// Blackout closes the venues of areas, and of all below them, in months of every
// year.
type Blackout struct {
	Name   string       `yaml:"name"`
	Areas  []aid.AreaID `yaml:"areas"`
	Months []int        `yaml:"months"` // 1 is January
}

// Change sets the capacity of an area for some months.
type Change struct {
	Area      aid.AreaID `yaml:"area"`
	From      Month      `yaml:"from"`
	To        Month      `yaml:"to"` // the last one
	Venue     *int       `yaml:"venue_cohorts"`
	Lecturers *int       `yaml:"lecturers"`
}

// Course is something that is taught in one cohort.
type Course struct {
	ID     CourseID   `yaml:"id"`
	Name   string     `yaml:"name"`
	NameZh string     `yaml:"name_zh"`
	After  []CourseID `yaml:"after"` // courses that come first
}

// Kind is a kind of organisations.
type Kind struct {
	Tier Tier `yaml:"tier"`
	Tree Tree `yaml:"tree"`
}

// Step trains people of some kinds of organisations in all of its courses.
type Step struct {
	ID        StepID       `yaml:"id"`
	Name      string       `yaml:"name"`
	NameZh    string       `yaml:"name_zh"`
	RunBy     Tier         `yaml:"run_by"` // tier of the areas that gather their people in cohorts
	Roles     []Role       `yaml:"roles"`
	Kinds     []Kind       `yaml:"organisations"`
	Areas     []aid.AreaID `yaml:"areas"` // these and all below them; empty means everywhere
	Courses   []CourseID   `yaml:"courses"`
	Start     Month        `yaml:"start"`
	Target    Month        `yaml:"target"`   // cohorts after it are late; not given means the deadline
	Deadline  Month        `yaml:"deadline"` // the last month
	After     []StepID     `yaml:"after"`    // steps whose deadline has to be over
	LeastSize int          `yaml:"least_size"`
	MostSize  int          `yaml:"most_size"`
	TravelKm  int          `yaml:"travel_km"` // how far people may be sent to another area's venue
}

// Fixed is a cohort that is announced and does not move. Where people of several
// areas come, From says so and Enrolled is not given.
type Fixed struct {
	Step      StepID     `yaml:"step"`
	Course    CourseID   `yaml:"course"`
	Area      aid.AreaID `yaml:"area"` // whose people come, or the first of them
	Venue     aid.AreaID `yaml:"venue"`
	Month     Month      `yaml:"month"`
	Lecturers aid.AreaID `yaml:"lecturer_area"`
	Enrolled  int        `yaml:"enrolled"`

	From []Enrolment `yaml:"from"`
}

// People says who comes, whichever way it is given.
func (f *Fixed) People() []Enrolment {
	if len(f.From) > 0 {
		return f.From
	}
	return []Enrolment{{f.Area, f.Enrolled}}
}
