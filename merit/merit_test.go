package merit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/merit"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// done is a visit of one hour and a half.
func done(in, out aid.Means, confirmed bool) aid.Visit {
	v := aid.Visit{
		ID: "vis-1", Request: "r-1", Pairing: "p-1", Volunteer: "mei", Status: aid.VisitDone,
		Window: aid.Window{StartsAt: noon, EndsAt: noon.Add(2 * time.Hour)},
		In:     aid.Mark{At: noon, Means: in}, Out: aid.Mark{At: noon.Add(90*time.Minute + 59*time.Second), Means: out},
	}
	if confirmed {
		v.ConfirmedAt = noon.Add(3 * time.Hour)
	}
	return v
}

func TestTheGradeIsThatOfTheWorseEnd(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		in, out   aid.Means
		confirmed bool
		want      merit.Grade
	}{
		{aid.MeansCode, aid.MeansCode, false, merit.BothSides},
		{aid.MeansCode, aid.MeansPosition, false, merit.OwnWord},
		{aid.MeansPosition, aid.MeansCode, false, merit.OwnWord},
		{aid.MeansPosition, aid.MeansPosition, false, merit.OwnWord},
		{aid.MeansCaseworker, aid.MeansCode, false, merit.Beneficiary},
		{aid.MeansCaseworker, aid.MeansCaseworker, false, merit.Beneficiary},
		{aid.MeansCaseworker, aid.MeansPosition, false, merit.OwnWord},
		{aid.MeansPosition, aid.MeansPosition, true, merit.BothSides},
		{aid.MeansCaseworker, aid.MeansPosition, true, merit.BothSides},
		{aid.MeansCaseworker, aid.MeansCaseworker, true, merit.Beneficiary},
	} {
		require.Equal(t, test.want, merit.GradeOf(done(test.in, test.out, test.confirmed)), "%+v", test)
	}
	vouched := func(v aid.Visit) aid.Visit { v.VouchedAt = noon.Add(3 * time.Hour); return v }
	require.Equal(t, merit.CrewLead, merit.GradeOf(vouched(done(aid.MeansPosition, aid.MeansCode, false))))
	require.Equal(t, merit.BothSides, merit.GradeOf(vouched(done(aid.MeansCode, aid.MeansCode, false))), "what is better stays")
	require.Equal(t, merit.BothSides, merit.GradeOf(vouched(done(aid.MeansPosition, aid.MeansPosition, true))))
	for i, g := range merit.Grades {
		for j, o := range merit.Grades {
			require.Equal(t, i < j, g.Above(o), "%s above %s", g, o)
		}
	}
}

func TestARecordIsEarnedByServiceAlone(t *testing.T) {
	t.Parallel()
	r, ok := merit.Earned(done(aid.MeansCode, aid.MeansCode, false))
	require.True(t, ok)
	require.Equal(t, 90, r.Minutes())
	require.Equal(t, merit.Counted, r.Standing)
	require.Equal(t, aid.VisitID("vis-1"), r.Visit)
	for _, s := range []aid.VisitStatus{aid.VisitPlanned, aid.VisitBegun, aid.VisitMissed, aid.VisitCancelled} {
		v := done(aid.MeansCode, aid.MeansCode, false)
		v.Status = s
		_, ok := merit.Earned(v)
		require.False(t, ok, s)
	}
}

func TestADisputedRecordCountsForNothingUntilItIsSettled(t *testing.T) {
	t.Parallel()
	for _, outcome := range merit.Outcomes {
		r, _ := merit.Earned(done(aid.MeansCode, aid.MeansCode, false))
		require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(r.Settle(outcome, "co", noon)), "there is nothing to settle")
		require.Equal(t, aid.Invalid, aid.KindOf(r.Dispute("because", "mei", noon)))
		require.NoError(t, r.Dispute("wrong_time", "mei", noon))
		require.NoError(t, r.Dispute("other", "mei", noon.Add(time.Hour)), "again is no error")
		require.Equal(t, "wrong_time", r.Reason)
		require.Zero(t, r.Minutes())
		require.Equal(t, aid.Invalid, aid.KindOf(r.Settle(merit.Counted, "co", noon)))
		require.NoError(t, r.Settle(outcome, "co", noon.Add(2*time.Hour)))
		require.NoError(t, r.Settle(outcome, "co", noon.Add(3*time.Hour)))
		require.Equal(t, noon.Add(2*time.Hour), r.SettledAt)
		require.Equal(t, map[merit.Standing]int{merit.Upheld: 90, merit.Struck: 0}[outcome], r.Minutes())
		require.Equal(t, aid.ReasonSettled, aid.ReasonOf(r.Dispute("other", "mei", noon)))
		for _, other := range merit.Outcomes {
			if other != outcome {
				require.Equal(t, aid.ReasonSettled, aid.ReasonOf(r.Settle(other, "co", noon)))
			}
		}
		var kinds []aid.EventKind
		for _, e := range r.TakeEvents() {
			require.Equal(t, aid.RequestID("r-1"), e.Request)
			require.Equal(t, aid.VisitID("vis-1"), e.Visit)
			kinds = append(kinds, e.Kind)
		}
		require.Equal(t, []aid.EventKind{aid.EventServiceDisputed, aid.EventServiceSettled}, kinds)
	}
}
