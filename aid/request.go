package aid

import (
	"fmt"
	"slices"
	"time"
)

// RequestRole is one kind of person that a help request asks for.
type RequestRole struct {
	Name    string     `json:"name"`
	Skills  []Skill    `json:"skills"`
	Wishes  []Skill    `json:"wishes,omitempty"` // that are sought first and can be done without
	Courses []CourseID `json:"courses"`
	People  int        `json:"people"`
	Lead    bool       `json:"lead,omitempty"` // whoever takes it leads the crew and can vouch for the others
}

// Limits of one help request.
const (
	MaxRoles  = 10
	MaxPeople = 100 // over all roles
	MaxNotes  = 4000
)

// Need is what a caseworker writes down when opening a help request.
type Need struct {
	Beneficiary BeneficiaryID
	Location    Point  // personal: where the help is given
	Category    string // kept as [CategoryOf] spells it
	Roles       []RequestRole
	MinPeople   int // quorum over all roles: fewer is no help; 0 stands for 1
	Urgency     Urgency
	Window      Window      // of a standing pairing: that of the first visit
	Cadence     *Cadence    // of a standing pairing; nil for one window
	Serves      VisitID     // the visit for which a substitute is sought, or somebody to come along; empty for most
	OnlyAsks    VolunteerID // whom alone it asks, by hand; empty for most
	Risk        Risk        // of the category's risk class, as it was at opening
	Notes       string      // personal
}

// People is the number of seats over all roles.
func (n Need) People() int {
	sum := 0
	for _, r := range n.Roles {
		sum += r.People
	}
	return sum
}

// Validate refuses a need that could not be met, naming every field that is
// wrong. now is the clock that the window is held against.
func (n Need) Validate(now time.Time) error {
	var c Check
	c.That(ValidID(n.Beneficiary), "beneficiary_id", "is missing or malformed")
	c.Within("location", n.Location.Validate())
	c.That(ValidID(n.Category), "category", "must be 1 to %d letters, digits, '.', '_' or '-'", MaxIDLength)
	c.That(len(n.Roles) >= 1 && len(n.Roles) <= MaxRoles, "roles", "must have 1 to %d entries", MaxRoles)
	for i, r := range n.Roles {
		at := fmt.Sprintf("roles[%d]", i)
		c.That(r.Name != "" && len(r.Name) <= 100 && writable(r.Name), at+".name", "must have 1 to 100 bytes of UTF-8")
		c.That(r.People >= 1 && r.People <= MaxPeople, at+".people", "is %d, must lie in 1 to %d", r.People, MaxPeople)
		checkWords(&c, at+".skills", "skill", r.Skills)
		checkWords(&c, at+".wishes", "skill", r.Wishes)
		checkWords(&c, at+".courses", "course", r.Courses)
	}
	n.checkLead(&c)
	people := n.People()
	c.That(people <= MaxPeople, "roles", "ask for %d people, at most %d", people, MaxPeople)
	c.That(n.MinPeople >= 0, "min_people", "is %d, must be at least 1", n.MinPeople)
	c.That(n.MinPeople <= max(people, 1), "min_people", "is %d, more than the %d people asked for", n.MinPeople, people)
	n.checkTwoDeep(&c)
	c.That(n.Urgency.Weight() > 0, "urgency", "must be one of routine, soon, urgent")
	c.Within("window", n.Window.Validate())
	if n.Window.Validate() == nil {
		c.That(n.Window.EndsAt.After(now), "window.ends_at", "has passed already")
	}
	c.That(len(n.Notes) <= MaxNotes && writable(n.Notes), "notes", "must have at most %d bytes of UTF-8", MaxNotes)
	return c.Err("help request")
}

// checkLead: a crew has one lead at most.
func (n Need) checkLead(c *Check) {
	led := false
	for i, r := range n.Roles {
		at := fmt.Sprintf("roles[%d].lead", i)
		c.That(!r.Lead || r.People == 1, at, "goes with one person; give the others a role of their own")
		c.That(!r.Lead || !led, at, "is said of two roles; a crew has one lead")
		led = led || r.Lead
	}
}

// HelpRequest (求助) is one need with all that came of it: the aggregate whose
// methods are the only way to change it. It is not safe for concurrent use.
//
// Invariants, kept by every method and checked by [HelpRequest.Check]:
// a seat has at most one holding pairing; a volunteer has at most one pending
// offer or holding pairing; the status follows from the parts; an ended
// request has neither pending offers nor holding pairings.
type HelpRequest struct {
	ID RequestID
	Need
	OpenedBy AccountID
	Area     AreaID
	AreaPath AreaPath
	Cell     Cell
	Status   RequestStatus
	OpenedAt time.Time
	EndedAt  time.Time // zero until the status has ended

	// SearchOver is true once nobody is left to ask, until a seat falls vacant.
	SearchOver bool
	// Unmet counts, once nobody was left to ask, why volunteers could not be asked.
	Unmet ReasonCounts
	// Reach is how far the search has gone, and ReachedAt since when.
	Reach     Reach
	ReachedAt time.Time

	// Ahead are the visits of a standing pairing that exist ahead, in their order,
	// whoever comes to them.
	Ahead []Window
	// Review is the review of a standing pairing that is under way.
	Review Review
	// Excluded are the volunteers who are not to be asked, in the order excluded.
	Excluded []VolunteerID

	Offers   []Offer   // in the order made
	Pairings []Pairing // in the order made
	Visits   []Visit   // in the order of their beginnings; those long past may be left out

	// Apart are the separations that concern the beneficiary, whoever is bound, and
	// whoever may be asked. They are looked up, not changed, with the request.
	Apart []Separation
	// Beside are the volunteers who come to the same door at the same time by other
	// requests: for its visits, or for the same ones. They are looked up like Apart.
	Beside []VolunteerID
	// Vetted is what is known of those whom the request binds, looked up like Apart.
	// Who is not in it is taken for somebody of whom nothing is known, and cannot accept.
	Vetted map[VolunteerID]Vetted

	events []Event
	parks  []Parked
}

// ReasonCounts counts volunteers by the first hard rule that they fail.
type ReasonCounts struct {
	TooFar   int `json:"too_far"`
	Skill    int `json:"skill"`
	Course   int `json:"course"`
	Check    int `json:"check,omitempty"` // no background check that holds then
	Minor    int `json:"minor,omitempty"` // not of age where that is needed, or without consent
	Time     int `json:"time"`
	Capacity int `json:"capacity"`
	Asked    int `json:"already_asked,omitempty"`
	Unsuited int `json:"not_suitable,omitempty"`
	Parked   int `json:"parked,omitempty"`  // have put the category off, or that far away
	Resting  int `json:"resting,omitempty"` // are not to be asked at this time
}

// CancelReasons are the words with which a help request may be called off; it
// may also be called off without one.
var CancelReasons = []string{"no_longer_needed", "met_otherwise", "duplicate", "mistake", "other"}

// OpenRequest begins a help request. The caller has looked up area and cell.
func OpenRequest(id RequestID, n Need, by AccountID, area Area, cell Cell, now time.Time) (*HelpRequest, error) {
	if err := n.Validate(now); err != nil {
		return nil, err
	}
	n.Category, n.MinPeople = CategoryOf(n.Category), max(n.MinPeople, 1)
	n.Roles = n.withLead()
	r := &HelpRequest{
		ID: id, Need: n, OpenedBy: by, Area: area.ID, AreaPath: area.Path, Cell: cell,
		Status: RequestOpen, OpenedAt: now, ReachedAt: now,
	}
	r.note(Event{Kind: EventRequestOpened, At: now, Actor: by})
	return r, nil
}

// Filled is the number of seats that are held.
func (r *HelpRequest) Filled() int {
	n := 0
	for _, p := range r.Pairings {
		if p.Status.Holding() {
			n++
		}
	}
	return n
}

// Pending is the number of offers that wait for an answer.
func (r *HelpRequest) Pending() int {
	n := 0
	for _, o := range r.Offers {
		if o.Status == OfferPending {
			n++
		}
	}
	return n
}

// FailedOffers counts the offers that were declined, expired or were taken back.
func (r *HelpRequest) FailedOffers() int {
	n := 0
	for _, o := range r.Offers {
		if o.Status != OfferPending && o.Status != OfferAccepted {
			n++
		}
	}
	return n
}

// Vacancy is what a match round may still fill in one role.
type Vacancy struct {
	Role    int // index into Roles
	Seats   int // open seats for which nobody is being asked
	Standby int // further people who may be asked for the open seats
}

// Vacancies lists the roles for which people should be asked now, given how
// many are asked for each open seat. Whoever was asked before the search reached
// farther and has not answered since does not keep it from asking one more for each
// seat. It is empty when the search is over.
func (r *HelpRequest) Vacancies(asksPerSeat int) []Vacancy {
	if !r.Status.Seeking() || r.SearchOver || r.OnlyAsks != "" {
		return nil
	}
	var out []Vacancy
	for i, role := range r.Roles {
		open, pending, fresh := r.openSeats(i, role.People), 0, 0
		for _, o := range r.Offers {
			if o.Role == i && o.Status == OfferPending {
				pending++
				if r.Reach == ReachNear || !o.MadeAt.Before(r.ReachedAt) {
					fresh++
				}
			}
		}
		v := Vacancy{Role: i, Seats: max(0, open-fresh)}
		v.Standby = max(0, open*asksPerSeat-pending-v.Seats)
		if v.Seats+v.Standby > 0 {
			out = append(out, v)
		}
	}
	return out
}

func (r *HelpRequest) openSeats(role, people int) int {
	for _, p := range r.Pairings {
		if p.Role == role && p.Status.Holding() {
			people--
		}
	}
	return people
}

// Asked tells whether the volunteer may not be asked (again): they have an
// offer that was not merely revoked.
func (r *HelpRequest) Asked(v VolunteerID) bool {
	return slices.ContainsFunc(r.Offers, func(o Offer) bool {
		return o.Volunteer == v && o.Status != OfferRevoked
	})
}

// Bound lists the volunteers whose time this request holds: those with a
// pending offer or a holding pairing.
func (r *HelpRequest) Bound() []VolunteerID {
	var out []VolunteerID
	for _, o := range r.Offers {
		if o.Status == OfferPending {
			out = append(out, o.Volunteer)
		}
	}
	for _, p := range r.Pairings {
		if p.Status.Holding() {
			out = append(out, p.Volunteer)
		}
	}
	return out
}

// TakeEvents hands over the events since the last call, for the store to write.
func (r *HelpRequest) TakeEvents() []Event {
	out := r.events
	r.events = nil
	return out
}

// TakeParks hands over what volunteers have put off since the last call, for the
// store to write in the same transaction.
func (r *HelpRequest) TakeParks() []Parked {
	out := r.parks
	r.parks = nil
	return out
}

func (r *HelpRequest) note(e Event) {
	e.Request = r.ID
	r.events = append(r.events, e)
}
