package postgres_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
)

// spoils are imports after which somebody may not come any more for whom the course
// "care" and a skill are asked.
var spoils = map[aid.VolunteerID]func(*world, aid.Volunteer) error{
	"unskilled": func(w *world, v aid.Volunteer) error {
		v.Skills = nil
		_, err := w.ImportVolunteers(w.t.Context(), harbin.ID, file(nil, v), postgres.ImportWatch{})
		return err
	},
	"untrained": func(w *world, v aid.Volunteer) error {
		v.Courses = []aid.CourseHeld{{Course: "care", Until: w.ago(1)}}
		_, err := w.ImportVolunteers(w.t.Context(), harbin.ID, file(nil, v), postgres.ImportWatch{})
		return err
	},
	"lapsed": func(w *world, v aid.Volunteer) error {
		lapsed := postgres.Completion{Volunteer: v.ID, CourseHeld: aid.CourseHeld{Course: "care", Until: w.ago(1)}}
		_, err := w.ImportCompletions(w.t.Context(), file(nil, lapsed), postgres.ImportWatch{})
		return err
	},
	"child": func(w *world, v aid.Volunteer) error {
		born := postgres.VettingRow{Volunteer: v.ID, Vetting: aid.Vetting{BirthDate: w.ago(12)}}
		_, err := w.ImportVettings(w.t.Context(), file(nil, born), postgres.ImportWatch{})
		return err
	},
}

// TestWhatAFileMakesKnownReachesTheRequests as what is written singly does.
func TestWhatAFileMakesKnownReachesTheRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for id, spoil := range spoils {
		v := w.known(id, aid.Vetting{}, aid.CourseHeld{Course: "care"})
		asked, paired := aid.RequestID("asked-"+id), aid.RequestID("paired-"+id)
		for hours, request := range map[int]aid.RequestID{5: asked, 9: paired} {
			n := w.need(1, hours)
			n.Roles[0].Courses = []aid.CourseID{"care"}
			w.request(request, n)
			w.ask(request, 1, id)
		}
		require.NoError(t, w.accept(t.Context(), paired, id))
		contested := func() int {
			return w.count("SELECT count(*) FROM events WHERE kind = 'pairing_contested' AND request_id = $1", string(paired))
		}
		told := func() int { return w.count("SELECT count(*) FROM outbox WHERE kind = 'request_changed'") }

		before := told()
		_, err := w.ImportVolunteers(t.Context(), harbin.ID, file(nil, v), postgres.ImportWatch{})
		require.NoError(t, err)
		require.Equal(t, aid.OfferPending, w.read(asked).Offers[0].Status, "nothing new is known")
		require.Equal(t, before, told())

		require.NoError(t, spoil(w, v), id)
		require.Equal(t, aid.OfferRevoked, w.read(asked).Offers[0].Status, id)
		require.Equal(t, aid.PairingConfirmed, w.read(paired).Pairings[0].Status, "somebody may be on the way")
		require.Equal(t, 1, contested(), id)
		require.Equal(t, before+2, told(), "the processes of both")
		require.NoError(t, spoil(w, v))
		require.Equal(t, 1, contested(), "it was known before")
		w.sound()
	}
}

func TestWhatAFileChangesIsToldToStandingPairings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.volunteer("v", 2)
	w.standing("s", 2, 3)
	w.ask("s", 1, "v")
	require.NoError(t, w.accept(t.Context(), "s", "v"))
	require.NoError(t, w.sql("DELETE FROM outbox"))
	told := func() int {
		return w.count("SELECT count(*) FROM outbox WHERE kind = 'standing_changed' AND key = 's'")
	}
	v.Availability.Weekly = []aid.WeeklyHours{{Day: 1, From: 0, To: 60}}
	for range 2 { // the second time nothing has changed
		_, err := w.ImportVolunteers(t.Context(), harbin.ID, file(nil, v), postgres.ImportWatch{})
		require.NoError(t, err)
		require.Equal(t, 1, told(), "their hours may not fit any more")
	}
	done := postgres.Completion{Volunteer: "v", CourseHeld: aid.CourseHeld{Course: "care"}}
	_, err := w.ImportCompletions(t.Context(), file(nil, done), postgres.ImportWatch{})
	require.NoError(t, err)
	require.Equal(t, 2, told(), "what will have lapsed may be renewed")
}

// TestAFileAndOffersAtOnce: whichever comes first, nobody is asked of whom the file says
// that they may not come.
func TestAFileAndOffersAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const n = 20
	rows := make([]postgres.VettingRow, n)
	for i := range rows {
		v := w.volunteer(aid.VolunteerID(fmt.Sprintf("v%d", i)), 3)
		rows[i] = postgres.VettingRow{Volunteer: v.ID, Vetting: aid.Vetting{BirthDate: w.ago(12)}}
		for _, kind := range []string{"asked", "free"} {
			w.request(aid.RequestID(fmt.Sprintf("%s%d", kind, i)), w.need(1, map[string]int{"asked": 5, "free": 9}[kind]))
		}
		w.ask(aid.RequestID(fmt.Sprintf("asked%d", i)), 1, v.ID)
	}
	var all errgroup.Group
	all.Go(func() error {
		_, err := w.ImportVettings(t.Context(), file(nil, rows...), postgres.ImportWatch{})
		return err
	})
	for i, row := range rows {
		all.Go(func() error {
			id := aid.RequestID(fmt.Sprintf("free%d", i))
			_, _, err := w.MakeOffers(t.Context(), "round", id, picks(id, row.Volunteer), asking(1))
			return err
		})
		all.Go(func() error {
			err := w.accept(t.Context(), aid.RequestID(fmt.Sprintf("asked%d", i)), row.Volunteer)
			if aid.KindOf(err) == aid.Conflict {
				return nil
			}
			return err
		})
	}
	require.NoError(t, all.Wait())
	require.Zero(t, w.count("SELECT count(*) FROM offers WHERE status = 'pending'"))
	accepted := w.count("SELECT count(*) FROM pairings")
	require.Equal(t, accepted, w.count("SELECT count(*) FROM events WHERE kind = 'pairing_contested'"))
	w.sound()
}
