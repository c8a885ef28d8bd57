// Package sheet reads and writes the spreadsheets in which people keep lists: CSV
// in UTF-8, and Excel workbooks (.xlsx), of which the first sheet counts. Which of
// the two it is, is seen from the content.
//
// The first row names the columns. Rows keep the number that a spreadsheet program
// shows, 1 for the header. Rows that could not be taken are given back in the form
// in which they came, with the reason in a column of its own; that column is passed
// over when the corrected file comes again.
//
// A file is held in memory whole: it has at most [MaxRows] rows and [MaxCells] cells
// in a row, and a workbook is unpacked to at most 16 MiB. Everything that is wrong
// with a file as a whole is [aid.Invalid] with the field "file".
package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/linli/linli/aid"
)

// Form is how a sheet is written.
type Form string

// The forms.
const (
	CSV  Form = "csv"
	XLSX Form = "xlsx"
)

// Limits of a sheet.
const (
	MaxRows  = 5000
	MaxCells = 50
	maxCell  = 1000 // bytes
	unpacked = 16 << 20
	lastRow  = 50_000 // empty rows counted
)

// Reason is the column that says why a row was not taken.
const Reason = "reason"

var byteOrderMark = []byte("\xef\xbb\xbf")

// Row is one row: as many cells as the header has.
type Row struct {
	No    int
	Cells []string
}

// Table is a sheet that was read.
type Table struct {
	Form   Form
	Header []string
	Rows   []Row

	marked bool // it began with a byte order mark, by which spreadsheet programs know UTF-8
}

// Read reads a sheet that has every one of the columns in must, and no others but
// those in may and [Reason]. Rows without any text are passed over.
func Read(data []byte, must, may []string) (*Table, error) {
	t := &Table{Form: CSV}
	var err error
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		t.Form = XLSX
		err = t.readWorkbook(data)
	} else {
		err = t.readText(data)
	}
	if err != nil {
		return nil, err
	}
	if t.Header == nil {
		return nil, unsound("is empty; its first row must name the columns %s", strings.Join(must, ", "))
	}
	return t, t.checkHeader(must, may)
}

func (t *Table) readText(data []byte) error {
	if data, t.marked = bytes.CutPrefix(data, byteOrderMark); !utf8.Valid(data) {
		return unsound("is neither a workbook (.xlsx) nor UTF-8; save it as \"CSV UTF-8\"")
	}
	in := csv.NewReader(bytes.NewReader(data))
	in.FieldsPerRecord = -1
	for {
		cells, err := in.Read()
		if len(cells) == 0 && err != nil {
			if bad, ok := err.(*csv.ParseError); ok { //nolint:errorlint // the reader gives it as it is
				return unsound("row %d: %v", bad.Line, bad.Err)
			}
			return nil // the end
		}
		line, _ := in.FieldPos(0)
		if err := t.take(line, cells); err != nil {
			return err
		}
	}
}

func (t *Table) readWorkbook(data []byte) (err error) {
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: unpacked, UnzipXMLSizeLimit: unpacked, RawCellValue: true,
	})
	if err != nil {
		return unsound("is a workbook that cannot be read; save it anew as .xlsx, without a password")
	}
	defer book.Close() //nolint:errcheck // only read
	names := book.GetSheetList()
	if len(names) == 0 {
		return unsound("has no sheet")
	}
	rows, err := book.Rows(names[0])
	if err != nil {
		return unsound("has a first sheet that cannot be read")
	}
	defer rows.Close() //nolint:errcheck // only read
	for no := 1; rows.Next(); no++ {
		if no > lastRow {
			return unsound("has text below row %d; move it up, or delete it", lastRow)
		}
		cells, err := rows.Columns()
		if err != nil {
			return unsound("row %d cannot be read", no)
		}
		if err := t.take(no, cells); err != nil {
			return err
		}
	}
	if rows.Error() != nil {
		return unsound("has a first sheet that cannot be read")
	}
	return nil
}

// take adds a row, the first one as the header.
func (t *Table) take(no int, cells []string) error {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 {
		return nil
	}
	width := MaxCells
	if t.Header != nil {
		width = len(t.Header)
	}
	switch {
	case len(cells) > width:
		return unsound("row %d has %d cells, more than the %d columns that there are", no, len(cells), width)
	case len(t.Rows) == MaxRows:
		return unsound("has more than %d rows; send it in parts", MaxRows)
	}
	out := make([]string, len(cells), max(len(cells), len(t.Header)))
	for i, cell := range cells {
		out[i] = strings.TrimSpace(cell)
		if len(cell) > maxCell || !utf8.ValidString(cell) || strings.ContainsRune(cell, 0) {
			return unsound("row %d: the cell in column %d is no text of at most %d bytes", no, i+1, maxCell)
		}
	}
	if t.Header == nil {
		t.Header = out
		return nil
	}
	t.Rows = append(t.Rows, Row{no, append(out, make([]string, len(t.Header)-len(out))...)})
	return nil
}

func (t *Table) checkHeader(must, may []string) error {
	var c aid.Check
	for i, name := range t.Header {
		known := slices.Contains(must, name) || slices.Contains(may, name) || name == Reason
		c.That(known, "file", "has a column %q, which is not known; the columns are %s", name, strings.Join(append(slices.Clone(must), may...), ", "))
		c.That(!slices.Contains(t.Header[:i], name), "file", "has the column %q twice", name)
	}
	for _, name := range must {
		c.That(slices.Contains(t.Header, name), "file", "has no column %q", name)
	}
	return c.Err("spreadsheet")
}

// Cell gives what a row says in a column; empty if there is no such column.
func (t *Table) Cell(r Row, column string) string {
	if i := slices.Index(t.Header, column); i >= 0 {
		return r.Cells[i]
	}
	return ""
}

// Rejected writes the rows that have a reason, by their numbers, in the form of the
// table, with the reason in the column [Reason].
func (t *Table) Rejected(reasons map[int]string) ([]byte, error) {
	header, at := slices.Clone(t.Header), slices.Index(t.Header, Reason)
	if at < 0 {
		header, at = append(header, Reason), len(header)
	}
	out := [][]string{header}
	for _, r := range t.Rows {
		if why, rejected := reasons[r.No]; rejected {
			cells := append(slices.Clone(r.Cells), make([]string, len(header)-len(r.Cells))...)
			cells[at] = why
			out = append(out, cells)
		}
	}
	return write(t.Form, t.marked, out)
}

// Write writes rows in a form, the first one as the header. CSV begins with a byte order
// mark, by which spreadsheet programs know that it is UTF-8.
func Write(form Form, rows [][]string) ([]byte, error) { return write(form, true, rows) }

func write(form Form, marked bool, rows [][]string) ([]byte, error) {
	if form == XLSX {
		return workbook(rows)
	}
	var b bytes.Buffer
	if marked {
		b.Write(byteOrderMark)
	}
	w := csv.NewWriter(&b)
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

func workbook(rows [][]string) ([]byte, error) {
	book := excelize.NewFile()
	defer book.Close() //nolint:errcheck // nothing of it is on disk
	for i, cells := range rows {
		if err := book.SetSheetRow(book.GetSheetName(0), fmt.Sprintf("A%d", i+1), &cells); err != nil {
			return nil, err
		}
	}
	b, err := book.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func unsound(format string, args ...any) error {
	var c aid.Check
	c.That(false, "file", format, args...)
	return c.Err("spreadsheet")
}
