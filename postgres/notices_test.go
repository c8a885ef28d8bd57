package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// account gives a volunteer an account of their own.
func (w *world) account(v aid.VolunteerID) aid.AccountID {
	w.t.Helper()
	id := aid.VolunteerAccount(v)
	require.NoError(w.t, w.AddAccount(w.t.Context(), aid.Account{ID: id, Role: aid.RoleVolunteer, Name: "张", Volunteer: v}, nil))
	return id
}

// notices reads all notices of an account, newest first, page by page.
func (w *world) notices(account aid.AccountID, unread bool) []aid.Notice {
	w.t.Helper()
	var all []aid.Notice
	for p := (aid.Page{Limit: 2}); ; {
		page, err := w.Notices(w.t.Context(), aid.NoticeFilter{Recipient: account, Unread: unread}, p)
		require.NoError(w.t, err)
		all = append(all, page.Items...)
		if p.After = page.Next; p.After == "" {
			return all
		}
	}
}

func kindsOf(notices []aid.Notice) []aid.NoticeKind {
	var out []aid.NoticeKind
	for _, n := range notices {
		out = append(out, n.Kind)
	}
	return out
}

func TestAChangeTellsThoseItConcerns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(3)
	first, second := w.account("v000"), w.account("v001") // v002 has no account
	r := w.request("r1", w.need(1, 30))
	w.ask("r1", 3, "v000", "v001", "v002")
	require.NoError(t, w.accept(t.Context(), "r1", "v000"))

	made := w.notices(first, false)
	require.Equal(t, []aid.NoticeKind{aid.NoticePairingConfirmed, aid.NoticeOfferMade}, kindsOf(made))
	offered := w.read("r1").Offers[0]
	require.Empty(t, cmp.Diff(aid.Notice{
		Recipient: first, Kind: aid.NoticeOfferMade, At: offered.MadeAt, Until: offered.ExpiresAt, Request: "r1", Offer: offered.ID,
		About: aid.NoticeFacts{
			Category: "visit", Window: aid.Window{StartsAt: r.Window.StartsAt.Truncate(time.Microsecond), EndsAt: r.Window.EndsAt.Truncate(time.Microsecond)},
			Area: aid.AreaNames{Zh: "哈尔滨市", En: "Harbin"}, AnswerBy: offered.ExpiresAt,
		},
	}, made[1], cmpopts.IgnoreFields(aid.Notice{}, "ID")))
	require.Equal(t, []aid.NoticeKind{aid.NoticeOfferFilled, aid.NoticeOfferMade}, kindsOf(w.notices(second, false)))
	require.Equal(t, []aid.NoticeKind{aid.NoticeRequestPaired}, kindsOf(w.notices("c1", false)))
	w.sound()
}

func TestNobodyFoundIsToldTheNearestCoordinators(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for id, area := range map[aid.AccountID]aid.AreaID{"above": province.ID, "here-1": harbin.ID, "here-2": harbin.ID, "beside": harbin_.ID} {
		require.NoError(t, w.AddAccount(t.Context(), aid.Account{ID: id, Role: aid.RoleCoordinator, Name: "陈"}, []aid.AreaID{area}))
	}
	w.request("r1", w.need(1, 3))
	end := func(id aid.RequestID) {
		_, err := w.Change(t.Context(), id, func(r *aid.HelpRequest, now time.Time) error {
			r.EndSearch(aid.ReasonCounts{TooFar: 4}, now)
			return nil
		})
		require.NoError(t, err)
	}
	end("r1")
	for account, want := range map[aid.AccountID]int{"above": 0, "here-1": 1, "here-2": 1, "beside": 0, "c1": 1} {
		require.Len(t, w.notices(account, false), want, account)
	}
	require.Equal(t, aid.ReasonCounts{TooFar: 4}, w.notices("here-1", false)[0].About.Unmet)

	require.NoError(t, w.sql(`UPDATE accounts SET active = false WHERE id LIKE 'here-%'`))
	w.request("r2", w.need(1, 4))
	end("r2")
	for account, want := range map[aid.AccountID]int{"above": 1, "here-1": 1, "beside": 0} {
		require.Len(t, w.notices(account, false), want, account)
	}
}

func TestANoticeIsReadOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(1)
	account := w.account("v000")
	for i := range 5 {
		id := aid.RequestID(fmt.Sprintf("r%d", i))
		w.request(id, w.need(1, 3))
		w.ask(id, 1, "v000")
		require.NoError(t, w.decline(id, "v000"))
	}
	require.Len(t, w.notices(account, false), 5)
	n, err := w.Unread(t.Context(), account)
	require.NoError(t, err)
	require.Equal(t, 5, n)

	third := w.notices(account, false)[2]
	read, err := w.MarkNoticeRead(t.Context(), account, third.ID)
	require.NoError(t, err)
	require.False(t, read.ReadAt.IsZero())
	again, err := w.MarkNoticeRead(t.Context(), account, third.ID)
	require.NoError(t, err)
	require.Equal(t, read, again, "the first reading stays")
	n, err = w.Unread(t.Context(), account)
	require.NoError(t, err)
	require.Equal(t, 4, n)
	require.Len(t, w.notices(account, true), 4)

	_, err = w.MarkNoticeRead(t.Context(), "c1", third.ID)
	require.Equal(t, aid.NotFound, aid.KindOf(err), "it is not theirs")
	other := w.notices(account, true)[0]
	_, err = w.MarkNoticeRead(t.Context(), "c1", other.ID)
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	require.Len(t, w.notices(account, true), 4)
}

// decline has a volunteer decline what they were asked.
func (w *world) decline(request aid.RequestID, v aid.VolunteerID) error {
	_, err := w.Change(w.t.Context(), request, func(r *aid.HelpRequest, now time.Time) error {
		return r.Decline(offerID(request, v), v, aid.Refusal{Reason: "other"}, "", now)
	})
	return err
}

// The pair of event and recipient is the notice's identity underneath all code.
func TestAnEventTellsAnAccountOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(1)
	w.account("v000")
	w.request("r1", w.need(1, 3))
	w.ask("r1", 1, "v000")
	err := w.sql(`INSERT INTO notices (event_seq, recipient, kind, urgent, request_id, at, until)
		SELECT event_seq, recipient, 'again', urgent, request_id, at, until FROM notices`)
	require.ErrorContains(t, err, "told_once")
}

func TestAChangeThatFailsTellsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(2)
	account := w.account("v000")
	w.request("r1", w.need(1, 3))
	w.request("r2", w.need(1, 3)) // at the same time: the second offer is refused
	w.ask("r1", 1, "v000")
	_, refused, err := w.MakeOffers(t.Context(), "round-2", "r2", picks("r2", "v000"), asking(1))
	require.NoError(t, err)
	require.Len(t, refused, 1)
	require.Len(t, w.notices(account, false), 1)
}

func TestContactsAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.volunteer("v1", 1)
	account := w.account("v1")
	got, err := w.Contact(t.Context(), account)
	require.NoError(t, err)
	require.Equal(t, aid.Contact{Account: account, Language: aid.Chinese, Zone: aid.DefaultZone}, got)

	for _, l := range []aid.Language{aid.English, aid.Chinese, aid.English} {
		require.NoError(t, w.PutContact(t.Context(), aid.Contact{Account: account, Language: l}))
		got, err = w.Contact(t.Context(), account)
		require.NoError(t, err)
		require.Equal(t, l, got.Language)
	}
	v.Availability.Zone = "Asia/Urumqi"
	require.NoError(t, w.UpdateVolunteer(t.Context(), v))
	got, err = w.Contact(t.Context(), account)
	require.NoError(t, err)
	require.Equal(t, "Asia/Urumqi", got.Zone)
	_, err = w.Contact(t.Context(), "nobody")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	err = w.PutContact(t.Context(), aid.Contact{Account: account, Language: "fr"})
	require.Equal(t, aid.Invalid, aid.KindOf(err))
}
