package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/rollout"
)

func TestAComparisonIsOfWholeMonths(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases().Effects
	november := rollout.NewMonth(2026, time.November)
	_, of, err := u.Compare(t.Context(), as(aid.RoleTrainer), app.EffectOf{Course: "basics", Area: "hlj.harbin"})
	require.NoError(t, err)
	require.Equal(t, november, of.Until)
	require.Equal(t, rollout.NewMonth(2025, time.December), of.From)
	require.Equal(t, training.EffectFilter{
		Course: "basics", Area: apptest.Harbin, From: of.From.Begins(), Until: apptest.Now, Now: apptest.Now,
	}, w.AskedEffect(), "the month that goes on counts as far as it has come")

	_, _, err = u.Compare(t.Context(), as(aid.RoleTrainer), app.EffectOf{Course: "basics", Area: "hlj.harbin", From: november - 2, Until: november - 1})
	require.NoError(t, err)
	require.True(t, november.Begins().Equal(w.AskedEffect().Until))

	for field, of := range map[string]app.EffectOf{
		"until":   {Course: "basics", Area: "hlj.harbin", Until: november + 1},
		"from":    {Course: "basics", Area: "hlj.harbin", From: november, Until: november - 1},
		"area_id": {Course: "basics", Area: "atlantis"},
	} {
		_, _, err := u.Compare(t.Context(), as(aid.RoleTrainer), of)
		require.Equal(t, []string{field}, fields(t, err))
	}
	_, _, err = u.Compare(t.Context(), as(aid.RoleTrainer), app.EffectOf{Course: "basics", Area: "hlj.harbin", From: november - 120})
	require.Equal(t, []string{"from"}, fields(t, err))
	_, _, err = u.Compare(t.Context(), as(aid.RoleTrainer), app.EffectOf{Course: "none", Area: "hlj.harbin"})
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	_, _, err = u.Compare(t.Context(), as(aid.RoleTrainer), app.EffectOf{Course: "basics", Area: "hlj.daqing"})
	require.Equal(t, aid.Forbidden, aid.KindOf(err))

	w.Fail(func(call string) error {
		if call == "Effect" {
			return context.DeadlineExceeded
		}
		return nil
	})
	_, _, err = u.Compare(t.Context(), as(aid.RoleTrainer), app.EffectOf{Course: "basics", Area: "hlj.harbin"})
	require.Equal(t, []string{"area_id"}, fields(t, err), "who waits is told how to ask for less")
}
