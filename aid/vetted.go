package aid

import "slices"

// Vetted is what must be known of a volunteer before they come. Of the zero value
// nothing is known, and nobody comes of whom that is so.
type Vetted struct {
	Active  bool
	Skills  []Skill
	Courses []CourseHeld
	Vetting
}

// Vetted is what of a record decides whether its volunteer may come.
func (v Volunteer) Vetted() Vetted { return Vetted{v.Active, v.Skills, v.Courses, v.Vetting} }

// Equal tells whether the same is known. The order of skills and courses counts.
func (v Vetted) Equal(o Vetted) bool {
	return v.Active == o.Active && v.Vetting == o.Vetting && slices.Equal(v.Skills, o.Skills) && slices.Equal(v.Courses, o.Courses)
}

// Bars gives the rule by which what is known of a volunteer keeps them from being
// asked for a role; empty for none.
func (r *HelpRequest) Bars(v Vetted, role int) VettingRule { return r.barsOn(v, role, r.days()) }

// barsAnswer is [HelpRequest.Bars] for whoever accepts what an offer asked for.
func (r *HelpRequest) barsAnswer(v Vetted, o Offer) VettingRule {
	on := r.days()
	if asked := r.aheadOf(o); len(asked) > 0 {
		on = DaysOf(asked, r.Zone())
	}
	return r.barsOn(v, o.Role, on)
}

// barsOn names what protects the beneficiary before what the role asks.
func (r *HelpRequest) barsOn(v Vetted, role int, on Days) VettingRule {
	if rule := r.endangers(v, role, on); rule != "" {
		return rule
	}
	if role < 0 || role >= len(r.Roles) {
		return "" // there is nothing to judge by
	}
	switch of := r.Roles[role]; {
	case !hasSkills(v.Skills, of.Skills):
		return VettingSkill
	case !holdsCourses(v.Courses, of.Courses, on.First):
		return VettingCourse
	}
	return ""
}

// endangers gives the rule by which a volunteer must not even know where to come:
// those that protect the beneficiary. Skills and further courses say how well
// somebody helps, which is no reason to keep the address from who is on the way.
func (r *HelpRequest) endangers(v Vetted, role int, on Days) VettingRule {
	if !v.Active {
		return VettingInactive
	}
	if rule := v.Fails(r.Risk, on); rule != "" {
		return rule
	}
	if r.leads(role) && !holdsCourses(v.Courses, []CourseID{r.Risk.Course}, on.First) {
		return VettingCourse
	}
	return ""
}

// days are those on which somebody who takes a seat now comes, as far as the
// visits exist.
func (r *HelpRequest) days() Days {
	if times := r.Times(); len(times) > 0 {
		return DaysOf(times, r.Zone())
	}
	return DaysOf([]Window{r.Window}, r.Zone())
}

// barred says to a volunteer, or whoever speaks for them, why a seat is not theirs.
var barred = map[VettingRule]string{
	VettingInactive: "only volunteers who are active can come; ask your coordinator to make your record active again",
	VettingCheck:    "this help needs a background check that holds on the day; ask your coordinator to note a new one",
	VettingMinor:    "this help needs people who are known to be of age, or the consent of your guardian on the day; ask your coordinator",
	VettingSkill:    "this seat needs a skill that your record does not name; if you have it, ask your coordinator to note it",
	VettingCourse:   "this seat needs a course that counts on the day; ask your coordinator",
}
