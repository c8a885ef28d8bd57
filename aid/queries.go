package aid

import "time"

// Page asks for a part of a list. Lists run newest first for what happens
// (requests, offers, pairings, rounds) and by id for what there is (volunteers,
// beneficiaries, areas, organisations).
type Page struct {
	After string // opaque cursor from the page before; empty begins the list
	Limit int    // 1 to MaxPage
}

// MaxPage is the longest page of a list.
const MaxPage = 200

// PageOf is one part of a list.
type PageOf[T any] struct {
	Items []T
	Next  string // cursor of the next page; empty at the end
}

// RequestFilter narrows a list of help requests. Areas are those the reader may
// see: none means nothing is seen.
type RequestFilter struct {
	Areas       []AreaPath
	Statuses    []RequestStatus // none means all
	Beneficiary BeneficiaryID   // empty means all
}

// PersonFilter narrows a list of volunteers, beneficiaries or organisations to
// areas; none means nothing is seen.
type PersonFilter struct{ Areas []AreaPath }

// OfferFilter narrows a list of offers to those made to one volunteer.
type OfferFilter struct {
	Volunteer VolunteerID
	Statuses  []OfferStatus // none means all
}

// PairingFilter narrows a list of pairings to a volunteer's own, or to areas.
// One of the two must be set, else nothing is seen.
type PairingFilter struct {
	Volunteer VolunteerID
	Areas     []AreaPath
	Statuses  []PairingStatus // none means all
	Request   RequestID       // empty means all
}

// VisitFilter narrows a list of visits to a volunteer's own, or to areas. One of
// the two must be set, else nothing is seen.
type VisitFilter struct {
	Volunteer VolunteerID
	Areas     []AreaPath
	Statuses  []VisitStatus // none means all
	Request   RequestID     // empty means all

	// Those that end after From and begin before Until; zero means no bound.
	From, Until time.Time
}

// Named is an entry of a catalogue: a skill or a course.
type Named struct {
	ID     string `json:"id"`
	NameZh string `json:"name_zh"`
	NameEn string `json:"name_en"`
}

// Account is who acts: one person in one role with the areas they may act in.
type Account struct {
	ID        AccountID
	Role      Role
	Name      string      // personal
	Volunteer VolunteerID // for RoleVolunteer
	Areas     []AreaPath
}

// Round is the record of one match round. What it planned is of its first plan;
// Seconds and Offers are of the whole round, tries that were cut off counted. A
// round under way has the seconds until its plan, and no offers.
type Round struct {
	ID         RoundID
	Shard      Cell
	StartedAt  time.Time
	Seconds    float64
	Requests   int
	Seats      int
	Volunteers int
	Offers     int
	Objective  int64
	DualBound  int64
	Gap        float64 // (objective − bound) ÷ objective

	SolveSeconds float64 // that finding the plan took, without checking it and making offers
	Warm         bool    // it was found from the plan of the round before

	Scarcity []Scarcity // of its plan; written with the record and read in a list of its own
}

// Commitment is a stretch of a volunteer's time that is bound already.
type Commitment struct {
	Volunteer VolunteerID
	During    Window
}

// Candidate is a volunteer as matching sees them: what they offer and what
// binds them already.
type Candidate struct {
	Volunteer
	Bound  []Window // live reservations; len(Bound) of Capacity is used. Zero for a standing pairing
	Visits []Window // further time that is taken: visits of standing pairings
	Budget Budget
}

// Entry is one line of a request's timeline, with its place in the stream of
// all events.
type Entry struct {
	Seq int64
	Event
	AreaPath AreaPath // of the request
}

// FeedMark is a place in the change feed of volunteers. Marks belong to one
// store and its history.
type FeedMark uint64
