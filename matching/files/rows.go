package files

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

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
	parse func(*parser) (id string, value T) // called in several goroutines at a time
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
// last thing given. Rows are parsed ahead, on all processors, so that those not
// asked for before the loop is left are lost.
func (r *Reader[T]) Rows() iter.Seq2[Row[T], error] {
	return func(yield func(Row[T], error) bool) {
		plain := r.table.blocks()
		for rows := range inOrder(plain.all(), r.parseBlock) {
			for i := range rows {
				err := r.judge(&rows[i])
				if !yield(rows[i].Row, err) {
					return
				}
			}
		}
		r.table.goOn(plain)
		p := &parser{table: r.table}
		for {
			record, err := r.table.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			row := parsed[T]{Row: Row[T]{Record: record}, err: err}
			if err == nil {
				row = r.parseRecord(p, record)
			}
			err = r.judge(&row)
			_, goOn := errors.AsType[*RowError](err)
			if !yield(row.Row, err) || err != nil && !goOn {
				return
			}
		}
	}
}

// parsed is a row taken apart by itself, not yet compared with others.
type parsed[T any] struct {
	Row[T]
	id       string
	problems []aid.Problem
	err      error // for which it could not be taken apart
}

func (r *Reader[T]) parseBlock(b block) []parsed[T] {
	var rows []parsed[T]
	p := &parser{table: r.table}
	for record := range b.records() {
		if err := r.table.checkWidth(record); err != nil {
			rows = append(rows, parsed[T]{Row: Row[T]{Record: record}, err: err})
		} else {
			rows = append(rows, r.parseRecord(p, record))
		}
	}
	return rows
}

func (r *Reader[T]) parseRecord(p *parser, record Record) parsed[T] {
	p.fields, p.check = record.Fields, aid.Check{}
	row := parsed[T]{Row: Row[T]{Record: record}}
	row.id, row.Value = r.parse(p)
	if bad, ok := errors.AsType[*aid.Error](p.check.Err("row")); ok {
		row.problems = bad.Problems
	}
	return row
}

// judge gives the error of a row, once those before it have been judged.
func (r *Reader[T]) judge(row *parsed[T]) error {
	if row.err != nil {
		return row.err
	}
	if first, twice := r.seen[row.id]; twice {
		row.problems = append(row.problems, aid.Problem{Field: "id", Message: fmt.Sprintf("%s is in row %d already", quote(row.id), first)})
	} else if row.id != "" {
		r.seen[strings.Clone(row.id)] = row.Record.Row // not keeping the block alive
	}
	if len(row.problems) > 0 {
		var none T
		row.Value = none
		return &RowError{row.Record.Row, row.problems}
	}
	return nil
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
