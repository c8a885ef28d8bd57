package aid

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// eventKinds reads the kinds of events where they are declared, since nothing
// else lists them.
func eventKinds(t *testing.T) []EventKind {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "event.go", nil, 0)
	require.NoError(t, err)
	var kinds []EventKind
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); ok && name.Name == "EventKind" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			kinds = append(kinds, EventKind(text))
		}
		return true
	})
	require.NotEmpty(t, kinds)
	return kinds
}

func TestEveryEventSaysWhoIsTold(t *testing.T) {
	t.Parallel()
	kinds := eventKinds(t)
	for _, k := range kinds {
		require.Contains(t, noticeRules, k, "give %s a row in noticeRules, an empty one if nobody is told", k)
	}
	require.Len(t, noticeRules, len(kinds))
	told := map[NoticeKind]bool{}
	for _, rules := range noticeRules {
		for _, rule := range rules {
			require.Contains(t, NoticeKinds, rule.kind)
			told[rule.kind] = true
		}
	}
	for _, k := range requestNotices {
		require.True(t, told[k], "nothing tells %s", k)
	}
}

// hearing is who was told what in one change, in short.
type hearing struct {
	Kind         NoticeKind
	Urgent       bool
	Volunteers   []VolunteerID
	Opener       bool
	Coordinators bool
}

// heard makes a change and gives what it tells.
func heard(r *HelpRequest, change func()) []hearing {
	change()
	var out []hearing
	for _, tellings := range r.Tellings(r.TakeEvents()) {
		for _, told := range tellings {
			out = append(out, hearing{told.Kind, told.Urgent, told.Volunteers, told.Account == r.OpenedBy, told.Coordinators})
		}
	}
	return out
}

// The life of a crew of two out of three, far ahead of its window.
func TestWhoHearsOfWhat(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	r := opened(t, at, 48*time.Hour)
	must := func(err error) { require.NoError(t, err) }
	accept := func(v VolunteerID) func() {
		return func() {
			_, err := r.Accept(OfferID("o-"+v), v, PairingID("p-"+v), VolunteerAccount(v), at)
			must(err)
		}
	}
	steps := []struct {
		what string
		do   func()
		want []hearing
	}{
		{"opened", func() {}, nil},
		{"offers", func() {
			r.MakeOffers("round", []Pick{{Offer: "o-a", Volunteer: "a"}, {Offer: "o-b", Volunteer: "b"}, {Offer: "o-c", Volunteer: "c"}, {Offer: "o-d", Volunteer: "d"}}, askFour(), at)
		}, []hearing{
			{Kind: NoticeOfferMade, Volunteers: []VolunteerID{"a"}},
			{Kind: NoticeOfferMade, Volunteers: []VolunteerID{"b"}},
			{Kind: NoticeOfferMade, Volunteers: []VolunteerID{"c"}},
			{Kind: NoticeOfferMade, Volunteers: []VolunteerID{"d"}},
		}},
		{"first accepts", accept("a"), []hearing{{Kind: NoticeSeatHeld, Volunteers: []VolunteerID{"a"}}}},
		{"quorum", accept("b"), []hearing{
			{Kind: NoticePairingConfirmed, Volunteers: []VolunteerID{"b"}},
			{Kind: NoticePairingConfirmed, Volunteers: []VolunteerID{"a"}},
			{Kind: NoticeRequestPaired, Opener: true},
		}},
		{"one leaves", func() { must(r.Withdraw("p-b", "busy", VolunteerAccount("b"), at)) }, []hearing{
			{Kind: NoticeSeatVacant, Opener: true},
			{Kind: NoticePairingWaiting, Volunteers: []VolunteerID{"a"}},
			{Kind: NoticeRequestReopened, Opener: true},
		}},
		{"third accepts", accept("c"), []hearing{
			{Kind: NoticePairingConfirmed, Volunteers: []VolunteerID{"c"}},
			{Kind: NoticePairingConfirmed, Volunteers: []VolunteerID{"a"}},
			{Kind: NoticeRequestPaired, Opener: true},
		}},
		{"last seat", accept("d"), []hearing{{Kind: NoticePairingConfirmed, Volunteers: []VolunteerID{"d"}}}},
		{"called off by the opener", func() { must(r.Cancel("mistake", r.OpenedBy, at)) }, []hearing{
			{Kind: NoticePairingCancelled, Volunteers: []VolunteerID{"a", "c", "d"}},
		}},
	}
	for _, s := range steps {
		require.Empty(t, cmp.Diff(s.want, heard(r, s.do)), s.what)
	}
}

func TestNobodyFoundCallsOnTheCoordinators(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	r := opened(t, at, 48*time.Hour)
	r.Urgency = Urgent
	r.TakeEvents()
	r.MakeOffers("round", []Pick{{Offer: "o-a", Volunteer: "a"}}, askFour(), at)
	_, err := r.Accept("o-a", "a", "p-a", "", at)
	require.NoError(t, err)
	r.TakeEvents()
	require.Empty(t, cmp.Diff([]hearing{
		{Kind: NoticePairingReleased, Volunteers: []VolunteerID{"a"}},
		{Kind: NoticeRequestUnfilled, Urgent: true, Opener: true, Coordinators: true},
	}, heard(r, func() { r.EndSearch(ReasonCounts{TooFar: 3}, at) })))
}

func TestWhoHadLeftBeforeHearsNoMore(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	r := opened(t, at, 48*time.Hour)
	r.TakeEvents()
	r.Pairings = []Pairing{
		{ID: "p-a", Volunteer: "a", Status: PairingCancelled, EndedAt: at.Add(-time.Hour)},
		{ID: "p-b", Volunteer: "b", Status: PairingForming},
	}
	require.Empty(t, cmp.Diff([]hearing{{Kind: NoticePairingCancelled, Volunteers: []VolunteerID{"b"}}},
		heard(r, func() { require.NoError(t, r.Cancel("", r.OpenedBy, at)) })))
}

func TestAMissedVisitIsTold(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	r := opened(t, at, time.Hour)
	r.TakeEvents()
	r.Status, r.MinPeople = RequestInService, 1
	r.Pairings = []Pairing{{ID: "p-a", Volunteer: "a", Status: PairingConfirmed}, {ID: "p-b", Volunteer: "b", Status: PairingConfirmed}}
	r.Visits = []Visit{{ID: "vis-a", Pairing: "p-a", Volunteer: "a", Status: VisitMissed}, {ID: "vis-b", Pairing: "p-b", Volunteer: "b", Status: VisitDone}}
	missed := r.Tellings([]Event{{Kind: EventVisitMissed, At: at, Volunteer: "a"}})[0]
	require.Len(t, missed, 2)
	require.Equal(t, []VolunteerID{"a"}, missed[0].Volunteers)
	require.True(t, missed[0].Urgent)
	require.Equal(t, r.OpenedBy, missed[1].Account)
	require.Empty(t, cmp.Diff([]hearing{
		{Kind: NoticePairingCompleted, Volunteers: []VolunteerID{"b"}},
		{Kind: NoticeRequestCompleted, Opener: true},
	}, heard(r, func() { require.NoError(t, r.Complete("", at.Add(time.Hour))) })), "nobody is thanked for what they missed")
}

func TestOffersThatEndSayWhy(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	for what, c := range map[string]struct {
		end  func(r *HelpRequest)
		want NoticeKind
	}{
		"the seats are taken": {func(r *HelpRequest) {
			for _, v := range []VolunteerID{"a", "b", "c"} {
				_, err := r.Accept(OfferID("o-"+v), v, PairingID("p-"+v), "", at)
				require.NoError(t, err)
			}
		}, NoticeOfferFilled},
		"the request is called off": {func(r *HelpRequest) { require.NoError(t, r.Cancel("", r.OpenedBy, at)) }, NoticeOfferEnded},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			r := opened(t, at, 48*time.Hour)
			r.MakeOffers("round", []Pick{{Offer: "o-a", Volunteer: "a"}, {Offer: "o-b", Volunteer: "b"}, {Offer: "o-c", Volunteer: "c"}, {Offer: "o-d", Volunteer: "d"}}, askFour(), at)
			r.TakeEvents()
			var got []NoticeKind
			for _, h := range heard(r, func() { c.end(r) }) {
				if cmp.Equal(h.Volunteers, []VolunteerID{"d"}) {
					got = append(got, h.Kind)
				}
			}
			require.Equal(t, []NoticeKind{c.want}, got)
		})
	}
}

func TestWhatCannotWaitBreaksIntoQuietHours(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		starts time.Duration
		want   bool
	}{{11 * time.Hour, true}, {12 * time.Hour, false}, {-time.Hour, true}} {
		r := opened(t, at, c.starts)
		r.MakeOffers("round", []Pick{{Offer: "o-a", Volunteer: "a"}}, askFour(), at)
		_, err := r.Accept("o-a", "a", "p-a", "", at)
		require.NoError(t, err)
		r.TakeEvents()
		got := heard(r, func() { require.NoError(t, r.Cancel("", r.OpenedBy, at)) })
		require.Equal(t, c.want, got[0].Urgent, "it starts in %s", c.starts)
	}
	r := opened(t, at, 48*time.Hour)
	r.Urgency = Urgent
	r.TakeEvents()
	got := heard(r, func() { r.MakeOffers("round", []Pick{{Offer: "o-a", Volunteer: "a"}}, askFour(), at) })
	require.True(t, got[0].Urgent)
}

func TestANoticeOfAnOfferIsOverWithTheOffer(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	r := opened(t, at, 48*time.Hour)
	r.TakeEvents()
	made := r.MakeOffers("round", []Pick{{Offer: "o-a", Volunteer: "a"}, {Offer: "o-b", Volunteer: "b"}}, askFour(), at)
	for i, tellings := range r.Tellings(r.TakeEvents()) {
		require.Equal(t, made[i].ExpiresAt, tellings[0].Until)
	}
	_, err := r.Accept("o-a", "a", "p-a", "", at)
	require.NoError(t, err)
	require.Equal(t, at.Add(NoticeLife), r.Tellings(r.TakeEvents())[0][0].Until)
}

// opened is a request for three people, of whom two must come.
func opened(t *testing.T, at time.Time, starts time.Duration) *HelpRequest {
	t.Helper()
	r, err := OpenRequest("r", Need{
		Beneficiary: "b", Location: Point{Lat: 45, Lng: 126}, Category: "visit", MinPeople: 2, Urgency: Routine,
		Roles:  []RequestRole{{Name: "helper", People: 3}},
		Window: Window{StartsAt: at.Add(starts), EndsAt: at.Add(starts + 2*time.Hour)},
	}, "opener", Area{ID: "hlj", Path: "/hlj/"}, 1, at)
	require.NoError(t, err)
	r.Vetted = map[VolunteerID]Vetted{"a": {Active: true}, "b": {Active: true}, "c": {Active: true}, "d": {Active: true}}
	return r
}

func askFour() SearchPolicy {
	p := DefaultSearchPolicy()
	p.AsksPerSeat = map[Urgency]int{Routine: 4, Soon: 4, Urgent: 4}
	return p
}

func TestPathsAbove(t *testing.T) {
	t.Parallel()
	require.Equal(t, []AreaPath{"/hlj/hlj.harbin/", "/hlj/"}, AreaPath("/hlj/hlj.harbin/").Above())
	require.Empty(t, AreaPath("").Above())
	require.Empty(t, AreaPath("/").Above())
}

func TestAClockHangsSomewhere(t *testing.T) {
	t.Parallel()
	for zone, want := range map[string]string{"": DefaultZone, "Nowhere/Else": DefaultZone, "Local": DefaultZone, "Europe/Paris": "Europe/Paris", "UTC": "UTC"} {
		require.Equal(t, want, Contact{Zone: zone}.Clock().String(), "%q", zone)
	}
}
