package postgres_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

var asWritten = cmp.Options{
	cmpopts.IgnoreUnexported(aid.HelpRequest{}), cmpopts.EquateApproxTime(time.Microsecond), cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(aid.Volunteer{}, "Version"),  // which the store gives
	cmpopts.IgnoreFields(aid.HelpRequest{}, "Vetted"), // looked up with a request, and not changed with it
}

func TestARequestIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.need(2, 3)
	n.Roles[0].Wishes = []aid.Skill{"visit"}
	n.OnlyAsks = "v000"
	n.Notes, n.MinPeople = "三楼", 2
	n.Roles = append(n.Roles, aid.RequestRole{Name: "lead", People: 1, Lead: true})
	n.Roles = append(n.Roles, aid.RequestRole{Name: "driver", Skills: []aid.Skill{"driving"}, Courses: []aid.CourseID{"care"}, People: 3})
	opened := w.request("r1", n)
	require.Empty(t, cmp.Diff(opened, w.read("r1"), asWritten))
	require.Equal(t, 1, w.count("SELECT count(*) FROM events WHERE kind = 'request_opened' AND request_id = 'r1' AND actor = 'c1'"))
	require.Equal(t, 1, w.count(`SELECT count(*) FROM outbox WHERE kind = 'start_request' AND key = 'r1'
		AND payload = jsonb_build_object('request', 'r1', 'shard', $1::bigint, 'urgency', 'soon')`, int64(shard)))
}

func TestOpenRequestRefusesWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.request("r1", w.need(1, 3))
	for name, test := range map[string]struct {
		change func(r *aid.HelpRequest)
		kind   aid.Kind
		reason aid.Reason
		field  string
	}{
		"id taken":    {func(r *aid.HelpRequest) { r.ID = "r1" }, aid.Conflict, aid.ReasonAlreadyExists, ""},
		"beneficiary": {func(r *aid.HelpRequest) { r.Beneficiary = "nobody" }, aid.Invalid, "", "beneficiary_id"},
		"area":        {func(r *aid.HelpRequest) { r.Area = "nowhere" }, aid.Invalid, "", "area_id"},
		"account":     {func(r *aid.HelpRequest) { r.OpenedBy = "nobody" }, aid.Invalid, "", "opened_by"},
		"skill":       {func(r *aid.HelpRequest) { r.Roles[0].Skills = []aid.Skill{"first_aid", "flying"} }, aid.Invalid, "", "roles[0].skills[1]"},
		"course":      {func(r *aid.HelpRequest) { r.Roles[0].Courses = []aid.CourseID{"magic"} }, aid.Invalid, "", "roles[0].courses[0]"},
		"malformed":   {func(r *aid.HelpRequest) { r.ID = "/" }, aid.Invalid, "", "id"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := aid.OpenRequest("r2", w.need(1, 3), "c1", harbin, 7, w.now)
			require.NoError(t, err)
			test.change(r)
			err = w.OpenRequest(t.Context(), r, shard)
			require.Equal(t, test.kind, aid.KindOf(err), "%v", err)
			require.Equal(t, test.reason, aid.ReasonOf(err))
			require.Len(t, r.TakeEvents(), 1, "the events are kept for another try")
			if e := new(aid.Error); test.field != "" && errors.As(err, &e) {
				require.Len(t, e.Problems, 1)
				require.Equal(t, test.field, e.Problems[0].Field)
			}
		})
	}
	require.Equal(t, 1, w.count("SELECT count(*) FROM outbox"), "what is refused leaves nothing")
}

func TestChangeWritesTheWholeLifeOfARequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(4)
	n := w.need(2, 3)
	n.MinPeople = 2
	w.request("r1", n)
	w.ask("r1", 2, "v000", "v001", "v002", "v003")
	require.Equal(t, aid.RequestOffered, w.read("r1").Status)
	require.Equal(t, 4, w.count("SELECT sum(load) FROM volunteers"))
	require.Equal(t, 4, w.count("SELECT count(*) FROM reservations WHERE during = tstzrange($1, $2)", n.Window.StartsAt, n.Window.EndsAt))

	require.NoError(t, w.accept(t.Context(), "r1", "v000"))
	require.Equal(t, aid.PairingForming, w.read("r1").Pairings[0].Status)
	r, err := w.Change(t.Context(), "r1", func(r *aid.HelpRequest, now time.Time) error {
		require.NoError(t, r.Decline(offerID("r1", "v001"), "v001", aid.Refusal{Reason: "busy"}, "", now))
		_, err := r.Accept(offerID("r1", "v002"), "v002", "p2", "", now)
		return err
	})
	require.NoError(t, err)
	require.Equal(t, aid.RequestPaired, r.Status)
	require.Empty(t, cmp.Diff(r, w.read("r1"), asWritten, cmpopts.SortSlices(func(a, b aid.Offer) bool { return a.ID < b.ID })))
	require.Equal(t, 2, w.count("SELECT count(*) FROM reservations"), "decliners and those too late are free again")

	r, err = w.Change(t.Context(), "r1", func(r *aid.HelpRequest, now time.Time) error {
		return r.Withdraw("p2", "unwell", "", now)
	})
	require.NoError(t, err)
	require.Equal(t, aid.RequestOpen, r.Status)
	require.Equal(t, 1, w.count("SELECT count(*) FROM reservations"))
	w.volunteer("late", 1)
	w.ask("r1", 1, "late") // takes the seat that was given back
	require.NoError(t, w.accept(t.Context(), "r1", "late"))

	r, err = w.Change(t.Context(), "r1", func(r *aid.HelpRequest, _ time.Time) error { return r.Complete("c1", r.Window.StartsAt) })
	require.NoError(t, err)
	require.Equal(t, aid.RequestCompleted, r.Status)
	require.Empty(t, cmp.Diff(r, w.read("r1"), asWritten, cmpopts.SortSlices(func(a, b aid.Offer) bool { return a.ID < b.ID })))
	require.Zero(t, w.count("SELECT count(*) FROM reservations"))
	require.Zero(t, w.count("SELECT sum(load) FROM volunteers"))
	w.sound()
}

func TestAChangeThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(1)
	w.request("r1", w.need(1, 3))
	w.ask("r1", 1, "v000")
	before, events := w.read("r1"), w.count("SELECT count(*) FROM events")
	failure := errors.New("no")
	_, err := w.Change(t.Context(), "r1", func(r *aid.HelpRequest, now time.Time) error {
		if _, err := r.Accept(offerID("r1", "v000"), "v000", "p1", "", now); err != nil {
			return err
		}
		return failure
	})
	require.ErrorIs(t, err, failure)
	require.Empty(t, cmp.Diff(before, w.read("r1"), asWritten))
	require.Equal(t, events, w.count("SELECT count(*) FROM events"))

	_, err = w.Change(t.Context(), "r1", func(r *aid.HelpRequest, _ time.Time) error {
		r.Status = aid.RequestPaired
		return nil
	})
	require.Equal(t, aid.Internal, aid.KindOf(err), "an unsound aggregate is refused")
	require.Empty(t, cmp.Diff(before, w.read("r1"), asWritten))

	_, err = w.Change(t.Context(), "absent", func(*aid.HelpRequest, time.Time) error { return nil })
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}

func TestOffersAndPairingsTellTheirRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(1)
	w.request("r1", w.need(1, 3))
	w.ask("r1", 1, "v000")
	require.NoError(t, w.accept(t.Context(), "r1", "v000"))
	request, volunteer, err := w.RequestOfOffer(t.Context(), offerID("r1", "v000"))
	require.NoError(t, err)
	require.Equal(t, aid.RequestID("r1"), request)
	require.Equal(t, aid.VolunteerID("v000"), volunteer)
	request, volunteer, err = w.RequestOfPairing(t.Context(), "p-"+aid.PairingID(offerID("r1", "v000")))
	require.NoError(t, err)
	require.Equal(t, aid.RequestID("r1"), request)
	require.Equal(t, aid.VolunteerID("v000"), volunteer)
	_, _, err = w.RequestOfOffer(t.Context(), "absent")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	_, _, err = w.RequestOfPairing(t.Context(), "absent")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}

func TestRequestsAndBeneficiariesAreReadByTheirIDs(t *testing.T) {
	t.Parallel()
	w := busy(t)
	found, err := w.RequestsByID(t.Context(), []aid.RequestID{"paired", "absent", "ended", "offered"})
	require.NoError(t, err)
	require.Empty(t, cmp.Diff([]*aid.HelpRequest{w.read("paired"), w.read("ended"), w.read("offered")}, found, asWritten))
	live, err := w.LiveRequests(t.Context())
	require.NoError(t, err)
	require.Equal(t, []aid.RequestID{"offered", "paired"}, live)
	want, err := w.Beneficiary(t.Context(), "b1")
	require.NoError(t, err)
	people, err := w.BeneficiariesByID(t.Context(), []aid.BeneficiaryID{"b1", "absent"})
	require.NoError(t, err)
	require.Equal(t, []aid.Beneficiary{want}, people)
}
