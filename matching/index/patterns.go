package index

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/linli/linli/aid"
)

// pattern is an availability, with quiet hours, that any number of volunteers
// share.
type pattern struct {
	aid.Availability
	quiet aid.QuietHours

	number int32 // below the number of patterns at any time; no other pattern of the moment has it
	uses   int32 // volunteers; guarded like the table
	key    string
}

// slow tells whether [aid.Availability.Covers] must do calendar arithmetic, so
// that it pays to remember the answer.
func (p *pattern) slow() bool { return len(p.Weekly)+len(p.Away) > 0 }

// patterns interns availabilities, which repeat: most people can come at any
// time or in one of a few weekly schemes. It is for one goroutine at a time.
type patterns struct {
	known    map[string]*pattern
	numbered []*pattern // by number, nil where it is given back
	idle     []int32    // numbers given back
	scratch  []byte
}

func newPatterns() *patterns { return &patterns{known: map[string]*pattern{}} }

// intern gives the pattern of an availability and quiet hours, nil when that is
// always.
func (p *patterns) intern(a *aid.Availability, quiet aid.QuietHours) *pattern {
	if len(a.Weekly) == 0 && len(a.Away) == 0 && a.From.IsZero() && a.Until.IsZero() && quiet.Empty() {
		return nil
	}
	p.scratch = appendPattern(p.scratch[:0], a, quiet)
	if known := p.known[string(p.scratch)]; known != nil {
		return known
	}
	fresh := &pattern{Availability: *a, quiet: quiet, key: string(p.scratch)}
	fresh.Weekly, fresh.Away = slices.Clone(a.Weekly), slices.Clone(a.Away)
	p.add(fresh)
	return fresh
}

// add takes a pattern in that is not known yet, and gives it a number.
func (p *patterns) add(one *pattern) {
	if last := len(p.idle) - 1; last >= 0 {
		one.number, p.idle = p.idle[last], p.idle[:last]
		p.numbered[one.number] = one
	} else {
		one.number = int32(len(p.numbered))
		p.numbered = append(p.numbered, one)
	}
	p.known[one.key] = one
}

func (p *patterns) use(one *pattern) {
	if one != nil {
		one.uses++
	}
}

// release counts one use less, and forgets the pattern after the last.
func (p *patterns) release(one *pattern) {
	if one == nil {
		return
	}
	if one.uses--; one.uses == 0 {
		p.forget(one)
	}
}

func (p *patterns) forget(one *pattern) {
	delete(p.known, one.key)
	p.numbered[one.number] = nil
	p.idle = append(p.idle, one.number)
}

// appendPattern appends the encoding of an availability and quiet hours: zone,
// weekly hours, days away and the two limits, each list with its length before
// it; then the two ends of the quiet hours. What says the same by the same rules
// has the same encoding.
func appendPattern(b []byte, a *aid.Availability, quiet aid.QuietHours) []byte {
	b = appendText(b, a.Zone)
	b = binary.AppendUvarint(b, uint64(len(a.Weekly)))
	for _, h := range a.Weekly {
		b = binary.AppendVarint(b, int64(h.Day))
		b = binary.AppendVarint(b, int64(h.From))
		b = binary.AppendVarint(b, int64(h.To))
	}
	b = binary.AppendUvarint(b, uint64(len(a.Away)))
	for _, r := range a.Away {
		for _, d := range []aid.Date{r.From, r.To} {
			b = binary.AppendVarint(b, int64(d.Year))
			b = binary.AppendVarint(b, int64(d.Month))
			b = binary.AppendVarint(b, int64(d.Day))
		}
	}
	b = appendTime(appendTime(b, a.From), a.Until)
	return binary.AppendVarint(binary.AppendVarint(b, int64(quiet.From)), int64(quiet.To))
}

func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, 0)
	}
	b = binary.AppendVarint(append(b, 1), t.Unix())
	return binary.AppendUvarint(b, uint64(t.Nanosecond()))
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// pattern reads what [appendPattern] wrote.
func (d *decoder) pattern() pattern {
	a := aid.Availability{Zone: d.text()}
	for range d.count() {
		a.Weekly = append(a.Weekly, aid.WeeklyHours{
			Day: time.Weekday(d.varint()), From: int(d.varint()), To: int(d.varint()),
		})
	}
	for range d.count() {
		a.Away = append(a.Away, aid.DateRange{From: d.date(), To: d.date()})
	}
	a.From, a.Until = d.time(), d.time()
	return pattern{Availability: a, quiet: aid.QuietHours{From: int(d.varint()), To: int(d.varint())}}
}

func (d *decoder) date() aid.Date {
	return aid.Date{Year: int(d.varint()), Month: time.Month(d.varint()), Day: int(d.varint())}
}

func (d *decoder) time() time.Time {
	if d.byte() == 0 {
		return time.Time{}
	}
	seconds, nanos := d.varint(), d.uvarint()
	if nanos >= uint64(time.Second) {
		d.broken = true
	}
	return time.Unix(seconds, int64(nanos)).UTC()
}
