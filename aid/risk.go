package aid

import (
	"fmt"
	"slices"
	"strings"
)

// Risk is what a risk class asks of whoever comes to a help request. It is taken
// over into the request when that is opened, so that a class that changes later
// changes nothing that was agreed on. The zero value asks for nothing.
type Risk struct {
	Class        RiskClassID `json:"class,omitempty"`
	CheckMonths  int         `json:"check_months,omitempty"`  // for how long a background check holds; 0: none is needed
	MinorsBarred bool        `json:"minors_barred,omitempty"` // whoever is not known to be of age does not come
	TwoDeep      bool        `json:"two_deep,omitempty"`      // nobody comes alone: two adults at least
	Course       CourseID    `json:"course,omitempty"`        // that one of the two must hold; empty: none
}

// BarsMinors tells whether everybody who comes must be of age: minors do not
// count towards two adults.
func (r Risk) BarsMinors() bool { return r.MinorsBarred || r.TwoDeep }

// RiskClass (风险等级) is what categories of help requests have in common that can
// harm those who are helped. A category belongs to one class at most.
type RiskClass struct {
	Risk
	NameZh     string
	NameEn     string
	Categories []string // in their order, each once in any spelling
}

// Limits of a risk class.
const (
	MaxCheckMonths    = 600
	MaxRiskCategories = 200
)

// TwoDeepPeople is the fewest people of whom a crew consists in a class in which
// nobody comes alone.
const TwoDeepPeople = 2

// Validate refuses a class that could not be kept.
func (k RiskClass) Validate() error {
	var c Check
	c.That(ValidID(k.Class), "id", "must be 1 to %d letters, digits, '.', '_' or '-'", MaxIDLength)
	c.That(k.NameZh != "" || k.NameEn != "", "name_zh", "or name_en must be given")
	c.That(k.CheckMonths >= 0 && k.CheckMonths <= MaxCheckMonths, "check_months", "is %d, must lie in 1 to %d, or be empty", k.CheckMonths, MaxCheckMonths)
	c.That(k.Course == "" || ValidID(k.Course), "course", "must be a course's id, or empty")
	c.That(k.Course == "" || k.TwoDeep, "course", "is held by one of two who come together: it needs two_deep")
	c.That(len(k.Categories) <= MaxRiskCategories, "categories", "has %d entries, at most %d are kept", len(k.Categories), MaxRiskCategories)
	for i, one := range k.Categories {
		at := fmt.Sprintf("categories[%d]", i)
		c.That(ValidID(one), at, "must be 1 to %d letters, digits, '.', '_' or '-'", MaxIDLength)
		twice := func(before string) bool { return CategoryOf(before) == CategoryOf(one) }
		c.That(!slices.ContainsFunc(k.Categories[:i], twice), at, "%q is given twice", one)
	}
	return c.Err("risk class")
}

// CategoryOf is the one spelling in which a category is kept and compared: Bathing
// is bathing. A class would else protect nobody whose request is spelled otherwise.
func CategoryOf(spelled string) string { return strings.ToLower(spelled) }

// Category is a kind of help that is known, with the risk class to which it belongs;
// empty for none.
type Category struct {
	Name  string // as [CategoryOf] spells it
	Class RiskClassID
}

// RiskOf gives what the class of a category asks, however either is spelled; the
// zero value if no class has the category.
func RiskOf(classes []RiskClass, category string) Risk {
	category = CategoryOf(category)
	for _, k := range classes {
		if slices.ContainsFunc(k.Categories, func(one string) bool { return CategoryOf(one) == category }) {
			return k.Risk
		}
	}
	return Risk{}
}

// checkTwoDeep notes where a need asks for fewer people than must come together.
func (n Need) checkTwoDeep(c *Check) {
	if !n.Risk.TwoDeep {
		return
	}
	c.That(n.People() >= TwoDeepPeople, "roles", "ask for %d people; help of this category (%s) is of the risk class %s, to which at least %d come together",
		n.People(), n.Category, n.Risk.Class, TwoDeepPeople)
	c.That(n.MinPeople >= TwoDeepPeople, "min_people", "is %d, must be at least %d: help of this category (%s) is of the risk class %s, to which nobody comes alone",
		max(n.MinPeople, 1), TwoDeepPeople, n.Category, n.Risk.Class)
	if len(n.Roles) == 0 {
		return // another rule says so
	}
	led := n.withLead()
	c.That(len(n.Roles) > MaxRoles || len(led) <= MaxRoles, "roles", "have %d entries, at most %d: one is added for the course of the risk class; ask for it in a role yourself",
		len(n.Roles), MaxRoles-1)
	c.That(len(n.Roles[0].Courses) > MaxSkills || len(led[0].Courses) <= MaxSkills, "roles[0].courses", "have %d entries, at most %d: the course of the risk class is added",
		len(n.Roles[0].Courses), MaxSkills-1)
}

// leads tells whether who takes a role must hold the course of the risk class.
func (n Need) leads(role int) bool {
	return n.Risk.Course != "" && role >= 0 && role < len(n.Roles) && slices.Contains(n.Roles[role].Courses, n.Risk.Course)
}

// withLead gives roles of which one asks for the course of the risk class. If none
// does, one seat of the first becomes a role of its own that also asks for it, so
// that a volunteer is sought who holds it.
func (n Need) withLead() []RequestRole {
	if !n.Risk.TwoDeep || n.Risk.Course == "" {
		return n.Roles
	}
	for i := range n.Roles {
		if n.leads(i) {
			return n.Roles
		}
	}
	lead := n.Roles[0]
	lead.People, lead.Courses = 1, append(slices.Clone(lead.Courses), n.Risk.Course)
	rest := slices.Clone(n.Roles)
	if rest[0].People--; rest[0].People == 0 {
		rest = rest[1:]
	}
	return append([]RequestRole{lead}, rest...)
}

// stands tells whether the crew is whole: the quorum is reached, and somebody is
// among it who holds the course of the risk class.
func (r *HelpRequest) stands() bool {
	if r.Filled() < r.MinPeople {
		return false
	}
	return r.Risk.Course == "" ||
		slices.ContainsFunc(r.Pairings, func(p Pairing) bool { return p.Status.Holding() && r.leads(p.Role) })
}
