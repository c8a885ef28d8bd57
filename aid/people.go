package aid

import (
	"fmt"
	"slices"
	"time"
)

// Role is what an account may be. One account has one role.
type Role string

// The roles of accounts.
const (
	RoleCaseworker  Role = "caseworker"  // 社工: opens help requests in their own areas
	RoleVolunteer   Role = "volunteer"   // 志愿者: answers offers made to them
	RoleTrainer     Role = "trainer"     // 培训讲师: runs cohorts
	RoleCoordinator Role = "coordinator" // 管理员: administers their areas
)

// Roles lists every role.
var Roles = []Role{RoleCaseworker, RoleVolunteer, RoleTrainer, RoleCoordinator}

// AreaLevel is the rank of an area in the administrative tree.
type AreaLevel string

// The levels, widest first.
const (
	LevelProvince   AreaLevel = "province"
	LevelPrefecture AreaLevel = "prefecture"
	LevelCounty     AreaLevel = "county"
	LevelStreet     AreaLevel = "street"
	LevelCommunity  AreaLevel = "community"
)

// AreaLevels lists every level, widest first.
var AreaLevels = []AreaLevel{LevelProvince, LevelPrefecture, LevelCounty, LevelStreet, LevelCommunity}

// Area (地区) is a node of the administrative tree.
type Area struct {
	ID     AreaID    `json:"id"`
	Parent AreaID    `json:"parent,omitempty"`
	Path   AreaPath  `json:"path"`
	Level  AreaLevel `json:"level"`
	NameZh string    `json:"name_zh"`
	NameEn string    `json:"name_en"`

	MergedInto AreaID `json:"merged_into,omitempty"` // what it is part of since; then nothing lies in it
}

// Validate refuses an area that could not stand in the tree. Its path is not
// looked at.
func (a Area) Validate() error {
	var c Check
	c.That(ValidID(a.ID), "id", "must be 1 to %d letters, digits, '.', '_' or '-'", MaxIDLength)
	c.That(a.Parent == "" || ValidID(a.Parent), "parent", "must be an area's id, or empty for a root")
	c.That(slices.Contains(AreaLevels, a.Level), "level", "must be one of province, prefecture, county, street, community")
	c.That(a.NameZh != "" || a.NameEn != "", "name_zh", "or name_en must be given")
	return c.Err("area")
}

// Organisation (志愿服务组织) is a node of the regional or the special tree.
type Organisation struct {
	ID     OrganisationID `json:"id"`
	Parent OrganisationID `json:"parent,omitempty"`
	Tree   string         `json:"tree"` // regional or special
	Tier   string         `json:"tier"` // association, corps, division, brigade, detachment, central_station, station, team
	Area   AreaID         `json:"area_id"`
	NameZh string         `json:"name_zh"`
	NameEn string         `json:"name_en"`
}

// CourseHeld is a course that a volunteer completed and the last day on which
// it still counts; the zero date means that it never lapses.
type CourseHeld struct {
	Course CourseID `json:"course"`
	Until  Date     `json:"until,omitzero"`
}

// ValidOn tells whether the course still counts on day; the last day counts.
func (h CourseHeld) ValidOn(day Date) bool { return h.Until.IsZero() || day.Compare(h.Until) <= 0 }

// Volunteer (志愿者) is a registered person who offers skills and time.
type Volunteer struct {
	ID           VolunteerID
	Name         string // personal: never logged, never in Temporal
	Phone        string // personal
	Area         AreaID
	AreaPath     AreaPath
	Home         Point // personal
	Cell         Cell
	Skills       []Skill // sorted, each once
	Courses      []CourseHeld
	Availability Availability
	Capacity     int // tasks at one time, pending offers counted
	MaxDistance  int // metres from home
	Active       bool
	Vetting      Vetting // personal: for coordinators only

	// Version tells states of the record apart, 1 for the first. It counts
	// changes of the record and its courses, not what binds the volunteer. Zero
	// stands for whichever state there is.
	Version int64
}

// Limits that a volunteer's record must keep.
const (
	MaxCapacity = 20
	MaxTravel   = 500_000 // metres
	MaxSkills   = 64      // and courses
)

// VolunteerAccount is the id of the account with which a volunteer signs in.
func VolunteerAccount(v VolunteerID) AccountID { return AccountID("v." + v) }

// Validate refuses a record that could not be matched soundly.
func (v Volunteer) Validate() error {
	var c Check
	c.That(ValidID(v.ID), "id", "must be 1 to %d letters, digits, '.', '_' or '-'", MaxIDLength)
	c.That(v.Name != "" && len(v.Name) <= 200 && writable(v.Name), "name", "must have 1 to 200 bytes of UTF-8")
	c.That(len(v.Phone) <= 40 && writable(v.Phone), "phone", "must have at most 40 bytes of UTF-8")
	c.Within("home", v.Home.Validate())
	c.Within("availability", v.Availability.Validate())
	c.That(v.Capacity >= 1 && v.Capacity <= MaxCapacity, "capacity", "is %d, must lie in 1 to %d", v.Capacity, MaxCapacity)
	c.That(v.MaxDistance >= 1 && v.MaxDistance <= MaxTravel, "max_km", "must be more than 0 and at most %d", MaxTravel/1000)
	checkWords(&c, "skills", "skill", v.Skills)
	courses := make([]CourseID, len(v.Courses))
	for i, h := range v.Courses {
		courses[i] = h.Course
	}
	checkWords(&c, "courses", "course", courses)
	return c.Err("volunteer")
}

// checkWords notes what is wrong with a list of skills or courses: too many
// entries, malformed ones, and any that is given twice.
func checkWords[T ~string](c *Check, field, what string, words []T) {
	if len(words) > MaxSkills {
		c.That(false, field, "has %d entries, at most %d are kept", len(words), MaxSkills)
		return
	}
	for i, w := range words {
		at := fmt.Sprintf("%s[%d]", field, i)
		c.That(ValidID(w), at, "%q is not a %s's id", w, what)
		c.That(!slices.Contains(words[:i], w), at, "%q is given twice", w)
	}
}

// HasSkills tells whether the volunteer has every one of the skills.
func (v Volunteer) HasSkills(want []Skill) bool { return hasSkills(v.Skills, want) }

func hasSkills(has, want []Skill) bool {
	return !slices.ContainsFunc(want, func(s Skill) bool { return !slices.Contains(has, s) })
}

// HoldsCourses tells whether every one of the courses counts on day.
func (v Volunteer) HoldsCourses(want []CourseID, day Date) bool {
	return holdsCourses(v.Courses, want, day)
}

func holdsCourses(held []CourseHeld, want []CourseID, day Date) bool {
	for _, c := range want {
		if !slices.ContainsFunc(held, func(h CourseHeld) bool { return h.Course == c && h.ValidOn(day) }) {
			return false
		}
	}
	return true
}

// Beneficiary (服务对象) is a person in need.
type Beneficiary struct {
	ID       BeneficiaryID
	Name     string // personal
	Phone    string // personal
	Address  string // personal
	Area     AreaID
	AreaPath AreaPath
	Home     Point // personal
	Cell     Cell
	Since    time.Time
}

// Validate refuses a record that nobody could be sent to.
func (b Beneficiary) Validate() error {
	var c Check
	c.That(ValidID(b.ID), "id", "must be 1 to %d letters, digits, '.', '_' or '-'", MaxIDLength)
	c.That(b.Name != "" && len(b.Name) <= 200 && writable(b.Name), "name", "must have 1 to 200 bytes of UTF-8")
	c.That(len(b.Phone) <= 40 && writable(b.Phone), "phone", "must have at most 40 bytes of UTF-8")
	c.That(len(b.Address) <= 500 && writable(b.Address), "address", "must have at most 500 bytes of UTF-8")
	c.That(ValidID(b.Area), "area_id", "is missing or malformed")
	c.Within("home", b.Home.Validate())
	return c.Err("beneficiary")
}
