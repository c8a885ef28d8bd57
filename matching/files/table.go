package files

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/linli/linli/aid"
)

// MaxRow is the longest row, in bytes.
const MaxRow = 64 << 10

// RowError says what is wrong with one row. It unwraps to an [aid.Invalid]
// error.
type RowError struct {
	Row      int // line on which the row begins; the header is row 1
	Problems []aid.Problem
}

// Error names the row and its fields.
func (e *RowError) Error() string {
	return fmt.Sprintf("row %d: %s", e.Row, strings.TrimPrefix(e.Unwrap().Error(), "invalid row: "))
}

// Unwrap gives the error as the domain knows it.
func (e *RowError) Unwrap() error {
	return &aid.Error{Kind: aid.Invalid, Message: "invalid row", Problems: e.Problems}
}

// Record is one row as text.
type Record struct {
	Row    int
	Fields []string // in the order of the file's header
}

// Table reads a CSV file row by row. It is not safe for concurrent use.
type Table struct {
	what   string // for messages, such as "volunteers"
	in     *bounded
	csv    *csv.Reader
	header []string
	place  map[string]int
	row    int // of the last record
	before int // rows before those that csv reads
}

// OpenTable reads the header and checks that it has every one of the columns
// once, in any order, and no other. what names the kind of file in messages.
func OpenTable(r io.Reader, what string, columns []string) (*Table, error) {
	t := &Table{what: what, in: newBounded(r), place: map[string]int{}}
	strange, err := t.in.checkStart()
	switch {
	case err != nil:
		return nil, t.failed(err)
	case strange != "":
		return nil, t.unreadable("%s", strange)
	}
	t.in.keep = true
	t.parse()
	header, err := t.Next()
	t.in.keep = false
	switch {
	case errors.Is(err, io.EOF):
		return nil, t.unreadable("is empty; its first row must name the columns %s", strings.Join(columns, ","))
	case err != nil:
		return nil, err
	}
	t.header = header.Fields
	return t, t.checkHeader(columns)
}

func (t *Table) parse() {
	t.csv = csv.NewReader(t.in)
	t.csv.FieldsPerRecord = -1
}

// blocks gives what follows the header, of which nothing may have been read yet.
func (t *Table) blocks() *blocks {
	header := t.in.kept[:t.csv.InputOffset()]
	rest := io.MultiReader(bytes.NewReader(t.in.kept[len(header):]), t.in.in)
	return &blocks{in: rest, row: bytes.Count(header, []byte("\n")) + 1}
}

// goOn reads from where blocks have ended.
func (t *Table) goOn(b *blocks) {
	t.in, t.before, t.row = newBounded(b.rest()), b.row-1, b.row-1
	t.parse()
}

func (t *Table) checkHeader(columns []string) error {
	var c aid.Check
	for i, name := range t.header {
		_, twice := t.place[name]
		c.That(!twice, fmt.Sprintf("column %q", name), "is there twice; remove one")
		c.That(slices.Contains(columns, name), fmt.Sprintf("column %q", name), "is not known; the columns are %s", strings.Join(columns, ","))
		t.place[name] = i
	}
	for _, name := range columns {
		_, there := t.place[name]
		c.That(there, fmt.Sprintf("column %q", name), "is missing")
	}
	return c.Err("header of the " + t.what + " file")
}

// Header gives the columns in the order of the file.
func (t *Table) Header() []string { return t.header }

// Next gives the next row, [io.EOF] after the last. A [*RowError] concerns one
// row, and reading may go on; after any other error it may not.
func (t *Table) Next() (Record, error) {
	t.in.allow(t.csv.InputOffset() + MaxRow)
	fields, err := t.csv.Read()
	if parse, ok := errors.AsType[*csv.ParseError](err); ok {
		t.row = t.before + parse.StartLine
		return Record{Row: t.row}, rowError(t.row, "", `has a stray quote; write a quote inside a field as "" and put the whole field in quotes`)
	}
	switch {
	case errors.Is(err, io.EOF):
		return Record{}, io.EOF
	case errors.Is(err, errTooLong) && t.row == 0:
		return Record{}, t.unreadable("has a first row of more than %d bytes; this is not a CSV file", MaxRow)
	case errors.Is(err, errTooLong):
		return Record{}, t.unreadable("has after row %d a row that is longer than %d bytes; perhaps a quote is never closed", t.row, MaxRow)
	case err != nil:
		return Record{}, t.failed(err)
	}
	line, _ := t.csv.FieldPos(0)
	t.row = t.before + line
	row := t.row
	if err := checkText(fields); err != nil {
		return Record{}, t.unreadable("row %d %s", row, err)
	}
	record := Record{row, fields}
	if t.header == nil {
		return record, nil
	}
	return record, t.checkWidth(record)
}

func (t *Table) checkWidth(r Record) error {
	if len(r.Fields) != len(t.header) {
		return rowError(r.Row, "", "has %d fields, the header has %d; a field with a comma in it needs quotes", len(r.Fields), len(t.header))
	}
	return nil
}

func (t *Table) unreadable(format string, args ...any) error {
	return aid.Errorf(aid.Invalid, "the %s file %s", t.what, fmt.Sprintf(format, args...))
}

func (t *Table) failed(err error) error {
	return &aid.Error{Kind: aid.Unavailable, Message: fmt.Sprintf("cannot read the %s file: %v", t.what, err), Err: err}
}

func rowError(row int, field, format string, args ...any) *RowError {
	return &RowError{row, []aid.Problem{{Field: field, Message: fmt.Sprintf(format, args...)}}}
}
