package apptest

import (
	"context"
	"path"
	"slices"
	"sync"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/matching/grid"
	"github.com/linli/linli/merit"
)

// Areas of the world: Harbin with Nangang below it, and Daqing beside them.
const (
	Harbin  aid.AreaPath = "/hlj/hlj.harbin/"
	Nangang aid.AreaPath = "/hlj/hlj.harbin/hlj.harbin.nangang/"
	Daqing  aid.AreaPath = "/hlj/hlj.daqing/"
)

// Now is the time in the world when it begins.
var Now = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

// Home is where its people live.
var Home = aid.Point{Lat: 45.7605, Lng: 126.6423}

// World holds everything.
type World struct {
	mu            sync.Mutex
	fail          func(call string) error
	now           time.Time
	areas         []aid.Area
	areaChanges   []aid.AreaChange
	organisations []aid.Organisation
	skills        []aid.Named
	courses       []aid.Named
	risks         []aid.RiskClass
	volunteers    map[aid.VolunteerID]aid.Volunteer
	limits        map[aid.VolunteerID]aid.OwnLimits
	parks         map[aid.VolunteerID][]aid.Park
	beneficiaries map[aid.BeneficiaryID]aid.Beneficiary
	requests      map[aid.RequestID]*aid.HelpRequest
	opened        []aid.RequestID // in order
	records       map[aid.VisitID]merit.Record
	apart         []aid.DoNotMatch // in order
	disclosures   []aid.Disclosure // in order
	rounds        []aid.Round
	scarcity      []aid.Scarcity
	events        []aid.Entry
	notices       []aid.Notice
	contacts      map[aid.AccountID]aid.Contact
	codes         map[aid.AccountID]EmailCode
	calendars     map[aid.AccountID][32]byte
	secrets       int      // that were made
	messages      []string // ids of the messages that processes got
	outcomes      map[string]outcome
	school        school
	rollouts      []campaign // in order
}

// New makes a world with two volunteers and a beneficiary in Nangang, a
// volunteer and a beneficiary in Daqing, and a small catalogue.
func New() *World {
	w := &World{
		now: Now, volunteers: map[aid.VolunteerID]aid.Volunteer{}, beneficiaries: map[aid.BeneficiaryID]aid.Beneficiary{},
		requests: map[aid.RequestID]*aid.HelpRequest{}, contacts: map[aid.AccountID]aid.Contact{}, codes: map[aid.AccountID]EmailCode{}, calendars: map[aid.AccountID][32]byte{}, outcomes: map[string]outcome{},
		records: map[aid.VisitID]merit.Record{}, school: newSchool(),
		limits: map[aid.VolunteerID]aid.OwnLimits{}, parks: map[aid.VolunteerID][]aid.Park{},
		skills:  []aid.Named{{ID: "first_aid", NameZh: "急救", NameEn: "First aid"}, {ID: "visit", NameZh: "探访", NameEn: "Visiting"}},
		courses: []aid.Named{{ID: "basics", NameZh: "基础", NameEn: "Basics"}},
		risks: []aid.RiskClass{{
			Risk:   aid.Risk{Class: "high", CheckMonths: 24, TwoDeep: true, Course: "basics"},
			NameZh: "高风险", NameEn: "High", Categories: []string{"bathing"},
		}},
		rounds: []aid.Round{{ID: "round-1", Shard: 1, StartedAt: Now, Seconds: 0.2, Objective: 10, DualBound: 10}},
		scarcity: []aid.Scarcity{
			{Area: "hlj.daqing", Cell: 0x8614b3a77ffffff, Skills: []aid.Skill{"visit"}, OpenSeats: 1, Saving: 9_000_000, AsOf: Now},
			{Area: "hlj.harbin.nangang", Cell: 0x861490b67ffffff, Skills: []aid.Skill{"first_aid", "visit"}, OpenSeats: 2, Saving: 8_000_000, AsOf: Now},
			{Area: "hlj.harbin", Cell: 0x861490b67ffffff, Saving: 700, AsOf: Now},
		},
	}
	for _, p := range []aid.AreaPath{"/hlj/", Daqing, Harbin, Nangang} {
		w.areas = append(w.areas, aid.Area{ID: lastOf(p), Path: p, Level: aid.LevelCounty, NameZh: "地区", NameEn: "Area"})
	}
	w.organisations = []aid.Organisation{
		{ID: "org-daqing", Area: "hlj.daqing", Tree: "regional", Tier: "corps", NameZh: "大庆", NameEn: "Daqing"},
		{ID: "org-harbin", Area: "hlj.harbin", Tree: "regional", Tier: "corps", NameZh: "哈尔滨", NameEn: "Harbin"},
	}
	for id, in := range map[aid.VolunteerID]aid.AreaPath{"v-1": Nangang, "v-2": Nangang, "v-far": Daqing} {
		w.volunteers[id] = aid.Volunteer{
			ID: id, Name: "林晓明", Phone: "10000000001", Area: lastOf(in), AreaPath: in, Home: Home, Skills: []aid.Skill{"visit"},
			Capacity: 3, MaxDistance: 5000, Active: true, Version: 1,
		}
	}
	for id, in := range map[aid.BeneficiaryID]aid.AreaPath{"b-1": Nangang, "b-far": Daqing} {
		w.beneficiaries[id] = aid.Beneficiary{
			ID: id, Name: "周桂兰", Phone: "10000000900", Address: "果戈里大街 1 号", Area: lastOf(in), AreaPath: in, Home: Home, Since: Now,
		}
	}
	return w
}

// Account is somebody of a role: caseworker, trainer and coordinator act in
// Harbin, the volunteer is v-1.
func Account(role aid.Role) aid.Account {
	a := aid.Account{ID: aid.AccountID("a-" + role), Role: role, Name: "王建国", Areas: []aid.AreaPath{Harbin}}
	if role == aid.RoleVolunteer {
		a.Areas, a.Volunteer = nil, "v-1"
	}
	return a
}

// Need is a sound need of b-1 for two people, of whom one is enough, tomorrow.
func Need() aid.Need {
	return aid.Need{
		Beneficiary: "b-1", Location: Home, Category: "visit", Urgency: aid.Soon, MinPeople: 1, Notes: "third floor, no lift",
		Roles:  []aid.RequestRole{{Name: "companion", Skills: []aid.Skill{"visit"}, People: 2}},
		Window: aid.Window{StartsAt: Now.Add(24 * time.Hour), EndsAt: Now.Add(26 * time.Hour)},
	}
}

func lastOf(p aid.AreaPath) aid.AreaID {
	return aid.AreaID(path.Base(string(p)))
}

// Fail has fail asked before every call of a port, with the port's name; it may
// make the call fail, or wait. Nil ends that.
func (w *World) Fail(fail func(call string) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fail = fail
}

// Clock gives the time in the world.
func (w *World) Clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Pass lets time pass.
func (w *World) Pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// Messages are the ids of the messages that reached the processes, in order.
func (w *World) Messages() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.messages)
}

// Requested is how many help requests there are.
func (w *World) Requested() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.opened)
}

// Seed opens a help request directly and gives it.
func (w *World) Seed(id aid.RequestID, need aid.Need, in aid.AreaPath) {
	cell, err := grid.CellOf(need.Location, grid.Home)
	if err != nil {
		panic(err)
	}
	r, err := aid.OpenRequest(id, need, "a-caseworker", aid.Area{ID: lastOf(in), Path: in}, cell, w.Clock())
	if err != nil {
		panic(err)
	}
	if err := w.OpenRequest(context.Background(), r, 0); err != nil { //nolint:forbidigo // a test begins here
		panic(err)
	}
}

// Offer asks a volunteer for the first role of a request.
func (w *World) Offer(id aid.OfferID, r aid.RequestID, v aid.VolunteerID) { w.OfferRole(id, r, v, 0) }

// OfferRole does so for one of several roles.
func (w *World) OfferRole(id aid.OfferID, r aid.RequestID, v aid.VolunteerID, role int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	request := w.requests[r]
	p := aid.DefaultSearchPolicy()
	p.AsksPerSeat, p.Certainty = map[aid.Urgency]int{aid.Routine: 10, aid.Soon: 10, aid.Urgent: 10}, nil
	request.MakeOffers("round-1", []aid.Pick{{Offer: id, Role: role, Volunteer: v, Cost: aid.Cost{Distance: 1234}}}, p, w.now)
	w.note(request)
}

// note takes over the events of a request, with the notices that tell of them
// and what its visits earned. The lock must be held.
func (w *World) note(r *aid.HelpRequest) {
	w.earn(r)
	for _, p := range r.TakeParks() {
		w.parks[p.Volunteer] = aid.Parking(w.parks[p.Volunteer], p.Park)
	}
	events := r.TakeEvents()
	w.tellOf(r, events)
	for _, e := range events {
		w.events = append(w.events, aid.Entry{Seq: int64(len(w.events) + 1), Event: e, AreaPath: r.AreaPath})
	}
}

// enter begins the call of a port.
func (w *World) enter(ctx context.Context, call string) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w.mu.Lock()
	fail := w.fail
	w.mu.Unlock()
	if fail != nil {
		if err := fail(call); err != nil {
			return nil, err
		}
	}
	w.mu.Lock()
	return w.mu.Unlock, nil
}

// UseCases wires every use case to the world.
func (w *World) UseCases() app.UseCases {
	requests := &app.Requests{Store: w, People: w, Catalogue: w, Processes: w, Matcher: w, Log: w, Now: w.Clock}
	return app.UseCases{
		Requests:      requests,
		Choices:       &app.Choices{Requests: requests, Store: w, Visits: &app.Visits{Store: w}, Policy: aid.DefaultSearchPolicy()},
		Offers:        &app.Offers{Store: w, Processes: w},
		Pairings:      &app.Pairings{Store: w, Log: w, Processes: w},
		Visits:        &app.Visits{Store: w},
		Records:       &app.Records{Store: w},
		Courses:       &app.Courses{Store: w, Catalogue: w},
		Effects:       &app.Effects{Store: w, Now: w.Clock},
		Cohorts:       &app.Cohorts{Store: w, Courses: w, Now: w.Clock},
		Rollouts:      &app.Rollouts{Store: w, Processes: w, Now: w.Clock},
		Certificates:  &app.Certificates{Store: w, Courses: w, Badges: w, Now: w.Clock},
		Volunteers:    &app.Volunteers{Store: w, Bindings: w, Areas: w, Catalogue: w, Pairings: w, Processes: w, Now: w.Clock},
		Limits:        &app.Limits{Store: w, Defaults: aid.DefaultOfferLimits(), Now: w.Clock},
		Beneficiaries: &app.Beneficiaries{Store: w, Areas: w, Log: w},
		DoNotMatch:    &app.DoNotMatch{Store: w},
		Territory:     &app.Territory{Store: w, Catalogue: w},
		AreaChanges:   &app.AreaChanges{Store: w, Now: w.Clock},
		Events:        &app.Events{Log: w},
		Notices:       &app.Notices{Store: w, Writer: w},
		Calendars:     &app.Calendars{Store: w, Writer: Almanac{}, Now: w.Clock},
		Contacts:      &app.Contacts{Store: w, Codes: w, Hooks: w, Push: w, SetUp: aid.Channels},
	}
}
