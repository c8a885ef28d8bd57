package rolloutfile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// table is a list of the rollout whose end comes from a CSV file.
type table struct {
	list, file string
	first      int   // index of the first entry from the file
	rows       []int // line of each
}

// record is one row by column.
type record struct {
	values map[string]string
	wrong  *[]string
	place  string
}

func (r *record) fail(column, want string) {
	*r.wrong = append(*r.wrong, fmt.Sprintf("%s: %s: %q must be %s", r.place, column, r.values[column], want))
}

func (r *record) whole(column string) int {
	n, err := strconv.Atoi(r.values[column])
	if err != nil {
		r.fail(column, "a whole number")
	}
	return n
}

func (r *record) degrees(column string) float64 {
	x, err := strconv.ParseFloat(r.values[column], 64)
	if err != nil {
		r.fail(column, "a number of degrees")
	}
	return x
}

func (f *File) readAreas(file string, text []byte) (wrong []string) {
	f.areas = table{list: "areas", file: file, first: len(f.Rollout.Areas)}
	return f.areas.read(text, []string{"id", "name", "name_zh", "tier", "parent", "lat", "lng", "venue_cohorts", "lecturers"}, func(r *record) {
		f.Rollout.Areas = append(f.Rollout.Areas, rollout.Area{
			ID: aid.AreaID(r.values["id"]), Name: r.values["name"], NameZh: r.values["name_zh"],
			Tier: rollout.Tier(r.values["tier"]), Parent: aid.AreaID(r.values["parent"]),
			Lat: r.degrees("lat"), Lng: r.degrees("lng"), Venue: r.whole("venue_cohorts"), Lecturers: r.whole("lecturers"),
		})
	})
}

func (f *File) readAudience(file string, text []byte) (wrong []string) {
	f.audience = table{list: "audience", file: file, first: len(f.Rollout.Audience)}
	return f.audience.read(text, []string{"area", "tier", "tree", "organisations"}, func(r *record) {
		f.Rollout.Audience = append(f.Rollout.Audience, rollout.Audience{
			Area: aid.AreaID(r.values["area"]), Tier: rollout.Tier(r.values["tier"]), Tree: rollout.Tree(r.values["tree"]),
			Organisations: r.whole("organisations"),
		})
	})
}

// read gives every row to take, and says what is wrong with the form.
func (t *table) read(text []byte, columns []string, take func(*record)) (wrong []string) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	header, err := r.Read()
	if err != nil {
		return []string{fmt.Sprintf("%s: has no header row %s", t.file, strings.Join(columns, ","))}
	}
	for i, name := range header {
		switch {
		case !slices.Contains(columns, name):
			wrong = append(wrong, fmt.Sprintf("%s: row 1: column %q is not known", t.file, name))
		case slices.Contains(header[:i], name):
			wrong = append(wrong, fmt.Sprintf("%s: row 1: column %q is there already", t.file, name))
		}
	}
	for _, name := range columns {
		if !slices.Contains(header, name) {
			wrong = append(wrong, fmt.Sprintf("%s: row 1: column %q is missing", t.file, name))
		}
	}
	for len(wrong) == 0 || len(t.rows) > 0 {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return wrong
		}
		if err != nil {
			return append(wrong, fmt.Sprintf("%s: %v", t.file, err))
		}
		line, _ := r.FieldPos(0)
		values := map[string]string{}
		for i, name := range header {
			values[name] = strings.TrimSpace(row[i])
		}
		t.rows = append(t.rows, line)
		take(&record{values, &wrong, fmt.Sprintf("%s: row %d", t.file, line)})
	}
	return wrong
}
