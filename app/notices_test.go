package app_test

import (
	"fmt"
	"strings"
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

func TestAChannelIsChosenOnceItLeadsSomewhere(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases().Contacts
	by := as(aid.RoleVolunteer)
	choice := aid.Contact{Language: aid.English, Channels: []aid.Channel{aid.ChannelEmail}, Quiet: aid.DailyHours{From: 1320, To: 420}}
	_, err := u.Put(t.Context(), by, choice)
	require.ErrorContains(t, err, "channels[0]: email leads nowhere yet")

	waits, err := u.SetEmail(t.Context(), by, "lin@example.org")
	require.NoError(t, err)
	require.Equal(t, "lin@example.org", waits.EmailUnverified)
	require.Empty(t, waits.Email)
	mailed := w.Mailed(by.ID)
	require.Equal(t, "lin@example.org", mailed.Address)
	require.Regexp(t, `^[0-9]{6}$`, mailed.Code)
	_, err = u.VerifyEmail(t.Context(), as(aid.RoleTrainer), mailed.Code)
	require.Equal(t, aid.Invalid, aid.KindOf(err), "a code is its account's alone")
	_, err = u.VerifyEmail(t.Context(), by, mailed.Code+"0")
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	verified, err := u.VerifyEmail(t.Context(), by, mailed.Code)
	require.NoError(t, err)
	require.Equal(t, "lin@example.org", verified.Email)

	chosen, err := u.Put(t.Context(), by, choice)
	require.NoError(t, err)
	require.Equal(t, choice.Channels, chosen.Channels)
	require.Equal(t, choice.Quiet, chosen.Quiet)
	require.Equal(t, "lin@example.org", chosen.Email, "a choice leaves the address alone")
	dropped, err := u.SetEmail(t.Context(), by, "")
	require.NoError(t, err)
	require.Empty(t, dropped.Email)
	require.Empty(t, dropped.Channels)
}

func TestAddressesAreChecked(t *testing.T) {
	t.Parallel()
	u := apptest.New().UseCases().Contacts
	for _, address := range []string{"lin", "lin@", "林 <lin@example.org>", "a@b, c@d", "lin@example.org\r\nBcc: x@example.org", strings.Repeat("x", 250) + "@example.org"} {
		_, err := u.SetEmail(t.Context(), as(aid.RoleVolunteer), address)
		require.Equal(t, aid.Invalid, aid.KindOf(err), "%q", address)
	}
}

func TestAWebhookGetsANewSecretEachTime(t *testing.T) {
	t.Parallel()
	u := apptest.New().UseCases().Contacts
	by := as(aid.RoleCoordinator)
	_, _, err := u.SetWebhook(t.Context(), by, "https://10.0.0.1/")
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	set, first, err := u.SetWebhook(t.Context(), by, "https://example.org/hook")
	require.NoError(t, err)
	require.NotEmpty(t, first)
	require.Equal(t, "https://example.org/hook", set.Webhook.URL)
	set, second, err := u.SetWebhook(t.Context(), by, "https://example.org/hook")
	require.NoError(t, err)
	require.NotEqual(t, first, second)
	require.Equal(t, first, set.Webhook.OldSecret)
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		require.NotContains(t, fmt.Sprintf(format, set), second, "secrets do not slip into logs")
	}
	_, err = u.Put(t.Context(), by, aid.Contact{Language: aid.Chinese, Channels: []aid.Channel{aid.ChannelWebhook}})
	require.NoError(t, err)
	set, none, err := u.SetWebhook(t.Context(), by, "")
	require.NoError(t, err)
	require.Empty(t, none)
	require.Empty(t, set.Webhook.URL)
	_, _, err = u.SetWebhook(t.Context(), app.Caller{}, "https://example.org/hook")
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
}

// Where no mail can be sent, the product says so and goes on with the rest.
func TestAChannelThatIsNotSetUpIsRefused(t *testing.T) {
	t.Parallel()
	u := apptest.New().UseCases().Contacts
	u.Codes, u.Push, u.SetUp = nil, nil, nil
	_, err := u.AddPush(t.Context(), as(aid.RoleVolunteer), aid.PushSubscription{Endpoint: "https://example.org/b", P256dh: "x", Auth: "y"})
	require.ErrorContains(t, err, "push is not set up")
	_, err = u.SetEmail(t.Context(), as(aid.RoleVolunteer), "lin@example.org")
	require.ErrorContains(t, err, "address: e-mail is not set up on this system")
	_, err = u.Put(t.Context(), as(aid.RoleVolunteer), aid.Contact{Language: aid.English, Channels: []aid.Channel{aid.ChannelEmail}})
	require.ErrorContains(t, err, "channels[0]: email is not set up on this system")
	_, err = u.Put(t.Context(), as(aid.RoleVolunteer), aid.Contact{Language: aid.English})
	require.NoError(t, err)
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
	_, err = u.Contacts.SetEmail(t.Context(), app.Caller{}, "lin@example.org")
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	_, err = u.Contacts.VerifyEmail(t.Context(), app.Caller{}, "1")
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
}
