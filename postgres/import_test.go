package postgres_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
)

// file gives values as the rows 2, 3, … of a file, and then an error if any.
func file[T any](broken error, values ...T) postgres.Rows[T] {
	return func(yield func(postgres.Numbered[T], error) bool) {
		for i, v := range values {
			if !yield(postgres.Numbered[T]{Row: i + 2, Value: v}, nil) {
				return
			}
		}
		if broken != nil {
			yield(postgres.Numbered[T]{}, broken)
		}
	}
}

// rejects remembers which row was refused for which field.
type rejects map[int]string

func (r rejects) watch(t *testing.T) postgres.ImportWatch {
	return postgres.ImportWatch{Rejected: func(row int, reason error) error {
		e := new(aid.Error)
		require.ErrorAs(t, reason, &e)
		require.NotEmpty(t, e.Problems)
		require.NotContains(t, r, row, "a row is refused once")
		r[row] = e.Problems[0].Field
		return nil
	}}
}

func fileVolunteer(id aid.VolunteerID) aid.Volunteer {
	return aid.Volunteer{
		ID: id, Home: home, Cell: 7, Skills: []aid.Skill{"driving", "first_aid"}, Capacity: 2, MaxDistance: 4000,
		Courses:      []aid.CourseHeld{{Course: "basics"}, {Course: "care", Until: aid.Date{Year: 2030, Month: 2, Day: 28}}},
		Availability: aid.Availability{Until: time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)},
	}
}

func TestVolunteersAreImported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := fileVolunteer("a"), fileVolunteer("b")
	b.Courses, b.Skills = nil, nil
	var progress []int
	count, err := w.ImportVolunteers(t.Context(), harbin.ID, file(nil, a, b), postgres.ImportWatch{Progress: func(n int) { progress = append(progress, n) }})
	require.NoError(t, err)
	require.Equal(t, postgres.ImportCount{Added: 2}, count)
	require.Equal(t, []int{2}, progress)
	stored, err := w.Volunteer(t.Context(), "a")
	require.NoError(t, err)
	a.Name, a.Area, a.AreaPath, a.Active = "a", harbin.ID, harbin.Path, true
	require.Empty(t, cmp.Diff(a, stored, asWritten))

	mark := w.follow(map[aid.VolunteerID]aid.Candidate{}, 0)
	count, err = w.ImportVolunteers(t.Context(), harbin.ID, file(nil, fileVolunteer("a"), b), postgres.ImportWatch{})
	require.NoError(t, err)
	require.Equal(t, postgres.ImportCount{Unchanged: 2}, count, "the same file again changes nothing")
	eventually(t, "the feed is empty", func() bool {
		changed := map[aid.VolunteerID]aid.Candidate{}
		mark = w.follow(changed, mark)
		return len(changed) == 0
	})

	stored.Name, stored.Phone, stored.Active = "张", "123", false
	require.NoError(t, w.UpdateVolunteer(t.Context(), stored))
	moved, trained := fileVolunteer("a"), b
	moved.Home.Lat = 46
	moved.Courses = moved.Courses[:1]
	trained.Courses = []aid.CourseHeld{{Course: "care"}}
	count, err = w.ImportVolunteers(t.Context(), harbin.ID, file(nil, moved, trained, fileVolunteer("c")), postgres.ImportWatch{})
	require.NoError(t, err)
	require.Equal(t, postgres.ImportCount{Added: 1, Changed: 2}, count)
	stored.Home.Lat = 46
	again, err := w.Volunteer(t.Context(), "a")
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(stored, again, asWritten), "name, phone, courses the file does not speak of, and rest stay")
	other, err := w.Volunteer(t.Context(), "b")
	require.NoError(t, err)
	require.Equal(t, trained.Courses, other.Courses)
}

func TestBadRowsOfVolunteersAreLeftOutWithTheirReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("bound", 2)
	for i, id := range []aid.RequestID{"r1", "r2"} {
		w.request(id, w.need(1, 3+i))
		w.ask(id, 1, "bound")
	}
	change := func(id aid.VolunteerID, f func(*aid.Volunteer)) aid.Volunteer {
		v := fileVolunteer(id)
		f(&v)
		return v
	}
	got := rejects{}
	count, err := w.ImportVolunteers(t.Context(), harbin.ID, file(nil,
		fileVolunteer("good"),
		change("skill", func(v *aid.Volunteer) { v.Skills = append(v.Skills, "flying", "diving") }),
		change("course", func(v *aid.Volunteer) { v.Courses[0].Course = "magic" }),
		fileVolunteer("good"),
		change("far", func(v *aid.Volunteer) { v.Home = aid.Point{Lat: 126, Lng: 45} }),
		change("bound", func(v *aid.Volunteer) { v.Capacity = 1 }),
		fileVolunteer("/"),
	), got.watch(t))
	require.NoError(t, err)
	require.Equal(t, postgres.ImportCount{Added: 1, Rejected: 6}, count)
	require.Equal(t, rejects{3: "skills", 4: "trained", 5: "id", 6: "home.lat", 7: "capacity", 8: "id"}, got)
	require.Equal(t, 2, w.count("SELECT count(*) FROM volunteers"))
}

// Somebody is bound while the import looks at them: the row is left out, and the
// others are written all the same.
func TestAnImportWaitsForWhoIsBeingBound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 2)
	w.request("r1", w.need(1, 3))
	w.request("r2", w.need(1, 5))
	w.ask("r1", 1, "v")
	binding, err := w.connect().Begin(t.Context())
	require.NoError(t, err)
	_, err = binding.Exec(t.Context(), "INSERT INTO reservations SELECT id, 'v', tstzrange(starts_at, ends_at) FROM help_requests WHERE id = 'r2'")
	require.NoError(t, err)
	less := fileVolunteer("v")
	less.Capacity = 1
	got, watch := rejects{}, w.connect()
	var importing errgroup.Group
	var count postgres.ImportCount
	importing.Go(func() (err error) {
		count, err = w.ImportVolunteers(t.Context(), harbin.ID, file(nil, less, fileVolunteer("new")), got.watch(t))
		return err
	})
	eventually(t, "the import waits", func() bool { return waitsForLock(t, watch) })
	require.NoError(t, binding.Commit(t.Context()))
	require.NoError(t, importing.Wait())
	require.Equal(t, postgres.ImportCount{Added: 1, Rejected: 1}, count)
	require.Equal(t, rejects{2: "capacity"}, got)
}

func TestAnImportThatBreaksOffLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var many []aid.Volunteer
	for i := range 30_000 { // more than is sent at once
		many = append(many, fileVolunteer(aid.VolunteerID(fmt.Sprintf("v%d", i))))
	}
	broken := errors.New("the disk of the file is gone")
	_, err := w.ImportVolunteers(t.Context(), harbin.ID, file(broken, many...), postgres.ImportWatch{})
	require.ErrorIs(t, err, broken)
	require.Zero(t, w.count("SELECT count(*) FROM volunteers"))

	// A file whose merging fails half-way: the last of its rows takes an id that
	// appears only after the checks.
	require.NoError(t, w.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$;
		CREATE TRIGGER refuse BEFORE INSERT ON volunteer_courses FOR EACH STATEMENT EXECUTE FUNCTION refuse()`))
	_, err = w.ImportVolunteers(t.Context(), harbin.ID, file(nil, many...), postgres.ImportWatch{})
	require.Equal(t, aid.Unavailable, aid.KindOf(err))
	require.Zero(t, w.count("SELECT count(*) FROM volunteers"))
	require.NoError(t, w.sql("DROP TRIGGER refuse ON volunteer_courses"))

	var progress []int
	count, err := w.ImportVolunteers(t.Context(), harbin.ID, file(nil, many...), postgres.ImportWatch{Progress: func(n int) { progress = append(progress, n) }})
	require.NoError(t, err, "the connection is fit for the next import")
	require.Equal(t, postgres.ImportCount{Added: 30_000}, count)
	require.Equal(t, []int{20_000, 30_000}, progress)
}

// Whoever watches an import may have seen enough, of rows that are bad by
// themselves or by what is known.
func TestAnImportEndsWhenItsWatcherHasSeenEnough(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	far, flying := fileVolunteer("far"), fileVolunteer("flying")
	far.Home = aid.Point{Lat: 126, Lng: 45}
	flying.Skills = []aid.Skill{"flying"}
	enough := aid.Errorf(aid.Invalid, "seen enough")
	for name, bad := range map[string]aid.Volunteer{"by itself": far, "by what is known": flying} {
		rows := file(nil, fileVolunteer("good"), bad)
		count, err := w.ImportVolunteers(t.Context(), harbin.ID, rows, postgres.ImportWatch{Rejected: func(int, error) error { return enough }})
		require.ErrorIs(t, err, enough, name)
		require.Zero(t, count)
		require.Zero(t, w.count("SELECT count(*) FROM volunteers"), name)
	}
}

func TestImportsRefuseAnAreaThatIsNotKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.ImportVolunteers(t.Context(), "nowhere", file[aid.Volunteer](nil), postgres.ImportWatch{})
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	require.ErrorContains(t, err, "area_id")
}

func TestRequestsAreImported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	row := func(id aid.RequestID) postgres.RequestRow {
		n := w.need(2, 3)
		n.Beneficiary = ""
		return postgres.RequestRow{ID: id, Need: n, Cell: 7, Shard: shard}
	}
	flying, past := row("flying"), row("past")
	flying.Need.Roles[0].Skills = []aid.Skill{"flying"}
	past.Need.Window = aid.Window{StartsAt: w.now.Add(-2 * time.Hour), EndsAt: w.now.Add(-time.Hour)}
	magic := row("magic")
	magic.Need.Roles[0].Courses = []aid.CourseID{"magic"}
	got := rejects{}
	rows := file(nil, row("r1"), row("r2"), flying, past, row("r1"), row("b1"), magic)
	count, err := w.ImportRequests(t.Context(), harbin.ID, "c1", rows, got.watch(t))
	require.NoError(t, err)
	require.Equal(t, postgres.ImportCount{Added: 2, Rejected: 5}, count)
	require.Equal(t, rejects{4: "skills", 5: "window.ends_at", 6: "id", 7: "id", 8: "courses"}, got)

	want, err := aid.OpenRequest("r1", w.need(2, 3), "c1", harbin, 7, w.now)
	require.NoError(t, err)
	want.Beneficiary = "r1"
	stored := w.read("r1")
	want.OpenedAt, want.ReachedAt = stored.OpenedAt, stored.ReachedAt
	require.Empty(t, cmp.Diff(want, stored, asWritten))
	b, err := w.Beneficiary(t.Context(), "r1")
	require.NoError(t, err)
	require.Equal(t, home, b.Home)
	require.Equal(t, "r1", b.Name)
	require.Equal(t, 2, w.count("SELECT count(*) FROM events WHERE kind = 'request_opened' AND actor = 'c1'"))
	require.Equal(t, 1, w.count(`SELECT count(*) FROM outbox WHERE kind = 'start_request' AND key = 'r1'
		AND payload = jsonb_build_object('request', 'r1', 'shard', $1::bigint, 'urgency', 'soon')`, int64(shard)))

	other := row("r1")
	other.Need.Urgency = aid.Urgent
	count, err = w.ImportRequests(t.Context(), harbin.ID, "c1", file(nil, other, row("r3")), postgres.ImportWatch{})
	require.NoError(t, err)
	require.Equal(t, postgres.ImportCount{Added: 1, Unchanged: 1}, count)
	require.Equal(t, aid.Soon, w.read("r1").Urgency, "what is under way is left alone")
	found, err := w.SeekingRequests(t.Context(), shard)
	require.NoError(t, err)
	require.Len(t, found, 3)
}

func TestOrganisationsAreImported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org := func(id, parent aid.OrganisationID) aid.Organisation {
		return aid.Organisation{ID: id, Parent: parent, Tree: "regional", Tier: "station", NameZh: "站"}
	}
	elsewhere, special, tier := org("elsewhere", "root"), org("special", "root"), org("tier", "root")
	elsewhere.Area, special.Tree, tier.Tier = "nowhere", "special", "club"
	rows := file(nil, org("leaf", "mid"), org("mid", "root"), org("root", ""), org("orphan", "nobody"), org("child", "orphan"),
		org("ring", "gnir"), org("gnir", "ring"), elsewhere, special, tier, org("below", "elsewhere"))
	got := rejects{}
	count, err := w.ImportOrganisations(t.Context(), harbin.ID, rows, got.watch(t))
	require.NoError(t, err)
	require.Equal(t, postgres.ImportCount{Added: 3, Rejected: 8}, count)
	require.Equal(t, rejects{5: "parent", 6: "parent", 7: "parent", 8: "parent", 9: "area_id", 10: "parent", 11: "tier", 12: "parent"}, got)
	page, err := w.Organisations(t.Context(), aid.PersonFilter{Areas: []aid.AreaPath{"/hlj/"}}, aid.Page{Limit: 10})
	require.NoError(t, err)
	leaf := org("leaf", "mid")
	leaf.Area = harbin.ID
	require.Len(t, page.Items, 3)
	require.Equal(t, leaf, page.Items[0])

	renamed := org("mid", "root")
	renamed.NameEn = "Mid"
	count, err = w.ImportOrganisations(t.Context(), harbin.ID, file(nil, org("leaf", "mid"), renamed, org("new", "mid")), postgres.ImportWatch{})
	require.NoError(t, err)
	require.Equal(t, postgres.ImportCount{Added: 1, Changed: 1, Unchanged: 1}, count)
}

func TestCompletionsAreImported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(2)
	done := func(v aid.VolunteerID, c aid.CourseID, year int) postgres.Completion {
		row := postgres.Completion{Volunteer: v, CourseHeld: aid.CourseHeld{Course: c}}
		if year > 0 {
			row.Until = aid.Date{Year: year, Month: 6, Day: 30}
		}
		return row
	}
	got := rejects{}
	count, err := w.ImportCompletions(t.Context(), file(nil, done("v000", "basics", 0), done("v001", "care", 2030),
		done("stranger", "care", 2030), done("v000", "magic", 0), done("v001", "care", 2031)), got.watch(t))
	require.NoError(t, err)
	require.Equal(t, postgres.ImportCount{Added: 2, Rejected: 3}, count)
	require.Equal(t, rejects{4: "volunteer_id", 5: "course_id", 6: "course_id"}, got)
	count, err = w.ImportCompletions(t.Context(), file(nil, done("v000", "basics", 0), done("v001", "care", 2032)), postgres.ImportWatch{})
	require.NoError(t, err)
	require.Equal(t, postgres.ImportCount{Changed: 1, Unchanged: 1}, count)
	v, err := w.Volunteer(t.Context(), "v001")
	require.NoError(t, err)
	require.Equal(t, []aid.CourseHeld{{Course: "care", Until: aid.Date{Year: 2032, Month: 6, Day: 30}}}, v.Courses)
}
