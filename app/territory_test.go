package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
)

func TestLookingAround(t *testing.T) {
	t.Parallel()
	u := apptest.New().UseCases().Territory
	page := aid.Page{Limit: 9}
	for _, role := range aid.Roles {
		by := as(role)
		areas, err := u.Areas(t.Context(), by, page)
		require.NoError(t, err)
		require.Len(t, areas.Items, 4, "areas are public knowledge")
		skills, err := u.Skills(t.Context(), by)
		require.NoError(t, err)
		require.Len(t, skills, 2)
		me, err := u.Self(t.Context(), by)
		require.NoError(t, err)
		require.Equal(t, by.Account, me)

		organisations, err := u.Organisations(t.Context(), by, page)
		if role == aid.RoleVolunteer {
			require.Equal(t, aid.Forbidden, aid.KindOf(err))
		} else {
			require.NoError(t, err)
			require.Len(t, organisations.Items, 1, "one's own area's")
		}
		missed, err := u.Scarcity(t.Context(), by, app.ScarcityQuery{}, page)
		if role == aid.RoleTrainer || role == aid.RoleCoordinator {
			require.NoError(t, err)
			require.Len(t, missed.Items, 2, "in one's own areas")
		} else {
			require.Equal(t, aid.Forbidden, aid.KindOf(err))
		}
		_, err = u.Rounds(t.Context(), by, page)
		if role == aid.RoleCoordinator {
			require.NoError(t, err)
		} else {
			require.Equal(t, aid.Forbidden, aid.KindOf(err))
		}
	}
}
