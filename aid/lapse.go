package aid

import (
	"slices"
	"time"
)

// lapsesBefore is the word for what a volunteer will not have any more at a visit;
// empty for nothing.
func (r *HelpRequest) lapsesBefore(who Volunteer, v *Visit) string {
	day := dayIn(r.Zone(), v.Window)
	if !who.HoldsCourses(r.coursesOf(v.Pairing), day) {
		return HandedOverCourse
	}
	switch who.Vetting.Fails(r.Risk, Days{day, day}) {
	case VettingCheck:
		return HandedOverCheck
	case VettingMinor:
		return HandedOverMinor
	case VettingInactive, VettingSkill, VettingCourse:
	}
	return ""
}

var lapseEvents = map[string]EventKind{
	HandedOverCourse: EventCourseLapsing, HandedOverCheck: EventCheckLapsing, HandedOverMinor: EventConsentLapsing,
}

// noteLapse says that something lapses before a visit. What coordinators hear of is
// said once for all visits of a pairing to which it applies.
func (r *HelpRequest) noteLapse(v *Visit, now time.Time) {
	said := v.Reason != HandedOverCourse && slices.ContainsFunc(r.Visits, func(o Visit) bool {
		return o.ID != v.ID && o.Pairing == v.Pairing && o.Reason == v.Reason && o.Window.StartsAt.After(now)
	})
	if !said {
		r.noteVisit(lapseEvents[v.Reason], v, "", now, "")
	}
}
