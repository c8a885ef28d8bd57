package index

import (
	"fmt"
	"slices"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

// barredBy is the definition of the rules: what the domain says.
func barredBy(v Volunteer, q Query) Rule {
	return Rule(v.Vetting.Fails(q.Risk, daysOf(q)))
}

// daysOf are the days on which somebody comes, by the clocks of the query.
func daysOf(q Query) aid.Days {
	zone := q.Zone
	if zone == "" {
		zone = "Asia/Shanghai"
	}
	return aid.DaysOf(append([]aid.Window{q.Window}, q.Also...), zone)
}

// drawZone draws clocks that show different days.
func drawZone(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "UTC", "America/Los_Angeles", "Pacific/Kiritimati"}).Draw(t, "zone")
}

// drawDay draws a day that lies some days from a day some years before noon.
func drawDay(t *rapid.T, label string, years int) aid.Date {
	return aid.DateOf(noon.AddDate(-years, 0, rapid.IntRange(-2, 2).Draw(t, label)))
}

// drawVetting draws days about which the rules turn.
func drawVetting(t *rapid.T, id string) (v aid.Vetting) {
	if rapid.Bool().Draw(t, id+".checked") {
		v.CheckedOn = drawDay(t, id+".check", rapid.SampledFrom([]int{0, 2, 50}).Draw(t, id+".check.years"))
	}
	if rapid.Bool().Draw(t, id+".born") {
		v.BirthDate = drawDay(t, id+".birth", rapid.SampledFrom([]int{10, 18, 126, 30}).Draw(t, id+".age"))
	}
	if rapid.Bool().Draw(t, id+".consent") {
		v.ConsentUntil = drawDay(t, id+".consent.day", rapid.SampledFrom([]int{0, -200}).Draw(t, id+".consent.years"))
	}
	return v
}

func drawRisk(t *rapid.T) aid.Risk {
	return aid.Risk{
		Class: "c", CheckMonths: rapid.SampledFrom([]int{0, 24, 600}).Draw(t, "check months"),
		MinorsBarred: rapid.IntRange(0, 3).Draw(t, "minors") == 0, TwoDeep: rapid.IntRange(0, 3).Draw(t, "two deep") == 0,
	}
}

// TestVettingsAreJudgedAsTheDomainDoes: six bytes say what three dates say. The
// transaction that makes offers decides by the dates; if it said no where the
// index says yes, a round would choose the same person again and again.
func TestVettingsAreJudgedAsTheDomainDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		who := aid.Vetting{}
		date := func(label string, from, to int) aid.Date {
			return aid.DateOf(time.Date(from, 1, 1+rapid.IntRange(0, (to-from)*365).Draw(t, label), 0, 0, 0, 0, time.UTC))
		}
		if rapid.Bool().Draw(t, "checked") {
			who.CheckedOn = date("check", 2020, 2027)
		}
		if rapid.Bool().Draw(t, "born") {
			who.BirthDate = date("birth", 2005, 2012)
		}
		if rapid.Bool().Draw(t, "consent") {
			who.ConsentUntil = date("consent until", 2024, 2030)
		}
		first := date("first", 2026, 2029)
		q := Query{Window: aid.Window{StartsAt: time.Date(first.Year, first.Month, first.Day, 23, 0, 0, 0, time.UTC)}, Risk: drawRisk(t), Zone: drawZone(t)}
		q.Risk.CheckMonths = rapid.IntRange(0, 60).Draw(t, "months")
		q.Window.EndsAt = q.Window.StartsAt.Add(2 * time.Hour)
		for _, days := range rapid.SliceOfN(rapid.IntRange(1, 28), 0, 3).Draw(t, "visits") {
			w := q.Window
			q.Also = append(q.Also, aid.Window{StartsAt: w.StartsAt.AddDate(0, 0, days), EndsAt: w.EndsAt.AddDate(0, 0, days)})
		}
		s := search{vetted: true, vet: vetOf(&q, daysOf(q))}
		require.Equal(t, barredBy(Volunteer{Vetting: who}, q), s.vets(vettingOf(who)))
	})
}

// What cannot be counted in so few bytes is judged strictly.
func TestDaysFarAwayAreJudgedStrictly(t *testing.T) {
	t.Parallel()
	require.Equal(t, day(1), dayCount(aid.Date{Year: 1900, Month: 1, Day: 1}))
	require.Equal(t, day(latest), dayCount(aid.Date{Year: 2079, Month: 6, Day: 6}))
	require.Equal(t, day(latest), dayCount(aid.Date{Year: 2900, Month: 1, Day: 1}))
	far := Query{Window: aid.Window{StartsAt: time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)}, Risk: aid.Risk{CheckMonths: 12}}
	s := search{vetted: true, vet: vetOf(&far, daysOf(far))}
	require.Equal(t, Check, s.vets(vettingOf(aid.Vetting{CheckedOn: aid.DateOf(noon)})))
}

func TestWhatIsKnownTakesFewBytes(t *testing.T) {
	t.Parallel()
	require.LessOrEqual(t, unsafe.Sizeof(vettings{}), uintptr(leafSize*3), "three bytes a volunteer at most where most are of age")
	var b leafBuilder
	b.add(&record{id: "v"}, 0)
	require.Nil(t, b.done().known, "nothing where nothing is known")
}

// TestVettingsOfALeaf puts volunteers in and takes them out in any order.
func TestVettingsOfALeaf(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var want []vetting
		var b leafBuilder
		for i := range rapid.IntRange(1, leafSize).Draw(t, "people") {
			want = append(want, vettingOf(drawVetting(t, fmt.Sprint(i))))
			b.add(&record{id: "v", vetting: want[i]}, handle(i))
		}
		l := b.done()
		for len(want) > 1 && rapid.Bool().Draw(t, "leaves") {
			slot := rapid.IntRange(0, len(want)-1).Draw(t, "slot")
			before := l.vettingOf(slot)
			l, want = l.without(slot), slices.Delete(want, slot, slot+1)
			if rapid.Bool().Draw(t, "comes back") {
				l, want = l.with(&record{id: "v", vetting: before}, 99), append(want, before)
			}
		}
		for slot, v := range want {
			require.True(t, v.sound())
			require.Equal(t, v, l.vettingOf(slot))
		}
	})
}
