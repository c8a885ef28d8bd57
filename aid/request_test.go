package aid_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

// need is a sound need for one crew of the given sizes, from one hour to three
// hours after noon.
func need(people ...int) aid.Need {
	n := aid.Need{
		Beneficiary: "b-1", Location: aid.Point{Lat: 45.8, Lng: 126.5}, Category: "meals", MinPeople: 1,
		Urgency: aid.Routine, Window: hours(1, 3),
	}
	for i, p := range people {
		n.Roles = append(n.Roles, aid.RequestRole{Name: fmt.Sprintf("role %d", i), Skills: []aid.Skill{"cooking"}, Courses: []aid.CourseID{"basics"}, People: p})
	}
	return n
}

// words are so many different ids.
func words[T ~string](n int) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = T(fmt.Sprintf("w%d", i))
	}
	return out
}

func TestNeedValidate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*aid.Need)
		want   []string
	}{
		"sound":                 {func(*aid.Need) {}, nil},
		"minimum left out":      {func(n *aid.Need) { n.MinPeople = 0 }, nil},
		"minimum is all":        {func(n *aid.Need) { n.MinPeople = 3 }, nil},
		"has begun already":     {func(n *aid.Need) { n.Window = hours(-2, 1) }, nil},
		"most people":           {func(n *aid.Need) { n.Roles[0].People = aid.MaxPeople - 1 }, nil},
		"no beneficiary":        {func(n *aid.Need) { n.Beneficiary = "" }, []string{"beneficiary_id"}},
		"swapped place":         {func(n *aid.Need) { n.Location = aid.Point{Lat: 126.5, Lng: 45.8} }, []string{"location.lat"}},
		"place out of range":    {func(n *aid.Need) { n.Location = aid.Point{Lat: -91, Lng: 200} }, []string{"location.lat", "location.lng"}},
		"no category":           {func(n *aid.Need) { n.Category = "" }, []string{"category"}},
		"no roles":              {func(n *aid.Need) { n.Roles = nil }, []string{"roles"}},
		"no roles, but minimum": {func(n *aid.Need) { n.Roles, n.MinPeople = nil, 2 }, []string{"roles", "min_people"}},
		"too many roles": {func(n *aid.Need) {
			for len(n.Roles) <= aid.MaxRoles {
				n.Roles = append(n.Roles, n.Roles[1])
			}
		}, []string{"roles"}},
		"a skill twice":                 {func(n *aid.Need) { n.Roles[1].Skills = []aid.Skill{"a", "b", "a"} }, []string{"roles[1].skills[2]"}},
		"a course twice":                {func(n *aid.Need) { n.Roles[0].Courses = []aid.CourseID{"a", "a"} }, []string{"roles[0].courses[1]"}},
		"more skills than anybody has":  {func(n *aid.Need) { n.Roles[0].Skills = words[aid.Skill](aid.MaxSkills + 1) }, []string{"roles[0].skills"}},
		"more courses than anybody has": {func(n *aid.Need) { n.Roles[0].Courses = words[aid.CourseID](aid.MaxSkills + 1) }, []string{"roles[0].courses"}},
		"most skills and courses": {func(n *aid.Need) {
			n.Roles[0].Skills, n.Roles[0].Courses = words[aid.Skill](aid.MaxSkills), words[aid.CourseID](aid.MaxSkills)
		}, nil},
		"a window in another age": {func(n *aid.Need) {
			at := time.Date(aid.LastYear, 12, 31, 23, 59, 59, 0, time.UTC)
			n.Window = aid.Window{StartsAt: at, EndsAt: at.Add(time.Hour)}
		}, []string{"window.ends_at"}},
		"nameless role":      {func(n *aid.Need) { n.Roles[1].Name = "" }, []string{"roles[1].name"}},
		"long role name":     {func(n *aid.Need) { n.Roles[1].Name = strings.Repeat("a", 101) }, []string{"roles[1].name"}},
		"role name with NUL": {func(n *aid.Need) { n.Roles[1].Name = "\x00" }, []string{"roles[1].name"}},
		"zero people":        {func(n *aid.Need) { n.Roles[1].People = 0 }, []string{"roles[1].people"}},
		"negative people":    {func(n *aid.Need) { n.Roles[0].People = -2; n.MinPeople = 0 }, []string{"roles[0].people"}},
		"too many people":    {func(n *aid.Need) { n.Roles[0].People = aid.MaxPeople }, []string{"roles"}},
		"people that overflow": {
			func(n *aid.Need) { n.Roles[0].People, n.Roles[1].People = math.MaxInt, math.MaxInt },
			[]string{"roles[0].people", "roles[1].people"},
		},
		"malformed skill":     {func(n *aid.Need) { n.Roles[0].Skills = []aid.Skill{"ok", "a b"} }, []string{"roles[0].skills[1]"}},
		"malformed course":    {func(n *aid.Need) { n.Roles[1].Courses = []aid.CourseID{""} }, []string{"roles[1].courses[0]"}},
		"minimum above":       {func(n *aid.Need) { n.MinPeople = 4 }, []string{"min_people"}},
		"negative minimum":    {func(n *aid.Need) { n.MinPeople = -1 }, []string{"min_people"}},
		"no urgency":          {func(n *aid.Need) { n.Urgency = "" }, []string{"urgency"}},
		"unknown urgency":     {func(n *aid.Need) { n.Urgency = "Urgent" }, []string{"urgency"}},
		"end before start":    {func(n *aid.Need) { n.Window = hours(3, 1) }, []string{"window.ends_at"}},
		"no window":           {func(n *aid.Need) { n.Window = aid.Window{} }, []string{"window.starts_at", "window.ends_at"}},
		"over already":        {func(n *aid.Need) { n.Window = hours(-2, 0) }, []string{"window.ends_at"}},
		"long notes":          {func(n *aid.Need) { n.Notes = strings.Repeat("a", aid.MaxNotes+1) }, []string{"notes"}},
		"notes with NUL":      {func(n *aid.Need) { n.Notes = "a\x00" }, []string{"notes"}},
		"notes in no UTF-8":   {func(n *aid.Need) { n.Notes = "\xff" }, []string{"notes"}},
		"everything left out": {func(n *aid.Need) { *n = aid.Need{} }, []string{"beneficiary_id", "category", "roles", "urgency", "window.starts_at", "window.ends_at"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := need(2, 1)
			test.change(&n)
			require.Equal(t, test.want, fields(t, n.Validate(noon)))
		})
	}
}

func TestOpenRequest(t *testing.T) {
	t.Parallel()
	area := aid.Area{ID: "hlj.harbin", Path: "/hlj/hlj.harbin/"}
	n := need(2, 1)
	n.MinPeople = 0
	r, err := aid.OpenRequest("r-1", n, "a-1", area, 42, noon)
	require.NoError(t, err)
	require.Equal(t, aid.RequestOpen, r.Status)
	require.Equal(t, 1, r.MinPeople, "left out, the quorum is one")
	require.Equal(t, 3, r.People())
	require.Equal(t, area.ID, r.Area)
	require.Equal(t, area.Path, r.AreaPath)
	require.Equal(t, aid.Cell(42), r.Cell)
	require.Equal(t, noon, r.OpenedAt)
	require.NoError(t, r.Check())
	require.Equal(t, []aid.Event{{Kind: aid.EventRequestOpened, At: noon, Request: "r-1", Actor: "a-1"}}, r.TakeEvents())
	require.Empty(t, r.TakeEvents(), "events are handed over once")

	n.Urgency = "never"
	r, err = aid.OpenRequest("r-2", n, "a-1", area, 42, noon)
	require.Nil(t, r)
	require.Equal(t, []string{"urgency"}, fields(t, err))
}

func TestVacancies(t *testing.T) {
	t.Parallel()
	offers := func(role int, statuses ...aid.OfferStatus) (out []aid.Offer) {
		for _, s := range statuses {
			out = append(out, aid.Offer{Role: role, Status: s})
		}
		return out
	}
	holding := func(role int, statuses ...aid.PairingStatus) (out []aid.Pairing) {
		for i, s := range statuses {
			out = append(out, aid.Pairing{Role: role, Seat: i, Status: s})
		}
		return out
	}
	const pending = aid.OfferPending
	for name, test := range map[string]struct {
		people   []int
		status   aid.RequestStatus
		over     bool
		offers   []aid.Offer
		pairings []aid.Pairing
		asks     int
		want     []aid.Vacancy
	}{
		"fresh":                  {people: []int{2}, asks: 1, want: []aid.Vacancy{{Role: 0, Seats: 2}}},
		"fresh, three asked":     {people: []int{2}, asks: 3, want: []aid.Vacancy{{Role: 0, Seats: 2, Standby: 4}}},
		"two roles":              {people: []int{1, 2}, asks: 2, want: []aid.Vacancy{{Role: 0, Seats: 1, Standby: 1}, {Role: 1, Seats: 2, Standby: 2}}},
		"one being asked":        {people: []int{2}, asks: 1, offers: offers(0, pending), want: []aid.Vacancy{{Role: 0, Seats: 1}}},
		"one of six being asked": {people: []int{2}, asks: 3, offers: offers(0, pending), want: []aid.Vacancy{{Role: 0, Seats: 1, Standby: 4}}},
		"asked for each seat":    {people: []int{2}, asks: 3, offers: offers(0, pending, pending), want: []aid.Vacancy{{Role: 0, Standby: 4}}},
		"all asked":              {people: []int{1}, asks: 3, offers: offers(0, pending, pending, pending)},
		"more asked than wanted": {people: []int{1}, asks: 1, offers: offers(0, pending, pending)},
		"answered offers":        {people: []int{1}, asks: 1, offers: offers(0, aid.OfferDeclined, aid.OfferExpired, aid.OfferRevoked), want: []aid.Vacancy{{Role: 0, Seats: 1}}},
		"offer of other role":    {people: []int{1, 1}, asks: 1, offers: offers(1, pending), want: []aid.Vacancy{{Role: 0, Seats: 1}}},
		"seat held": {
			people: []int{2}, status: aid.RequestPaired, asks: 3, pairings: holding(0, aid.PairingConfirmed),
			want: []aid.Vacancy{{Role: 0, Seats: 1, Standby: 2}},
		},
		"seat left":     {people: []int{1}, asks: 1, pairings: holding(0, aid.PairingWithdrawn), want: []aid.Vacancy{{Role: 0, Seats: 1}}},
		"all held":      {people: []int{1}, status: aid.RequestPaired, asks: 3, pairings: holding(0, aid.PairingConfirmed)},
		"search over":   {people: []int{2}, status: aid.RequestPaired, asks: 3, over: true, pairings: holding(0, aid.PairingConfirmed)},
		"in service":    {people: []int{2}, status: aid.RequestInService, asks: 1},
		"cancelled":     {people: []int{2}, status: aid.RequestCancelled, asks: 1},
		"nobody asked?": {people: []int{2}, asks: 0, want: []aid.Vacancy{{Role: 0, Seats: 2}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &aid.HelpRequest{Need: need(test.people...), Status: test.status, SearchOver: test.over, Offers: test.offers, Pairings: test.pairings}
			if r.Status == "" {
				r.Status = aid.RequestOpen
			}
			require.Equal(t, test.want, r.Vacancies(test.asks))
		})
	}
}

// TestVacanciesNeverAskTooMany: whoever fills every vacancy has asked, for each
// open seat, as many as the policy says and no more.
func TestVacanciesNeverAskTooMany(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		people, asks := rapid.IntRange(1, 8).Draw(t, "people"), rapid.IntRange(1, 4).Draw(t, "asks")
		held, pending := rapid.IntRange(0, people).Draw(t, "held"), rapid.IntRange(0, 20).Draw(t, "pending")
		r := &aid.HelpRequest{Need: need(people), Status: aid.RequestOffered}
		for seat := range held {
			r.Pairings = append(r.Pairings, aid.Pairing{Seat: seat, Status: aid.PairingForming})
		}
		for range pending {
			r.Offers = append(r.Offers, aid.Offer{Status: aid.OfferPending})
		}
		asked := pending
		for _, v := range r.Vacancies(asks) {
			require.Positive(t, v.Seats+v.Standby)
			require.Equal(t, max(0, people-held-pending), v.Seats)
			asked += v.Seats + v.Standby
		}
		require.Equal(t, max(pending, (people-held)*asks), asked)
	})
}

func TestCheckFindsWhatIsBroken(t *testing.T) {
	t.Parallel()
	pairing := func(id aid.PairingID, v aid.VolunteerID, role, seat int, s aid.PairingStatus) aid.Pairing {
		return aid.Pairing{ID: id, Volunteer: v, Role: role, Seat: seat, Status: s}
	}
	offer := func(v aid.VolunteerID) aid.Offer { return aid.Offer{Volunteer: v, Status: aid.OfferPending} }
	for name, test := range map[string]struct {
		status   aid.RequestStatus
		min      int
		offers   []aid.Offer
		pairings []aid.Pairing
		want     string
	}{
		"seat held twice":       {aid.RequestPaired, 1, nil, []aid.Pairing{pairing("p", "v", 0, 0, aid.PairingConfirmed), pairing("q", "w", 0, 0, aid.PairingConfirmed)}, "hold one seat"},
		"volunteer bound twice": {aid.RequestPaired, 1, []aid.Offer{offer("v")}, []aid.Pairing{pairing("p", "v", 0, 0, aid.PairingConfirmed)}, "binds volunteer v twice"},
		"asked twice":           {aid.RequestOffered, 1, []aid.Offer{offer("v"), offer("v")}, nil, "binds volunteer v twice"},
		"seat that is not":      {aid.RequestPaired, 1, nil, []aid.Pairing{pairing("p", "v", 0, 2, aid.PairingConfirmed)}, "does not have"},
		"role that is not":      {aid.RequestPaired, 1, nil, []aid.Pairing{pairing("p", "v", 7, 0, aid.PairingConfirmed)}, "does not have"},
		"confirmed too early":   {aid.RequestOpen, 2, nil, []aid.Pairing{pairing("p", "v", 0, 0, aid.PairingConfirmed)}, "should be forming"},
		"confirmed too late":    {aid.RequestPaired, 1, nil, []aid.Pairing{pairing("p", "v", 0, 0, aid.PairingForming)}, "should be confirmed"},
		"open with a quorum":    {aid.RequestOpen, 1, nil, []aid.Pairing{pairing("p", "v", 0, 0, aid.PairingConfirmed)}, "is open"},
		"open with an offer":    {aid.RequestOpen, 1, []aid.Offer{offer("v")}, nil, "1 offers pending"},
		"offered with none":     {aid.RequestOffered, 1, nil, nil, "0 offers pending"},
		"paired with nobody":    {aid.RequestPaired, 1, nil, nil, "is paired with 0"},
		"asking while serving":  {aid.RequestInService, 1, []aid.Offer{offer("w")}, []aid.Pairing{pairing("p", "v", 0, 0, aid.PairingConfirmed)}, "1 offers pending"},
		"ended with an offer":   {aid.RequestUnfilled, 1, []aid.Offer{offer("v")}, nil, "has 0 pairings and 1 offers"},
		"ended with a pairing":  {aid.RequestCancelled, 1, nil, []aid.Pairing{pairing("p", "v", 0, 0, aid.PairingConfirmed)}, "has 1 pairings and 0 offers"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &aid.HelpRequest{ID: "r", Need: need(2), Status: test.status, Offers: test.offers, Pairings: test.pairings}
			r.MinPeople = test.min
			require.ErrorContains(t, r.Check(), test.want)
		})
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	p := aid.DefaultSearchPolicy()
	for urgency, want := range map[aid.Urgency]time.Duration{aid.Urgent: 15 * time.Minute, aid.Soon: 4 * time.Hour, aid.Routine: 24 * time.Hour} {
		r := &aid.HelpRequest{Need: need(1)}
		r.Urgency, r.Window = urgency, hours(0, 100)
		require.Equal(t, noon.Add(want), p.Deadline(r, noon), "%s", urgency)
		r.Window = hours(0, 0.1)
		require.Equal(t, r.Window.EndsAt, p.Deadline(r, noon), "%s: never after the window", urgency)
	}
}
