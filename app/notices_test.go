package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
)

func TestEverybodyReadsTheirOwnNoticesInTheirLanguage(t *testing.T) {
	t.Parallel()
	w := crew(t, 1)
	u := w.UseCases()
	list := func(role aid.Role, unreadOnly bool) ([]app.NoticeCard, int) {
		page, unread, err := u.Notices.List(t.Context(), as(role), unreadOnly, aid.Page{Limit: 9})
		require.NoError(t, err)
		return page.Items, unread
	}
	mine, unread := list(aid.RoleVolunteer, false)
	require.Len(t, mine, 2)
	require.Equal(t, 2, unread)
	require.Equal(t, "pairing_confirmed", mine[0].Title)
	require.Equal(t, "zh-CN: visit", mine[0].Body)

	_, err := u.Contacts.Put(t.Context(), as(aid.RoleVolunteer), aid.Contact{Account: "a-caseworker", Language: aid.English})
	require.NoError(t, err)
	read, err := u.Notices.MarkRead(t.Context(), as(aid.RoleVolunteer), mine[0].ID)
	require.NoError(t, err)
	require.Equal(t, apptest.Now, read.ReadAt)
	require.Equal(t, "en: visit", read.Body)
	mine, unread = list(aid.RoleVolunteer, true)
	require.Len(t, mine, 1)
	require.Equal(t, 1, unread)

	theirs, _ := list(aid.RoleCaseworker, false)
	require.Len(t, theirs, 1)
	require.Equal(t, "request_paired", theirs[0].Title)
	require.Equal(t, "zh-CN: visit", theirs[0].Body, "one chooses for oneself alone")
	_, err = u.Notices.MarkRead(t.Context(), as(aid.RoleVolunteer), theirs[0].ID)
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	none, unread := list(aid.RoleTrainer, false)
	require.Empty(t, none)
	require.Zero(t, unread)
}

func TestALanguageIsOneThatThereIs(t *testing.T) {
	t.Parallel()
	u := apptest.New().UseCases()
	_, err := u.Contacts.Put(t.Context(), as(aid.RoleTrainer), aid.Contact{Language: "fr"})
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	require.ErrorContains(t, err, "language")
	got, err := u.Contacts.Get(t.Context(), as(aid.RoleTrainer))
	require.NoError(t, err)
	require.Equal(t, aid.Chinese, got.Language)
}

func TestWhoHasNoRoleIsToldNothing(t *testing.T) {
	t.Parallel()
	u := apptest.New().UseCases()
	_, _, err := u.Notices.List(t.Context(), app.Caller{}, false, aid.Page{Limit: 9})
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	_, err = u.Notices.MarkRead(t.Context(), app.Caller{}, "n-1")
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	_, err = u.Contacts.Get(t.Context(), app.Caller{})
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	_, err = u.Contacts.Put(t.Context(), app.Caller{}, aid.Contact{Language: aid.English})
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
}
