package files

import (
	"errors"
	"io"
	"iter"

	"github.com/linli/linli/aid"
)

// VolunteerColumns and RequestColumns are the columns in the order in which
// they are written.
var (
	VolunteerColumns = []string{"id", "lat", "lng", "skills", "max_km", "capacity", "trained", "available_from", "available_to"}
	RequestColumns   = []string{"id", "lat", "lng", "skills", "people", "min_people", "courses", "urgency", "starts_at", "ends_at"}
)

// Volunteer is one row of a volunteers file.
type Volunteer struct {
	ID           aid.VolunteerID
	Home         aid.Point
	Skills       []aid.Skill // sorted, each once
	MaxDistance  float64     // metres
	Capacity     int
	Courses      []aid.CourseHeld
	Availability aid.Availability // From and Until only
}

// Request is one row of a requests file.
type Request struct {
	ID        aid.RequestID
	Place     aid.Point
	Skills    []aid.Skill    // sorted, each once
	Courses   []aid.CourseID // sorted, each once
	People    int
	MinPeople int
	Urgency   aid.Urgency
	Window    aid.Window
}

// Row is one good row: its text and what it says.
type Row[T any] struct {
	Record
	Value T
}

// Reader reads the rows of a file as values. It is not safe for concurrent use.
type Reader[T any] struct {
	table *Table
	parse func(*parser) (id string, value T)
	seen  map[string]int
}

// NewVolunteers opens a volunteers file.
func NewVolunteers(r io.Reader) (*Reader[Volunteer], error) {
	return newReader(r, "volunteers", VolunteerColumns, volunteer)
}

// NewRequests opens a requests file.
func NewRequests(r io.Reader) (*Reader[Request], error) {
	return newReader(r, "requests", RequestColumns, request)
}

func newReader[T any](r io.Reader, what string, columns []string, parse func(*parser) (string, T)) (*Reader[T], error) {
	t, err := OpenTable(r, what, columns)
	if err != nil {
		return nil, err
	}
	return &Reader[T]{t, parse, map[string]int{}}, nil
}

// Header gives the columns in the order of the file.
func (r *Reader[T]) Header() []string { return r.table.Header() }

// Rows gives every row once. With a [*RowError] the row holds only its text, as
// far as it could be split, and the next row follows; any other error is the
// last thing given.
func (r *Reader[T]) Rows() iter.Seq2[Row[T], error] {
	return func(yield func(Row[T], error) bool) {
		for {
			record, err := r.table.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			row := Row[T]{Record: record}
			if err == nil {
				row.Value, err = r.value(record)
			}
			_, goOn := errors.AsType[*RowError](err)
			if !yield(row, err) || err != nil && !goOn {
				return
			}
		}
	}
}

func (r *Reader[T]) value(rec Record) (T, error) {
	p := &parser{table: r.table, fields: rec.Fields}
	id, v := r.parse(p)
	if first, twice := r.seen[id]; twice {
		p.refuse("id", "%s is in row %d already", quote(id), first)
	} else if id != "" {
		r.seen[id] = rec.Row
	}
	if bad, ok := errors.AsType[*aid.Error](p.check.Err("row")); ok {
		var none T
		return none, &RowError{rec.Row, bad.Problems}
	}
	return v, nil
}

func volunteer(p *parser) (string, Volunteer) {
	v := Volunteer{
		ID: aid.VolunteerID(p.id("id")), Home: p.point(), Skills: idList[aid.Skill](p, "skills"),
		MaxDistance: p.metres("max_km"), Capacity: p.whole("capacity", 0), Courses: p.coursesHeld("trained"),
		Availability: aid.Availability{From: p.instant("available_from", false), Until: p.instant("available_to", false)},
	}
	from, until := v.Availability.From, v.Availability.Until
	p.check.That(from.IsZero() || until.IsZero() || until.After(from), "available_to", "must come after available_from")
	return string(v.ID), v
}

func request(p *parser) (string, Request) {
	r := Request{
		ID: aid.RequestID(p.id("id")), Place: p.point(), Skills: idList[aid.Skill](p, "skills"),
		Courses: idList[aid.CourseID](p, "courses"), People: p.whole("people", 0), MinPeople: p.whole("min_people", 1),
		Urgency: aid.Urgency(p.text("urgency")),
		Window:  aid.Window{StartsAt: p.instant("starts_at", true), EndsAt: p.instant("ends_at", true)},
	}
	p.check.That(r.People < 1 || r.MinPeople <= r.People, "min_people", "is %d, more than the %d people asked for", r.MinPeople, r.People)
	p.check.That(r.Urgency.Weight() > 0, "urgency", "is %s, must be one of routine, soon, urgent", quote(string(r.Urgency)))
	w := r.Window
	p.check.That(w.StartsAt.IsZero() || w.EndsAt.IsZero() || w.EndsAt.After(w.StartsAt), "ends_at", "must come after starts_at")
	return string(r.ID), r
}
