package index

import (
	"encoding/binary"
	"math"
	"unique"

	"github.com/linli/linli/aid"
)

// append appends the encoding of a record, about 60 bytes: its id, by which loads
// tell people apart, then the rest.
func (r *record) append(b []byte) []byte {
	b = appendText(b, r.id)
	b = appendFloat(b, r.home.Lat)
	b = appendFloat(b, r.home.Lng)
	b = appendFloat(b, r.reach)
	b = binary.AppendUvarint(b, uint64(r.free))
	pattern := uint64(0)
	if r.when != nil {
		pattern = uint64(r.when.number) + 1
	}
	b = binary.AppendUvarint(b, pattern)
	b = binary.AppendUvarint(b, uint64(len(r.skills)))
	for _, s := range r.skills {
		b = binary.AppendUvarint(b, uint64(s))
	}
	b = binary.AppendUvarint(b, uint64(len(r.held)))
	for _, c := range r.held {
		b = binary.AppendUvarint(b, uint64(c.word))
		b = binary.AppendUvarint(b, uint64(latest-c.until)) // one byte for no end
	}
	b = binary.AppendUvarint(b, uint64(len(r.bound)))
	for _, s := range r.bound {
		b = binary.AppendVarint(b, s.from)
		b = binary.AppendVarint(b, s.to)
	}
	b = binary.AppendVarint(b, r.pause.until)
	b = binary.AppendUvarint(b, uint64(len(r.pause.parks())))
	for _, p := range r.pause.parks() {
		b = appendFloat(appendText(b, p.category.Value()), p.within)
	}
	for _, d := range []day{r.vetting.checked, r.vetting.age.adult, r.vetting.age.consent} {
		b = binary.AppendUvarint(b, uint64(d))
	}
	return b
}

func appendFloat(b []byte, f float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
}

// decoder takes encodings apart. Once broken it gives zeros for ever, so that
// only the end of a record needs a look.
type decoder struct {
	rest   []byte
	broken bool
}

// record reads what [record.append] wrote into r, over whatever it held; the id
// shares no memory with the input.
func (d *decoder) record(r *record, t *terms) {
	r.id = d.text()
	d.but(r, t)
}

// but reads a record but for its id. Words and patterns must be among the terms.
func (d *decoder) but(r *record, t *terms) {
	skills, courses, numbered := len(t.skills.uses), len(t.courses.uses), t.patterns.numbered
	r.home = aid.Point{Lat: d.float(), Lng: d.float()}
	r.reach = d.float()
	r.free = int32(d.below(math.MaxInt32 + 1))
	r.when = nil
	if n := d.below(uint64(len(numbered)) + 1); n > 0 {
		r.when = numbered[n-1]
		d.broken = d.broken || r.when == nil
	}
	r.skills, r.held, r.bound = r.skills[:0], r.held[:0], r.bound[:0]
	for range d.count() {
		r.skills = append(r.skills, word(d.below(uint64(skills))))
	}
	for range d.count() {
		r.held = append(r.held, course{word(d.below(uint64(courses))), latest - d.day()})
	}
	for range d.count() {
		r.bound = append(r.bound, span{d.varint(), d.varint()})
	}
	until := d.varint()
	var put []parked
	for range d.count() {
		put = append(put, parked{unique.Make(d.text()), d.float()})
	}
	r.pause = pause{until, parking(put)}
	r.vetting = vetting{checked: d.day(), age: age{adult: d.day(), consent: d.day()}}
}

func (d *decoder) fail() {
	d.broken, d.rest = true, nil
}

func (d *decoder) byte() byte {
	if len(d.rest) == 0 {
		d.fail()
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

func (d *decoder) uvarint() uint64 {
	if len(d.rest) > 0 && d.rest[0] < 0x80 { // nearly all are that short
		v := d.rest[0]
		d.rest = d.rest[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(d.rest)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.rest)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

// below reads a number that must be less than limit.
func (d *decoder) below(limit uint64) uint64 {
	v := d.uvarint()
	if v >= limit {
		d.fail()
		return 0
	}
	return v
}

// day reads a counted day.
func (d *decoder) day() day { return day(d.below(latest + 1)) }

// count reads the length of a list, each entry of which takes a byte at least,
// so that a wrong length cannot ask for more memory than the input has.
func (d *decoder) count() int { return int(d.below(uint64(len(d.rest)) + 1)) }

func (d *decoder) float() float64 {
	if len(d.rest) < 8 {
		d.fail()
		return 0
	}
	v := math.Float64frombits(binary.LittleEndian.Uint64(d.rest))
	d.rest = d.rest[8:]
	return v
}

// bytes reads a text without copying it.
func (d *decoder) bytes() []byte {
	n := d.count()
	if n > len(d.rest) {
		d.fail()
		return nil
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

func (d *decoder) text() string { return string(d.bytes()) }
