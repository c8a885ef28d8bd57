package postgres_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/embedded/embeddedtest"
	"github.com/linli/linli/postgres"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

// world is a migrated database of the test's own with one area, a few records
// and a store on it.
type world struct {
	*postgres.Store
	t   testing.TB
	url string
	now time.Time // of the database, when the world was made
}

var (
	province = aid.Area{ID: "hlj", Path: "/hlj/", Level: aid.LevelProvince, NameZh: "黑龙江省", NameEn: "Heilongjiang"}
	harbin   = aid.Area{ID: "hlj.harbin", Parent: "hlj", Path: "/hlj/hlj.harbin/", Level: aid.LevelPrefecture, NameZh: "哈尔滨市", NameEn: "Harbin"}
	// Its id differs from harbin's in one place where a pattern would have "_".
	harbin_ = aid.Area{ID: "hlj_harbin", Parent: "hlj", Path: "/hlj/hlj_harbin/", Level: aid.LevelPrefecture, NameZh: "另一地", NameEn: "Elsewhere"}
	home    = aid.Point{Lat: 45.75, Lng: 126.65}
)

const shard aid.Cell = 0x8231effffffffff

func newWorld(t testing.TB) *world {
	t.Helper()
	url := embeddedtest.Database(t, postgres.Migrate, postgres.MigrationsDigest())
	store, err := postgres.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	w := &world{Store: store, t: t, url: url}
	for _, a := range []aid.Area{province, harbin, harbin_} {
		require.NoError(t, store.AddArea(t.Context(), a))
	}
	require.NoError(t, store.AddSkills(t.Context(), []aid.Named{{ID: "first_aid"}, {ID: "driving"}}))
	require.NoError(t, store.AddCourses(t.Context(), []aid.Named{{ID: "basics"}, {ID: "care"}}))
	require.NoError(t, store.AddBeneficiary(t.Context(), aid.Beneficiary{ID: "b1", Name: "王", Area: harbin.ID, Home: home, Cell: 7}))
	require.NoError(t, store.AddAccount(t.Context(), aid.Account{ID: "c1", Role: aid.RoleCaseworker, Name: "李"}, []aid.AreaID{harbin.ID}))
	w.now, err = store.Now(t.Context())
	require.NoError(t, err)
	return w
}

// volunteer registers somebody who can take some tasks at one time.
func (w *world) volunteer(id aid.VolunteerID, capacity int) aid.Volunteer {
	w.t.Helper()
	v := aid.Volunteer{
		ID: id, Name: "张", Phone: "123", Area: harbin.ID, Home: home, Cell: 7, Skills: []aid.Skill{"first_aid"},
		Capacity: capacity, MaxDistance: 5000, Active: true,
	}
	require.NoError(w.t, w.AddVolunteer(w.t.Context(), v))
	v.AreaPath = harbin.Path
	return v
}

// volunteers registers n people of capacity one and gives their ids.
func (w *world) volunteers(n int) []aid.VolunteerID {
	w.t.Helper()
	ids := make([]aid.VolunteerID, n)
	for i := range ids {
		ids[i] = aid.VolunteerID(fmt.Sprintf("v%03d", i))
		w.volunteer(ids[i], 1)
	}
	return ids
}

// need asks for people for one hour, some hours from now.
func (w *world) need(people, inHours int) aid.Need {
	from := w.now.Add(time.Duration(inHours) * time.Hour)
	return aid.Need{
		Beneficiary: "b1", Location: home, Category: "visit", MinPeople: 1, Urgency: aid.Soon,
		Roles:  []aid.RequestRole{{Name: "helper", Skills: []aid.Skill{"first_aid"}, Courses: []aid.CourseID{}, People: people}},
		Window: aid.Window{StartsAt: from, EndsAt: from.Add(time.Hour)},
	}
}

// request opens a help request.
func (w *world) request(id aid.RequestID, n aid.Need) *aid.HelpRequest {
	w.t.Helper()
	r, err := aid.OpenRequest(id, n, "c1", harbin, 7, w.now)
	require.NoError(w.t, err)
	require.NoError(w.t, w.OpenRequest(w.t.Context(), r, shard))
	return r
}

// picks chooses volunteers for the first role of a request.
func picks(request aid.RequestID, volunteers ...aid.VolunteerID) []aid.Pick {
	out := make([]aid.Pick, len(volunteers))
	for i, v := range volunteers {
		out[i] = aid.Pick{Offer: offerID(request, v), Volunteer: v, Cost: aid.Cost{Distance: 120, SpareSkills: 250}}
	}
	return out
}

func offerID(request aid.RequestID, v aid.VolunteerID) aid.OfferID {
	return aid.OfferID(fmt.Sprintf("o-%s-%s", request, v))
}

// asking asks several people at once for every seat, and everybody as often as
// there is something to ask.
func asking(perSeat int) aid.SearchPolicy {
	p := aid.DefaultSearchPolicy()
	p.Limits, p.Certainty = aid.OfferLimits{Pending: 1000, Weekly: 1000}, nil
	p.AsksPerSeat = map[aid.Urgency]int{aid.Routine: perSeat, aid.Soon: perSeat, aid.Urgent: perSeat}
	return p
}

func (w *world) ask(request aid.RequestID, perSeat int, volunteers ...aid.VolunteerID) {
	w.t.Helper()
	made, refused, err := w.MakeOffers(w.t.Context(), "round-1", request, picks(request, volunteers...), asking(perSeat))
	require.NoError(w.t, err)
	require.Empty(w.t, refused)
	require.Len(w.t, made, len(volunteers))
}

func (w *world) accept(ctx context.Context, request aid.RequestID, v aid.VolunteerID) error {
	id := offerID(request, v)
	_, err := w.Change(ctx, request, func(r *aid.HelpRequest, now time.Time) error {
		_, err := r.Accept(id, v, aid.PairingID("p-"+id), "", now)
		return err
	})
	return err
}

// read gives the request as the database has it.
func (w *world) read(id aid.RequestID) *aid.HelpRequest {
	w.t.Helper()
	r, err := w.Request(w.t.Context(), id)
	require.NoError(w.t, err)
	return r
}

// sound requires that no invariant is broken.
func (w *world) sound() {
	w.t.Helper()
	found, err := w.Findings(w.t.Context())
	require.NoError(w.t, err)
	require.Empty(w.t, found)
}

// connect opens a connection beside the store's.
func (w *world) connect() *pgx.Conn {
	w.t.Helper()
	conn, err := pgx.Connect(w.t.Context(), w.url)
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// sql runs a statement beside the store and gives its error.
func (w *world) sql(statement string, args ...any) error {
	w.t.Helper()
	conn := w.connect()
	defer conn.Close(w.t.Context())
	_, err := conn.Exec(w.t.Context(), statement, args...)
	return err
}

// count runs a query for one number beside the store.
func (w *world) count(query string, args ...any) int {
	w.t.Helper()
	conn := w.connect()
	defer conn.Close(w.t.Context())
	var n int
	require.NoError(w.t, conn.QueryRow(w.t.Context(), query, args...).Scan(&n))
	return n
}

// eventually polls until what happens concurrently has happened.
func eventually(t testing.TB, what string, happened func() bool) {
	t.Helper()
	const within = 2 * time.Minute // longer than any transaction of the tests beside: the feed waits for all of them
	deadline := time.Now().Add(within)
	for !happened() {
		if time.Now().After(deadline) {
			t.Fatalf("in %s it did not happen that %s", within, what)
		}
		<-time.After(5 * time.Millisecond)
	}
}

// endSearch ends the search for people at once: nobody is left, however far.
func (w *world) endSearch(id aid.RequestID, unmet aid.ReasonCounts) error {
	r, err := w.Request(w.t.Context(), id)
	if err != nil {
		return err
	}
	_, err = w.NobodyLeft(w.t.Context(), id, r.Reach, unmet, aid.SearchPolicy{})
	return err
}
