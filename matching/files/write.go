package files

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/linli/linli/aid"
)

// Pair is one row of a pairs file.
type Pair struct {
	Request   aid.RequestID
	Volunteer aid.VolunteerID
	Cost      aid.Cost
}

// WritePairs writes a pairs file.
func WritePairs(w io.Writer, pairs []Pair) error {
	return writeTable(w, []string{"request_id", "volunteer_id", "distance_m", "cost"}, pairs, func(p Pair) []string {
		return []string{
			string(p.Request), string(p.Volunteer),
			strconv.FormatInt(p.Cost.Distance, 10), strconv.FormatInt(p.Cost.Total(), 10),
		}
	})
}

// Report is what a plan came to, as its JSON file says it.
type Report struct {
	Method     string     `json:"method"` // optimal or greedy
	Requests   int        `json:"requests"`
	Volunteers int        `json:"volunteers"`
	Seats      int        `json:"seats"`
	Filled     int        `json:"filled"`
	Unfilled   []Unfilled `json:"unfilled"`
	Objective  int64      `json:"objective"`
	DualBound  int64      `json:"dual_bound"` // no plan costs less
	Gap        float64    `json:"gap"`        // (objective − bound) ÷ objective
	Seconds    float64    `json:"seconds"`
}

// Unfilled is a request with open seats, and why volunteers could not take them.
type Unfilled struct {
	Request   aid.RequestID    `json:"request_id"`
	OpenSeats int              `json:"open_seats"`
	Reasons   aid.ReasonCounts `json:"reasons"`
}

// WriteReport writes a report file.
func WriteReport(w io.Writer, r Report) error {
	if r.Unfilled == nil {
		r.Unfilled = []Unfilled{}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// WriteVolunteers writes a volunteers file. Coordinates have six decimals
// (0.1 m), kilometres three.
func WriteVolunteers(w io.Writer, volunteers []Volunteer) error {
	return writeTable(w, VolunteerColumns, volunteers, func(v Volunteer) []string {
		trained := make([]string, len(v.Courses))
		for i, h := range v.Courses {
			trained[i] = string(h.Course)
			if !h.Until.IsZero() {
				trained[i] += ":" + h.Until.String()
			}
		}
		return []string{
			string(v.ID), degrees(v.Home.Lat), degrees(v.Home.Lng), join(v.Skills),
			strconv.FormatFloat(v.MaxDistance/1000, 'f', 3, 64), strconv.Itoa(v.Capacity), join(trained),
			instant(v.Availability.From), instant(v.Availability.Until),
		}
	})
}

// WriteRequests writes a requests file.
func WriteRequests(w io.Writer, requests []Request) error {
	return writeTable(w, RequestColumns, requests, func(r Request) []string {
		return []string{
			string(r.ID), degrees(r.Place.Lat), degrees(r.Place.Lng), join(r.Skills),
			strconv.Itoa(r.People), strconv.Itoa(r.MinPeople), join(r.Courses), string(r.Urgency),
			instant(r.Window.StartsAt), instant(r.Window.EndsAt),
		}
	})
}

func writeTable[T any](w io.Writer, header []string, rows []T, fields func(T) []string) error {
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	for _, r := range rows {
		if err := out.Write(fields(r)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', 6, 64) }

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func join[T ~string](ids []T) string {
	var b strings.Builder
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(';')
		}
		b.WriteString(string(id))
	}
	return b.String()
}

// Save writes a file wholly or not at all: into a new file beside it, which
// then takes its name. What is no regular file, such as /dev/stdout, is written
// straight.
func Save(path string, write func(io.Writer) error) (err error) {
	defer func() {
		if err != nil {
			err = &aid.Error{Kind: aid.Unavailable, Message: fmt.Sprintf("cannot write %s: %v", path, err), Err: err}
		}
	}()
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		return buffered(f, write)
	}
	temp := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d.part", filepath.Base(path), os.Getpid()))
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666) // as the user's umask says
	if err != nil {
		return err
	}
	defer func() {
		_ = f.Close()
		_ = os.Remove(temp) // no longer there once it has its name
	}()
	if err := buffered(f, write); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(temp, path)
}

func buffered(f io.Writer, write func(io.Writer) error) error {
	w := bufio.NewWriter(f)
	if err := write(w); err != nil {
		return err
	}
	return w.Flush()
}
