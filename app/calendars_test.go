package app_test

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app/apptest"
)

func TestACalendarOpensByItsNewestSecretAlone(t *testing.T) {
	t.Parallel()
	u := apptest.New().UseCases().Calendars
	by := as(aid.RoleVolunteer)
	first, err := u.Open(t.Context(), by)
	require.NoError(t, err)
	bits, err := base64.RawURLEncoding.DecodeString(first)
	require.NoError(t, err)
	require.Len(t, bits, 32)
	text, err := u.Read(t.Context(), first)
	require.NoError(t, err)
	require.Equal(t, "calendar of a-volunteer at 2026-11-02T08:00:00Z: 1", string(text))

	second, err := u.Open(t.Context(), by)
	require.NoError(t, err)
	require.NotEqual(t, first, second)
	closed := func(secret string) {
		_, err := u.Read(t.Context(), secret)
		require.Equal(t, aid.NotFound, aid.KindOf(err))
	}
	closed(first)
	_, err = u.Read(t.Context(), second)
	require.NoError(t, err)
	require.NoError(t, u.Close(t.Context(), by))
	require.NoError(t, u.Close(t.Context(), by))
	closed(second)
	closed("")

	_, err = u.Open(t.Context(), as(aid.RoleCaseworker))
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	require.Equal(t, aid.Forbidden, aid.KindOf(u.Close(t.Context(), as(aid.RoleTrainer))))
}
