package files

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/linli/linli/aid"
)

// parser takes the fields of one record apart and notes what is wrong.
type parser struct {
	table  *Table
	fields []string
	check  aid.Check
}

func (p *parser) text(column string) string { return p.fields[p.table.place[column]] }

func (p *parser) refuse(column, format string, args ...any) {
	p.check.That(false, column, format, args...)
}

func (p *parser) id(column string) string {
	s := p.text(column)
	if s == "" {
		p.refuse(column, "is missing")
	} else if !aid.ValidID(s) {
		p.refuse(column, "%s must be 1 to %d letters, digits, '.', '_' or '-'", quote(s), aid.MaxIDLength)
	}
	return s
}

// decimal tells whether s is written as people write decimal numbers, with an
// exponent of up to three digits. [strconv.ParseFloat] takes much more: "inf",
// "0x1p-2", "1_000".
func decimal(s string) bool {
	digits := func() (n int) {
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		s = s[n:]
		return n
	}
	oneOf := func(set string) bool {
		if s == "" || strings.IndexByte(set, s[0]) < 0 {
			return false
		}
		s = s[1:]
		return true
	}
	oneOf("+-")
	n := digits()
	if oneOf(".") {
		n += digits()
	}
	if n > 0 && oneOf("eE") {
		oneOf("+-")
		e := digits()
		return e >= 1 && e <= 3 && s == ""
	}
	return n > 0 && s == ""
}

// number reads a decimal number; ok is false when a problem was noted.
func (p *parser) number(column string) (float64, bool) {
	s := p.text(column)
	if s == "" {
		p.refuse(column, "is missing")
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !decimal(s) {
		p.refuse(column, "%s is not a decimal number such as 45.75", quote(s))
		return 0, false
	}
	return x, true
}

// mostWhole bounds the whole numbers of a file, far above any sensible one.
const mostWhole = 1_000_000

// whole reads a whole number of at least 1; empty gives the default, or a
// problem when there is none.
func (p *parser) whole(column string, otherwise int) int {
	s := p.text(column)
	if s == "" && otherwise > 0 {
		return otherwise
	}
	if s == "" {
		p.refuse(column, "is missing")
		return 0
	}
	n, err := strconv.Atoi(s)
	switch {
	case err != nil:
		p.refuse(column, "%s is not a whole number", quote(s))
	case n < 1 || n > mostWhole:
		p.refuse(column, "is %d, must lie in 1 to %d", n, mostWhole)
	}
	return n
}

func (p *parser) point() aid.Point {
	lat, okLat := p.number("lat")
	lng, okLng := p.number("lng")
	at := aid.Point{Lat: lat, Lng: lng}
	if okLat && okLng {
		p.check.Within("", at.Validate())
	}
	return at
}

// metres reads kilometres. Shifting the decimal point in the text keeps the
// value exact where multiplying by 1000 would not.
func (p *parser) metres(column string) float64 {
	km, ok := p.number(column)
	if !ok {
		return 0
	}
	if km <= 0 || km > 1e6 {
		p.refuse(column, "is %g, must be more than 0 kilometres", km)
		return 0
	}
	if s := p.text(column); !strings.ContainsAny(s, "eE") {
		km, _ = strconv.ParseFloat(s+"e3", 64)
		return km
	}
	return km * 1000
}

// list splits at ';'; an empty field is the empty list.
func (p *parser) list(column string) []string {
	s := p.text(column)
	if s == "" {
		return nil
	}
	entries := strings.Split(s, ";")
	for _, e := range entries {
		if e == "" {
			p.refuse(column, "has an empty entry; separate entries by one ';'")
			return nil
		}
	}
	return entries
}

// idList reads a list of ids: sorted, each once.
func idList[T ~string](p *parser, column string) []T {
	var ids []T
	for _, e := range p.list(column) {
		if !aid.ValidID(e) {
			p.refuse(column, "%s must be 1 to %d letters, digits, '.', '_' or '-'", quote(e), aid.MaxIDLength)
		}
		ids = append(ids, T(e))
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (p *parser) coursesHeld(column string) []aid.CourseHeld {
	var held []aid.CourseHeld
	for _, e := range p.list(column) {
		id, until, dated := strings.Cut(e, ":")
		h := aid.CourseHeld{Course: aid.CourseID(id)}
		if !aid.ValidID(id) {
			p.refuse(column, "%s is not a course; write course or course:2026-05-31", quote(e))
		}
		if dated {
			day, err := aid.ParseDate(until)
			if err != nil {
				p.refuse(column, "%s: the day until which the course holds must be written as 2026-05-31", quote(e))
			}
			h.Until = day
		}
		held = append(held, h)
	}
	return held
}

// instant reads an RFC 3339 time; empty gives the zero time, noted as a problem
// when it is required.
func (p *parser) instant(column string, required bool) time.Time {
	s := p.text(column)
	if s == "" {
		if required {
			p.refuse(column, "is missing")
		}
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		p.refuse(column, "%s is not a time; write it as 2026-05-31T09:00:00+08:00", quote(s))
		return time.Time{}
	}
	if at = at.UTC(); at.Year() < aid.FirstYear || at.Year() > aid.LastYear {
		p.refuse(column, "%s must lie in the years %d to %d", quote(s), aid.FirstYear, aid.LastYear)
		return time.Time{}
	}
	return at
}

// quote shows a field's text, shortened, with everything unprintable escaped.
func quote(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return strconv.Quote(string(r[:most])) + "…"
	}
	return strconv.Quote(s)
}
