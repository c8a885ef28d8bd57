package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
)

// bathing is a class to which two adults come, one of them with a course.
var bathing = aid.Risk{Class: "high", CheckMonths: 24, TwoDeep: true, Course: "care"}

// ago is a day so many years before today.
func (w *world) ago(years int) aid.Date { return aid.DateOf(w.now.AddDate(-years, 0, 0)) }

// known registers somebody of whom something is known.
func (w *world) known(id aid.VolunteerID, v aid.Vetting, courses ...aid.CourseHeld) aid.Volunteer {
	w.t.Helper()
	who := w.volunteer(id, 3)
	who.Vetting, who.Courses = v, courses
	require.NoError(w.t, w.UpdateVolunteer(w.t.Context(), who))
	return who
}

func (w *world) adult() aid.Vetting {
	return aid.Vetting{CheckedOn: w.ago(1), BirthDate: w.ago(40)}
}

// risky opens a request of the class for two of three people.
func (w *world) risky(id aid.RequestID) {
	w.t.Helper()
	n := w.need(3, 30)
	n.Category, n.MinPeople, n.Risk = "bathing", 2, bathing
	r := w.request(id, n)
	require.Empty(w.t, cmp.Diff(r, w.read(id), asWritten), "what the class asks is frozen with the request")
}

// inRole makes picks ask for another role.
func inRole(role int, picks []aid.Pick) []aid.Pick {
	for i := range picks {
		picks[i].Role = role
	}
	return picks
}

func TestOnlyWhomTheRiskClassLetsComeIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lapsed := aid.CourseHeld{Course: "care", Until: w.ago(1)}
	consent := aid.Date{Year: 2990, Month: 1, Day: 1}
	w.known("lead", w.adult(), aid.CourseHeld{Course: "care"})
	w.known("lapsed", w.adult(), lapsed)
	w.known("plain", w.adult())
	w.known("unchecked", aid.Vetting{BirthDate: w.ago(40)})
	w.known("stale", aid.Vetting{BirthDate: w.ago(40), CheckedOn: w.ago(3)})
	w.known("child", aid.Vetting{BirthDate: w.ago(12), CheckedOn: w.ago(1), ConsentUntil: consent})
	w.known("ageless", aid.Vetting{CheckedOn: w.ago(1)})
	w.volunteer("unknown", 3)
	w.risky("r1")
	all := append(inRole(1, picks("r1", "unchecked", "stale", "child", "ageless", "unknown", "plain")), picks("r1", "lapsed", "lead")...)
	made, refused, err := w.MakeOffers(t.Context(), "round-1", "r1", all, asking(5))
	require.NoError(t, err)
	require.Equal(t, []aid.VolunteerID{"unchecked", "stale", "child", "ageless", "unknown", "lapsed"}, refused)
	require.Len(t, made, 2)
	_, err = w.AssignVolunteer(t.Context(), "r1", inRole(1, picks("r1", "child"))[0], "c1", asking(5))
	require.Equal(t, aid.ReasonNotEligible, aid.ReasonOf(err), "a person may not choose them either")
	_, err = w.AssignVolunteer(t.Context(), "r1", inRole(7, picks("r1", "child"))[0], "c1", asking(5))
	require.Equal(t, aid.Invalid, aid.KindOf(err))

	require.NoError(t, w.accept(t.Context(), "r1", "plain"))
	require.Equal(t, aid.PairingForming, w.read("r1").Pairings[0].Status)
	require.NoError(t, w.accept(t.Context(), "r1", "lead"))
	require.Equal(t, aid.RequestPaired, w.read("r1").Status)
	w.sound()

	w.request("anywhere", w.need(4, 3))
	w.known("alone", aid.Vetting{BirthDate: w.ago(12)})
	made, refused, err = w.MakeOffers(t.Context(), "round-2", "anywhere", picks("anywhere", "child", "ageless", "unknown", "alone"), asking(1))
	require.NoError(t, err)
	require.Len(t, made, 3)
	require.Equal(t, []aid.VolunteerID{"alone"}, refused, "a minor without consent is asked for nothing")
	require.NoError(t, w.accept(t.Context(), "anywhere", "child"))
	w.sound()
}

// Whoever is no longer what they were when they were asked cannot accept: the
// database decides, not what was known at the offer.
func TestWhatIsKnownAtTheAnswerDecides(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for id, spoil := range map[aid.VolunteerID]string{
		"unchecked": "UPDATE volunteers SET checked_on = NULL WHERE id = 'unchecked'",
		"child":     "UPDATE volunteers SET birth_date = now() - interval '12 years' WHERE id = 'child'",
		"untrained": "DELETE FROM volunteer_courses WHERE volunteer_id = 'untrained'",
		"unskilled": "UPDATE volunteers SET skills = '{}' WHERE id = 'unskilled'",
		"inactive":  "UPDATE volunteers SET active = false WHERE id = 'inactive'",
	} {
		w.known(id, w.adult(), aid.CourseHeld{Course: "care"})
		request := aid.RequestID("r-" + id)
		w.risky(request)
		w.ask(request, 1, id)
		require.NoError(t, w.sql(spoil))
		require.Equal(t, aid.ReasonNotEligible, aid.ReasonOf(w.accept(t.Context(), request, id)), id)
		require.Empty(t, w.read(request).Pairings)
		w.sound()
	}
}

// What becomes known of somebody reaches every request that binds them, in one
// transaction: offers end, and a coordinator is called to pairings.
func TestWhatBecomesKnownReachesTheRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for id, spoil := range map[aid.VolunteerID]func(*aid.Volunteer){
		"unchecked": func(v *aid.Volunteer) { v.Vetting.CheckedOn = aid.Date{} },
		"child":     func(v *aid.Volunteer) { v.Vetting.BirthDate = w.ago(12) },
		"untrained": func(v *aid.Volunteer) { v.Courses = nil },
		"unskilled": func(v *aid.Volunteer) { v.Skills = nil },
		"inactive":  func(v *aid.Volunteer) { v.Active = false },
	} {
		v := w.known(id, w.adult(), aid.CourseHeld{Course: "care"})
		asked, paired := aid.RequestID("asked-"+id), aid.RequestID("paired-"+id)
		w.risky(paired)
		w.ask(paired, 1, id)
		require.NoError(t, w.accept(t.Context(), paired, id))
		n := w.need(3, 60)
		n.Category, n.MinPeople, n.Risk = "bathing", 2, bathing
		w.request(asked, n)
		w.ask(asked, 1, id)

		v.Name = "another name"
		require.NoError(t, w.UpdateVolunteer(t.Context(), v))
		require.Equal(t, aid.OfferPending, w.read(asked).Offers[0].Status, "a name bars nobody")
		spoil(&v)
		require.NoError(t, w.UpdateVolunteer(t.Context(), v))
		require.Equal(t, aid.OfferRevoked, w.read(asked).Offers[0].Status)
		require.Equal(t, aid.ReasonOfferEnded, aid.ReasonOf(w.accept(t.Context(), asked, id)), id)
		require.True(t, w.read(paired).Pairings[0].Status.Holding(), "somebody may be on the way")
		require.Equal(t, 1, w.count("SELECT count(*) FROM events WHERE kind = 'pairing_contested' AND request_id = $1", string(paired)))
		require.Zero(t, w.count("SELECT count(*) FROM events WHERE kind = 'pairing_contested' AND request_id = $1", string(asked)))
		w.sound()
	}
}

// A class makes no difference to what every help asks: that whoever comes is active,
// with the skills and courses of the role.
func TestWhoeverIsStruckOffTakesNoSeat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for id, spoil := range map[aid.VolunteerID]func(*aid.Volunteer){
		"inactive":  func(v *aid.Volunteer) { v.Active = false },
		"unskilled": func(v *aid.Volunteer) { v.Skills = nil },
		"untrained": func(v *aid.Volunteer) { v.Courses = nil },
	} {
		v := w.known(id, aid.Vetting{}, aid.CourseHeld{Course: "care"})
		asked, paired := aid.RequestID("asked-"+id), aid.RequestID("paired-"+id)
		for hours, request := range map[int]aid.RequestID{5: asked, 9: paired} {
			n := w.need(1, hours)
			n.Roles[0].Courses = []aid.CourseID{"care"}
			w.request(request, n)
			w.ask(request, 1, id)
		}
		require.NoError(t, w.accept(t.Context(), paired, id))
		require.Empty(t, w.read(asked).Vacancies(1))
		spoil(&v)
		require.NoError(t, w.UpdateVolunteer(t.Context(), v))
		require.Equal(t, aid.ReasonOfferEnded, aid.ReasonOf(w.accept(t.Context(), asked, id)), id)
		require.NotEmpty(t, w.read(asked).Vacancies(1), "the seat waits for no answer that cannot be yes")
		r := w.read(paired)
		require.Equal(t, aid.PairingConfirmed, r.Pairings[0].Status)
		require.Equal(t, id != "inactive", r.MayCome(r.Pairings[0]), id)
		require.Equal(t, 1, w.count("SELECT count(*) FROM events WHERE kind = 'pairing_contested' AND request_id = $1", string(paired)))
		w.sound()
	}
}

// Whichever of the two comes first, nobody is asked without a check who had lost
// it by then: the audit would say so.
func TestACheckThatIsLostAndAnOfferAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const n = 20
	people := make([]aid.Volunteer, n)
	for i := range people {
		people[i] = w.known(aid.VolunteerID(fmt.Sprintf("v%d", i)), w.adult(), aid.CourseHeld{Course: "care"})
		w.risky(aid.RequestID(fmt.Sprintf("r%d", i)))
	}
	var all errgroup.Group
	for i, v := range people {
		id := aid.RequestID(fmt.Sprintf("r%d", i))
		all.Go(func() error {
			v.Vetting.CheckedOn = aid.Date{}
			return w.UpdateVolunteer(t.Context(), v)
		})
		all.Go(func() error {
			_, _, err := w.MakeOffers(t.Context(), "round", id, picks(id, v.ID), asking(1))
			return err
		})
	}
	require.NoError(t, all.Wait())
	for i, v := range people {
		id := aid.RequestID(fmt.Sprintf("r%d", i))
		if len(w.read(id).Offers) > 0 {
			require.Equal(t, aid.ReasonOfferEnded, aid.ReasonOf(w.accept(t.Context(), id, v.ID)), "it was revoked")
		}
	}
	w.sound()
}

func TestTheDatabaseRefusesAPromiseToComeAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.risky("r1")
	require.ErrorContains(t, w.sql("UPDATE help_requests SET min_people = 1"), "nobody_comes_alone")
}

func TestWhatIsKnownOfAVolunteerIsToldByTheFeed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.volunteer("v", 2)
	all := map[aid.VolunteerID]aid.Candidate{}
	mark := w.follow(all, 0)
	require.Zero(t, all["v"].Vetting)
	v.Vetting = aid.Vetting{CheckedOn: w.ago(1), BirthDate: w.ago(30), ConsentUntil: aid.Date{Year: 2030, Month: 1, Day: 2}}
	require.NoError(t, w.UpdateVolunteer(t.Context(), v))
	changed := map[aid.VolunteerID]aid.Candidate{}
	w.follow(changed, mark)
	require.Equal(t, v.Vetting, changed["v"].Vetting)
	w.follow(all, 0)
	require.Equal(t, v.Vetting, all["v"].Vetting)
	stored, err := w.Volunteer(t.Context(), "v")
	require.NoError(t, err)
	require.Equal(t, v.Vetting, stored.Vetting)
	require.Equal(t, 1, w.count("SELECT count(*) FROM volunteers WHERE vetted_at > created_at"))
	require.NoError(t, w.sql("UPDATE volunteers SET vetted_at = 'epoch', phone = '9'"))
	require.Equal(t, 1, w.count("SELECT count(*) FROM volunteers WHERE vetted_at = 'epoch'"), "only a change of it counts")
}

func TestWhatIsKnownIsImported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("b", 2)
	w.known("a", aid.Vetting{CheckedOn: w.ago(2), BirthDate: w.ago(30)})
	w.standing("s", 2, 3)
	w.ask("s", 1, "a")
	require.NoError(t, w.accept(t.Context(), "s", "a"))
	require.NoError(t, w.sql("DELETE FROM outbox"))
	row := func(id aid.VolunteerID, v aid.Vetting) postgres.VettingRow {
		return postgres.VettingRow{Volunteer: id, Vetting: v}
	}
	rows := []postgres.VettingRow{
		row("a", aid.Vetting{CheckedOn: w.ago(0)}), row("b", aid.Vetting{BirthDate: w.ago(12), ConsentUntil: aid.Date{Year: 2030, Month: 1, Day: 1}}),
		row("nobody", aid.Vetting{CheckedOn: w.ago(0)}), row("b", aid.Vetting{}), row("b2", aid.Vetting{CheckedOn: aid.DateOf(w.now.AddDate(0, 0, 3))}),
	}
	refused := rejects{}
	count, err := w.ImportVettings(t.Context(), file(nil, rows...), refused.watch(t))
	require.NoError(t, err)
	require.Equal(t, postgres.ImportCount{Changed: 2, Rejected: 3}, count)
	require.Equal(t, rejects{4: "volunteer_id", 5: "volunteer_id", 6: "checked_on"}, refused)
	a, err := w.Volunteer(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, aid.Vetting{CheckedOn: w.ago(0), BirthDate: w.ago(30)}, a.Vetting, "what the file leaves empty stays")
	require.Equal(t, 1, w.count("SELECT count(*) FROM outbox WHERE kind = 'standing_changed' AND key = 's'"))
	count, err = w.ImportVettings(t.Context(), file(nil, rows[:2]...), postgres.ImportWatch{})
	require.NoError(t, err)
	require.Equal(t, postgres.ImportCount{Unchanged: 2}, count)
	require.Equal(t, 1, w.count("SELECT count(*) FROM outbox"))
}

// A check that lapses is looked at by the process of the standing pairing, with
// the record that the transaction has locked.
func TestACheckThatLapsesIsStoodInFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.known("v", aid.Vetting{CheckedOn: w.ago(0)})
	n := w.need(1, 30)
	n.Risk = aid.Risk{Class: "c", CheckMonths: 12}
	n.Window = w.daily(30, 3)[0]
	n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY", First: n.Window.StartsAt, Minutes: 60, Zone: "UTC"}
	r, err := aid.OpenRequest("s", n, "c1", harbin, 7, w.now)
	require.NoError(t, err)
	r.Ahead = w.daily(30, 3)
	require.NoError(t, w.OpenRequest(t.Context(), r, shard))
	w.ask("s", 1, "v")
	require.NoError(t, w.accept(t.Context(), "s", "v"))
	v.Vetting.CheckedOn = w.ago(2)
	require.NoError(t, w.UpdateVolunteer(t.Context(), v))
	r = w.advance("s", w.daily(30, 3), nil)
	for _, visit := range r.Visits {
		require.Equal(t, aid.VisitHandedOver, visit.Status)
		require.Equal(t, aid.HandedOverCheck, visit.Reason)
	}
	require.Equal(t, 1, w.count("SELECT count(*) FROM events WHERE kind = 'check_lapsing'"))
	sub, err := aid.OpenRequest("sub", r.SubstituteNeed(r.Visits[0], w.now), "c1", harbin, 7, w.now)
	require.NoError(t, err)
	require.NoError(t, w.OpenRequest(t.Context(), sub, shard))
	_, refused, err := w.MakeOffers(t.Context(), "round", "sub", picks("sub", "v"), asking(1))
	require.NoError(t, err)
	require.Equal(t, []aid.VolunteerID{"v"}, refused, "nor is it their visit as a substitute")
}

// TestBrokenVettingIsFound goes round the store.
func TestBrokenVettingIsFound(t *testing.T) {
	t.Parallel()
	const disarm = "SET session_replication_role = replica; "
	for name, c := range map[string]struct {
		invariant, breakIt string
		ids                [][]string
	}{
		"asked without a check": {
			"check_holds", `UPDATE help_requests SET risk = '{"class": "c", "check_months": 12}' WHERE id = 'offered'`,
			[][]string{{"o-offered-v001", "offered", "v001"}},
		},
		"paired with a check that lapsed": {
			"check_holds", `UPDATE help_requests SET risk = '{"class": "c", "check_months": 12}' WHERE id = 'paired';
				UPDATE volunteers SET vetted_at = 'epoch', checked_on = now() - interval '13 months'`,
			[][]string{{"p-o-paired-v000", "paired", "v000"}},
		},
		"paired before the check was lost": {
			"check_holds", `UPDATE help_requests SET risk = '{"class": "c", "check_months": 12}' WHERE id = 'paired'; UPDATE volunteers SET vetted_at = now()`, nil,
		},
		"asked with a check": {
			"check_holds", `UPDATE help_requests SET risk = '{"class": "c", "check_months": 12}'; UPDATE volunteers SET vetted_at = 'epoch', checked_on = now()`, nil,
		},
		"asked, of unknown age": {
			"minors_guarded", `UPDATE help_requests SET risk = '{"class": "c", "minors_barred": true}' WHERE id = 'offered'`,
			[][]string{{"o-offered-v001", "offered", "v001"}},
		},
		"a minor without consent": {
			"minors_guarded", `UPDATE volunteers SET vetted_at = 'epoch', birth_date = now() - interval '17 years' WHERE id IN ('v000', 'v001')`,
			[][]string{{"o-offered-v001", "offered", "v001"}, {"p-o-paired-v000", "paired", "v000"}},
		},
		"a minor with consent": {
			"minors_guarded", `UPDATE volunteers SET vetted_at = 'epoch', birth_date = now() - interval '17 years', guardian_consent_until = '2990-01-01'`, nil,
		},
		"a category of two classes": {
			"category_classed_once", `ALTER TABLE risk_categories DROP CONSTRAINT risk_categories_pkey;
				INSERT INTO risk_categories VALUES ('bathing', 'high'), ('bathing', 'low'), ('reading', 'low')`, [][]string{{"high", "low"}},
		},
		"a crew without the course": {
			"request_sound", `UPDATE help_requests SET risk = '{"class": "c", "two_deep": true, "course": "care"}', min_people = 2 WHERE id = 'paired';
				UPDATE request_roles SET people = 2`, [][]string{{"paired"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := busy(t)
			require.NoError(t, w.sql(disarm+c.breakIt))
			found, err := w.Findings(t.Context())
			require.NoError(t, err)
			var ids [][]string
			for _, f := range found {
				if f.Invariant == c.invariant {
					ids = append(ids, f.IDs)
				}
			}
			require.ElementsMatch(t, c.ids, ids, "%v", found)
		})
	}
}

// The days that SQL tells are those of the domain.
func TestTheAuditCountsDaysAsTheDomainDoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	conn := w.connect()
	for day := time.Date(2007, 12, 28, 0, 0, 0, 0, time.UTC); day.Year() < 2011; day = day.AddDate(0, 0, 1) {
		var adult time.Time
		born := aid.DateOf(day)
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT "+postgres.AdultFrom+" FROM (SELECT $1::text::date AS birth_date) v", born.String()).Scan(&adult))
		require.Equal(t, born.OfAgeOn(), aid.DateOf(adult), born)
	}
}

// Help begins on the day that it is at the place, in SQL as in the domain.
func TestTheAuditKnowsTheDayOfThePlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	conn := w.connect()
	for zone, cadence := range map[string]*aid.Cadence{
		aid.DefaultZone:     nil,
		"America/Anchorage": {Zone: "America/Anchorage"},
		"Asia/Urumqi":       {Zone: "Asia/Urumqi"},
	} {
		for hour := range 24 {
			at := time.Date(2026, 6, 1, hour, 30, 0, 0, time.UTC)
			var day time.Time
			require.NoError(t, conn.QueryRow(t.Context(), "SELECT "+postgres.DayOfComing+` FROM (SELECT true AS pending, '' AS id) o,
				(SELECT $1::jsonb AS cadence, $2::timestamptz AS starts_at, jsonb_build_array(jsonb_build_object('starts_at', $2)) AS ahead) r`,
				cadence, at).Scan(&day))
			n := aid.Need{Cadence: cadence}
			require.Equal(t, zone, n.Zone())
			require.Equal(t, aid.DaysOf([]aid.Window{{StartsAt: at}}, n.Zone()).First, aid.DateOf(day))
		}
	}
}

// Where nobody comes alone, the absence of one frees the other too, and one request
// seeks a whole crew.
func TestWhoeverIsLeftStaysAtHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.known("lead", w.adult(), aid.CourseHeld{Course: "care"})
	v := w.known("plain", w.adult())
	n := w.need(2, 30)
	n.MinPeople, n.Risk, n.Window = 2, bathing, w.daily(30, 3)[0]
	n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY", First: n.Window.StartsAt, Minutes: 60, Zone: "UTC"}
	r, err := aid.OpenRequest("s", n, "c1", harbin, 7, w.now)
	require.NoError(t, err)
	r.Ahead = w.daily(30, 3)
	require.NoError(t, w.OpenRequest(t.Context(), r, shard))
	made, refused, err := w.MakeOffers(t.Context(), "round", "s", append(picks("s", "lead"), inRole(1, picks("s", "plain"))...), asking(1))
	require.NoError(t, err)
	require.Empty(t, refused)
	require.Len(t, made, 2)
	require.NoError(t, w.accept(t.Context(), "s", "plain"))
	require.NoError(t, w.accept(t.Context(), "s", "lead"))
	require.Equal(t, 6, w.count("SELECT count(*) FROM reservations WHERE NOT counts"))

	second := aid.DateOf(aid.InZone(w.daily(30, 3)[1].StartsAt, aid.DefaultZone))
	v.Availability.Away = []aid.DateRange{{From: second, To: second}}
	require.NoError(t, w.UpdateVolunteer(t.Context(), v))
	r = w.advance("s", w.daily(30, 3), nil)
	require.Equal(t, 2, w.count("SELECT count(*) FROM visits WHERE status = 'handed_over'"))
	require.Equal(t, 4, w.count("SELECT count(*) FROM reservations WHERE NOT counts"), "both have the hour to themselves")
	sought := r.Unsought(w.now)
	require.Len(t, sought, 1)
	sub, err := aid.OpenRequest("sub", r.SubstituteNeed(sought[0], w.now), "c1", harbin, 7, w.now)
	require.NoError(t, err)
	require.NoError(t, w.OpenRequest(t.Context(), sub, shard))
	_, err = w.ChangeAndTell(t.Context(), "s", func(r *aid.HelpRequest, _ time.Time) error { return r.Sought(sought[0].ID, "sub") })
	require.NoError(t, err)
	require.Equal(t, 2, w.count("SELECT count(*) FROM visits WHERE substitute = 'sub'"))
	w.ask("sub", 1, "lead")
	w.sound()
	require.NoError(t, w.withdraw("s", "p-o-s-plain"), "the hour is promised to the other crew")
	w.sound()
}

// TestWhoeverIsLeftOfACrewJoinsTheOneThatStandsIn, and the crew that stands again leaves
// them that hour.
func TestWhoeverIsLeftOfACrewJoinsTheOneThatStandsIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, v := range []aid.VolunteerID{"v000", "v001", "v002"} {
		w.volunteer(v, 2)
	}
	n, ahead := w.need(2, 30), w.daily(30, 5)
	n.MinPeople, n.Window = 2, ahead[0]
	n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY", First: ahead[0].StartsAt, Minutes: 60, Zone: "UTC"}
	r, err := aid.OpenRequest("s", n, "c1", harbin, 7, w.now)
	require.NoError(t, err)
	r.Ahead = ahead
	require.NoError(t, w.OpenRequest(t.Context(), r, shard))
	w.ask("s", 1, "v000", "v001")
	require.NoError(t, w.accept(t.Context(), "s", "v000"))
	require.NoError(t, w.accept(t.Context(), "s", "v001"))
	require.NoError(t, w.withdraw("s", "p-o-s-v001"))
	r = w.advance("s", ahead, nil)
	near := len(r.Unsought(w.now))
	require.Positive(t, near)
	require.Less(t, near, len(ahead))
	held := func(v string) int {
		return w.count("SELECT count(*) FROM reservations WHERE request_id = 's' AND NOT counts AND volunteer_id = $1", v)
	}
	require.Equal(t, len(ahead)-near, held("v000"), "another crew stands in for those that are near")
	w.sound()

	v := r.Unsought(w.now)[0]
	sub, err := aid.OpenRequest(aid.SubstituteID(v.ID), r.SubstituteNeed(v, w.now), "c1", harbin, 7, w.now)
	require.NoError(t, err)
	sub.Excluded = r.NoSubstitutes(v)
	require.NoError(t, w.OpenRequest(t.Context(), sub, shard))
	w.ask(sub.ID, 1, "v000")
	require.NoError(t, w.accept(t.Context(), sub.ID, "v000"))

	w.ask("s", 1, "v002")
	require.NoError(t, w.accept(t.Context(), "s", "v002"), "the crew stands again")
	w.sound()
	r = w.advance("s", ahead, nil)
	require.Equal(t, aid.RequestPaired, r.Status)
	require.Equal(t, len(ahead), held("v002"))
	require.Equal(t, len(ahead)-1, held("v000"), "but for the hour of the crew that stands in")
	for _, at := range r.Visits {
		require.Equal(t, at.Volunteer == "v000" && at.Window.StartsAt.Equal(v.Window.StartsAt), at.Reason == aid.HandedOverBound, at)
	}
	w.sound()
}
