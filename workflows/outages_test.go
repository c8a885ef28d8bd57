package workflows_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/activities/memory"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// away takes the store away between two times since noon.
func (p *process) away(from, until time.Duration, err error) {
	p.breaks(func(string, memory.When) error {
		if since := p.Now().Sub(noon); since >= from && since < until {
			return err
		}
		return nil
	})
}

var unreachable = aid.Errorf(aid.Unavailable, "the database is away")

// TestTheStoreMayBeAwayForAnHour: nothing is lost and nothing fails; the answer
// that was given meanwhile counts when it is back.
func TestTheStoreMayBeAwayForAnHour(t *testing.T) {
	t.Parallel()
	t.Run("from the start", func(t *testing.T) {
		t.Parallel()
		p := newProcess(t, 1, 1, aid.Routine)
		p.away(0, time.Hour, unreachable)
		p.at(time.Hour-time.Second, func() { require.Zero(t, p.rounds()) })
		p.at(time.Hour+time.Minute, func() { require.Equal(t, 1, p.rounds()); p.cancel() })
		p.run()
		require.NoError(t, p.GetWorkflowError())
		require.Less(t, p.calls["Request"], 200, "it is asked about every half minute")
	})
	for name, err := range map[string]error{"while somebody answers": unreachable, "for a reason unknown": errors.New("broken pipe")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProcess(t, 1, 1, aid.Routine)
			var accepted *answer
			p.at(time.Minute, func() { p.offer("v-1") })
			p.away(time.Hour, 2*time.Hour, err)
			p.at(time.Hour, func() { accepted = p.accept("v-1"); p.SignalWorkflow(contract.SignalRequestChanged, nil) })
			p.at(2*time.Hour, func() { require.False(t, accepted.given()) })
			p.stands(2*time.Hour+time.Minute, aid.RequestPaired)
			p.run()
			require.NoError(t, p.GetWorkflowError())
			require.NoError(t, accepted.err)
			require.Equal(t, aid.RequestCompleted, p.request().Status)
		})
	}
	t.Run("when the window ends", func(t *testing.T) {
		t.Parallel()
		p := newProcess(t, 1, 1, aid.Routine)
		p.at(time.Minute, func() { p.offer("v-1") })
		p.at(time.Hour, func() { p.accept("v-1") })
		p.away(begins-time.Minute, ends+time.Hour, unreachable)
		p.run()
		require.NoError(t, p.GetWorkflowError())
		require.Equal(t, aid.RequestCompleted, p.request().Status, "the help was given even so")
	})
}

// TestAFaultOfOursIsToldAndHoldsUpNobody: the one message that cannot be served
// fails, those after it do not.
func TestAFaultOfOursIsToldAndHoldsUpNobody(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(string, memory.When) error{
		"fault": with(aid.Errorf(aid.Internal, "the plan could not be proven")),
		"panic": func(string, memory.When) error { panic("index out of range") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProcess(t, 1, 1, aid.Routine)
			p.neighbours("v-1")
			var poisoned, next *answer
			p.at(time.Minute, func() {
				p.breaks(fault)
				poisoned = p.decline("v-1")
			})
			p.at(2*time.Minute, func() { p.breaks(nil); next = p.accept("v-1") })
			p.run()
			require.NoError(t, p.GetWorkflowError())
			require.True(t, poisoned.given())
			require.Equal(t, aid.Internal, poisoned.detail(t).Kind)
			require.NoError(t, next.err)
			require.Equal(t, aid.RequestCompleted, p.request().Status)
		})
	}
}

// TestTheClocksOutliveAFaultOfOurs: what no caller waits for is tried until the
// fault is mended.
func TestTheClocksOutliveAFaultOfOurs(t *testing.T) {
	t.Parallel()
	for _, kind := range []aid.Kind{aid.Internal, aid.Conflict} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			p := newProcess(t, 1, 1, aid.Routine)
			p.neighbours("v-1")
			p.at(time.Minute, func() { p.accept("v-1") })
			p.at(time.Hour, func() { p.breaks(with(aid.Errorf(kind, "a fault"))) })
			p.at(2*ends, func() { p.breaks(nil) })
			p.run()
			require.NoError(t, p.GetWorkflowError())
			require.Equal(t, aid.RequestCompleted, p.request().Status)
			require.WithinDuration(t, noon.Add(2*ends), p.Now(), 2*time.Minute)
		})
	}
}

// TestTheDatabaseClockDecides: it runs behind, so that the process asks too
// early, and then not in a tight loop.
func TestTheDatabaseClockDecides(t *testing.T) {
	t.Parallel()
	p := newProcess(t, 1, 1, aid.Routine)
	p.neighbours("v-1")
	p.store.Now = func() time.Time { return p.Now().Add(-time.Minute) }
	p.at(time.Minute, func() { p.accept("v-1") })
	p.run()
	require.Equal(t, aid.RequestCompleted, p.request().Status)
	require.InDelta(t, ends, p.when(aid.EventRequestCompleted), float64(2*time.Second), "by the database's clock")
	require.Equal(t, 1, p.rounds())
	require.Less(t, p.calls["Change"], 200, "in two minutes of asking too early")
}
