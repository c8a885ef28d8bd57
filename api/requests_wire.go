package api

import (
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
)

// Point is a place.
type Point struct {
	Lat float64 `json:"lat" doc:"WGS84 degrees, -90 to 90."`
	Lng float64 `json:"lng" doc:"WGS84 degrees, -180 to 180."`
}

func (p Point) domain() aid.Point { return aid.Point(p) }

// Window is a time, half-open.
type Window struct {
	StartsAt time.Time `json:"starts_at"`
	EndsAt   time.Time `json:"ends_at" doc:"After starts_at, at most 31 days later."`
}

func windowOf(w aid.Window) Window { return Window{w.StartsAt.UTC(), w.EndsAt.UTC()} }

// NewRole is one kind of person that is asked for.
type NewRole struct {
	Name    string   `json:"name"`
	Skills  []string `json:"skills,omitempty" doc:"Ids of skills that each person must have."`
	Wishes  []string `json:"wishes,omitempty" doc:"Ids of skills that are sought first, and can be done without if nobody is found."`
	Courses []string `json:"courses,omitempty" doc:"Ids of courses that each person must hold on the day."`
	People  int      `json:"people" maximum:"1000000" doc:"1 to 100."`
	Lead    bool     `json:"lead,omitempty" doc:"Whoever takes this role, which is for one person, leads the crew: they see its visits and can confirm those of the others."`
}

// Role is one kind of person that was asked for.
type Role struct {
	Name    string   `json:"name"`
	Skills  []string `json:"skills"`
	Wishes  []string `json:"wishes"`
	Courses []string `json:"courses"`
	People  int      `json:"people"`
	Lead    bool     `json:"lead"`
}

func roleOf(r aid.RequestRole) Role {
	return Role{r.Name, mapped(r.Skills, text), mapped(r.Wishes, text), mapped(r.Courses, text), r.People, r.Lead}
}

func text[T ~string](s T) string { return string(s) }

// NewHelpRequest is what a caseworker writes down.
type NewHelpRequest struct {
	Beneficiary string    `json:"beneficiary_id"`
	Location    Point     `json:"location" doc:"Where the help is given."`
	Category    string    `json:"category" example:"medical_escort" doc:"Kept in small letters."`
	Roles       []NewRole `json:"roles" doc:"1 to 10."`
	MinPeople   int       `json:"min_people,omitempty" minimum:"1" maximum:"1000000" doc:"Quorum over all roles: fewer is no help; 1 if left out. At least 2 where the risk class of the category lets nobody come alone."`
	Urgency     string    `json:"urgency" enum:"routine,soon,urgent"`
	Window      *Window   `json:"window,omitempty" doc:"When the help is given. Either this or cadence."`
	Cadence     *Cadence  `json:"cadence,omitempty" doc:"For a standing pairing, instead of window: when the visits are."`
	Notes       string    `json:"notes,omitempty" doc:"At most 4000 bytes. Of the volunteers, only those whose pairing is confirmed read it."`
}

func (n NewHelpRequest) need() aid.Need {
	need := aid.Need{
		Beneficiary: aid.BeneficiaryID(n.Beneficiary), Location: n.Location.domain(), Category: n.Category,
		MinPeople: n.MinPeople, Urgency: aid.Urgency(n.Urgency), Notes: n.Notes,
	}
	if n.Cadence != nil {
		need.Cadence = n.Cadence.domain()
	}
	if n.Window != nil {
		need.Window = aid.Window{StartsAt: n.Window.StartsAt.UTC(), EndsAt: n.Window.EndsAt.UTC()}
	}
	for _, r := range n.Roles {
		need.Roles = append(need.Roles, aid.RequestRole{
			Name: r.Name, People: r.People, Lead: r.Lead,
			Skills:  mapped(r.Skills, func(s string) aid.Skill { return aid.Skill(s) }),
			Wishes:  mapped(r.Wishes, func(s string) aid.Skill { return aid.Skill(s) }),
			Courses: mapped(r.Courses, func(s string) aid.CourseID { return aid.CourseID(s) }),
		})
	}
	return need
}

// Cancellation is why a help request is called off.
type Cancellation struct {
	Reason string `json:"reason,omitempty" doc:"no_longer_needed, met_otherwise, duplicate, mistake or other; may be left out."`
}

// Nothing is the body of a call that says all with its path. It may be left out.
type Nothing struct{}

// Reasons counts why volunteers could not be asked, each by the first rule that
// they fail.
type Reasons struct {
	TooFar   int `json:"too_far"`
	Skill    int `json:"skill"`
	Course   int `json:"course"`
	Check    int `json:"check" doc:"Have no background check that holds then."`
	Minor    int `json:"minor" doc:"Are minors, or not known to be of age, where that is not allowed; or have no guardian's consent then."`
	Time     int `json:"time" doc:"Are not available for the whole window, or bound in it by another help request: by a seat they hold, or an offer that waits for their answer."`
	Capacity int `json:"capacity" doc:"Have as many tasks as they take, offers that wait for their answer among them."`
	Asked    int `json:"already_asked" doc:"Have been asked for this help request, and may wait to answer or hold a seat; or are excluded from it. Comes before time and capacity."`
	Unsuited int `json:"not_suitable"`
	Parked   int `json:"parked" doc:"Have put this category off, or help of it so far away."`
	Resting  int `json:"resting" doc:"Are not to be asked now: quiet hours, a limit of offers, a cool-down, or away until a date."`
}

// HelpRequest is a need and where it stands.
type HelpRequest struct {
	ID          string     `json:"id"`
	Beneficiary string     `json:"beneficiary_id"`
	Area        string     `json:"area_id"`
	Location    Point      `json:"location"`
	Category    string     `json:"category"`
	RiskClass   string     `json:"risk_class,omitempty" doc:"The risk class of the category, as it was when the request was opened."`
	Roles       []Role     `json:"roles"`
	MinPeople   int        `json:"min_people"`
	Urgency     string     `json:"urgency" enum:"routine,soon,urgent"`
	Window      Window     `json:"window" doc:"Of a standing pairing: that of the first visit."`
	Cadence     *Cadence   `json:"cadence,omitempty" doc:"Of a standing pairing: when its visits are."`
	Review      *Review    `json:"review,omitempty" doc:"Of a standing pairing, once its review date has come: what both sides said."`
	Serves      string     `json:"serves_visit_id,omitempty" doc:"The visit for which a substitute is sought, or somebody to come along."`
	Notes       string     `json:"notes"`
	Status      string     `json:"status" enum:"open,offered,paired,in_service,completed,cancelled,unfilled"`
	People      int        `json:"people" doc:"Seats over all roles."`
	Filled      int        `json:"filled" doc:"Seats that are held."`
	Pending     int        `json:"pending" doc:"Offers that wait for an answer."`
	QuorumBy    *time.Time `json:"quorum_by,omitempty" doc:"While a crew lacks people: by when min_people must have accepted. Otherwise everybody is released and the request ends unfilled."`
	Excluded    []string   `json:"excluded_volunteer_ids,omitempty" doc:"Who is not to be asked, by a person's word."`
	Reach       string     `json:"reach" enum:"near,wide,relaxed,help" doc:"How far the search has gone: people nearby, or everybody if it is urgent; whoever goes that far; wishes left aside; coordinators asked to find somebody."`
	ReachedAt   time.Time  `json:"reached_at" doc:"Since when."`
	SearchOver  bool       `json:"search_over" doc:"True once nobody is left to ask."`
	Reasons     *Reasons   `json:"reasons,omitempty" doc:"Once nobody was left to ask: why volunteers could not be asked."`
	OpenedBy    string     `json:"opened_by"`
	OpenedAt    time.Time  `json:"opened_at"`
	EndedAt     *time.Time `json:"ended_at,omitempty"`
}

func requestOf(r *aid.HelpRequest) HelpRequest {
	out := HelpRequest{
		ID: string(r.ID), Beneficiary: string(r.Beneficiary), Area: string(r.Area), Location: Point(r.Location),
		Category: r.Category, Roles: mapped(r.Roles, roleOf), MinPeople: r.MinPeople, Urgency: string(r.Urgency),
		Window: windowOf(r.Window), Notes: r.Notes, Status: string(r.Status), People: r.People(),
		Filled: r.Filled(), Pending: r.Pending(), QuorumBy: moment(r.QuorumBy()), Excluded: mapped(r.Excluded, text), SearchOver: r.SearchOver,
		Reach: r.Reach.String(), ReachedAt: r.ReachedAt.UTC(),
		OpenedBy: string(r.OpenedBy), OpenedAt: r.OpenedAt.UTC(), EndedAt: moment(r.EndedAt),
	}
	out.RiskClass = string(r.Risk.Class)
	out.Cadence, out.Review, out.Serves = cadenceOf(r.Cadence), reviewOf(r.Review), string(r.Serves)
	if r.Unmet != (aid.ReasonCounts{}) || r.Status == aid.RequestUnfilled {
		reasons := Reasons(r.Unmet)
		out.Reasons = &reasons
	}
	return out
}

// moment is nil for the zero time, which stands for "not yet".
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// Cost is what asking somebody costs a plan; one unit is one metre. Distances
// are rounded up to whole hundreds, since exact ones would tell where somebody
// lives.
type Cost struct {
	Distance    int64 `json:"distance" doc:"Metres, rounded up to whole hundreds."`
	SpareSkills int64 `json:"spare_skills" doc:"250 for each skill that is not asked for."`
	Total       int64 `json:"total"`
}

func costOf(c aid.Cost) Cost { return Cost{c.Distance, c.SpareSkills, c.Total()} }

// Candidate is somebody who could be asked.
type Candidate struct {
	Rank      int    `json:"rank"`
	Volunteer string `json:"volunteer_id"`
	Distance  int64  `json:"distance_m" doc:"Rounded up to whole hundreds."`
	Cost      Cost   `json:"cost"`
}

// Shortlist is who could be asked for one role, and why the others cannot.
type Shortlist struct {
	Role       int         `json:"role" doc:"Index into roles."`
	Candidates []Candidate `json:"candidates" doc:"Cheapest first."`
	Reasons    Reasons     `json:"reasons"`
	Almost     []Miss      `json:"almost" doc:"For each rule the nearest volunteer who fails it and no other."`
}

// Miss is somebody who could be asked but for one rule.
type Miss struct {
	Volunteer string `json:"volunteer_id"`
	Fails     string `json:"fails" enum:"too_far,skill,course,check,already_asked,time,capacity,parked,resting" doc:"The rule."`
	Distance  int64  `json:"distance_m" doc:"Rounded up to whole hundreds."`
}

func shortlistOf(s app.Shortlist) Shortlist {
	out := Shortlist{Role: s.Role, Candidates: []Candidate{}, Reasons: Reasons(s.Reasons), Almost: []Miss{}}
	for i, c := range s.Candidates {
		out.Candidates = append(out.Candidates, Candidate{i + 1, string(c.Volunteer), c.Cost.Distance, costOf(c.Cost)})
	}
	for _, m := range s.Almost {
		out.Almost = append(out.Almost, Miss{string(m.Volunteer), m.Fails, m.Distance})
	}
	return out
}

// Verdict says why one volunteer would not be asked for one role.
type Verdict struct {
	Role     int        `json:"role" doc:"Index into roles."`
	Eligible bool       `json:"eligible"`
	Fails    string     `json:"fails,omitempty" enum:"too_far,skill,course,check,minor,already_asked,time,capacity,not_suitable,parked,resting,inactive,excluded" doc:"The first rule failed."`
	Until    *time.Time `json:"until,omitempty" doc:"When somebody who is resting may be asked again, rounded up to a quarter of an hour. Left out for every other rule, none of which ends by the clock alone, and while they rest because as many offers wait for their answer as they take."`
	Distance int64      `json:"distance_m" doc:"Rounded up to whole hundreds."`
	Cost     Cost       `json:"cost"`
	Extra    *int64     `json:"extra_cost,omitempty" doc:"By how much the plan of all open requests around would get dearer if this volunteer were chosen, all else chosen anew; 0 for somebody whom the best plan may choose. Rounded up to whole hundreds. Left out for somebody not eligible, and where it cannot be told: nobody is sought for the role at present, its request cannot get its minimum of people, or there is too much to weigh at once."`
}

func verdictOf(v app.Verdict) Verdict {
	return Verdict{v.Role, v.Fails == "", v.Fails, moment(v.Until), int64(v.Distance), costOf(v.Cost), v.Extra}
}

// Event is one thing that happened to a help request.
type Event struct {
	Kind      string    `json:"kind" example:"offer_accepted"`
	At        time.Time `json:"at"`
	Request   string    `json:"help_request_id"`
	Offer     string    `json:"offer_id,omitempty"`
	Pairing   string    `json:"pairing_id,omitempty"`
	Visit     string    `json:"visit_id,omitempty"`
	Volunteer string    `json:"volunteer_id,omitempty"`
	Actor     string    `json:"actor,omitempty" doc:"The account that did it; absent for the system."`
	Reason    string    `json:"reason,omitempty"`
}

func eventOf(e aid.Entry) Event {
	return Event{
		string(e.Kind), e.At.UTC(), string(e.Request), string(e.Offer), string(e.Pairing),
		string(e.Visit), string(e.Volunteer), string(e.Actor), e.Reason,
	}
}
