package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app/apptest"
)

func TestACaseworkerChoosesWhomToAsk(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases()
	w.Seed("r-1", apptest.Need(), apptest.Nangang)
	by := as(aid.RoleCaseworker)
	by.Key = "once"
	card, err := u.Choices.Assign(t.Context(), by, "r-1", 0, "v-1")
	require.NoError(t, err)
	require.Equal(t, aid.OfferPending, card.Status)
	again, err := u.Choices.Assign(t.Context(), by, "r-1", 0, "v-1")
	require.NoError(t, err)
	require.Equal(t, card.ID, again.ID, "the same call is the same offer")

	_, err = u.Choices.Assign(t.Context(), as(aid.RoleCaseworker), "r-1", 0, "v-2")
	require.Equal(t, aid.ReasonNotEligible, aid.ReasonOf(err), "a hard rule holds whoever chooses")
	_, err = u.Choices.Assign(t.Context(), as(aid.RoleCaseworker), "r-1", 7, "v-1")
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	_, err = u.Choices.Assign(t.Context(), as(aid.RoleVolunteer), "r-1", 0, "v-1")
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	_, err = u.Choices.Assign(t.Context(), as(aid.RoleCaseworker), "r-1", 0, "v-none")
	require.Equal(t, aid.NotFound, aid.KindOf(err))

	r, err := u.Choices.Exclude(t.Context(), as(aid.RoleCaseworker), "r-1", "v-1")
	require.NoError(t, err)
	require.Equal(t, []aid.VolunteerID{"v-1"}, r.Excluded)
	verdicts, err := u.Requests.WhyNot(t.Context(), as(aid.RoleCaseworker), "r-1", "v-1")
	require.NoError(t, err)
	require.Equal(t, "excluded", verdicts[0].Fails)
	require.Nil(t, verdicts[0].Extra)
	require.NoError(t, u.Choices.Readmit(t.Context(), as(aid.RoleCaseworker), "r-1", "v-1"))
	_, err = u.Choices.Assign(t.Context(), as(aid.RoleCaseworker), "r-1", 0, "v-1")
	require.NoError(t, err, "an offer that was taken back may be made again")

	_, err = u.Choices.Exclude(t.Context(), as(aid.RoleCaseworker), "r-none", "v-1")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}
