package files

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/linli/linli/aid"
)

const (
	volunteerHeader = "id,lat,lng,skills,max_km,capacity,trained,available_from,available_to\n"
	requestHeader   = "id,lat,lng,skills,people,min_people,courses,urgency,starts_at,ends_at\n"
	goodVolunteer   = "v1,45.75,126.64,driving;first_aid,2.3,2,basics:2026-05-31;safety,2026-03-01T00:00:00Z,\n"
	goodRequest     = "r1,45.76,126.64,driving,3,,basics,urgent,2026-03-02T09:00:00+08:00,2026-03-02T11:00:00+08:00\n"
)

// read gives all good rows and all errors as text, "fatal: " before the last
// where reading ended on it.
func read[T any](r *Reader[T], err error) (values []T, problems []string) {
	if err != nil {
		return nil, []string{"fatal: " + err.Error()}
	}
	for row, err := range r.Rows() {
		_, one := errors.AsType[*RowError](err)
		switch {
		case err == nil:
			values = append(values, row.Value)
		case one:
			problems = append(problems, err.Error())
		default:
			problems = append(problems, "fatal: "+err.Error())
		}
	}
	return values, problems
}

func volunteers(text string) ([]Volunteer, []string) {
	return read(NewVolunteers(iotest.OneByteReader(strings.NewReader(text))))
}

func requests(text string) ([]Request, []string) {
	return read(NewRequests(strings.NewReader(text)))
}

func TestGoodRows(t *testing.T) {
	t.Parallel()
	wantV := []Volunteer{{
		ID: "v1", Home: aid.Point{Lat: 45.75, Lng: 126.64}, Skills: []aid.Skill{"driving", "first_aid"}, MaxDistance: 2300, Capacity: 2,
		Courses:      []aid.CourseHeld{{Course: "basics", Until: aid.Date{Year: 2026, Month: 5, Day: 31}}, {Course: "safety"}},
		Availability: aid.Availability{From: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)},
	}}
	wantR := []Request{{
		ID: "r1", Place: aid.Point{Lat: 45.76, Lng: 126.64}, Skills: []aid.Skill{"driving"}, Courses: []aid.CourseID{"basics"},
		People: 3, MinPeople: 1, Urgency: aid.Urgent,
		Window: aid.Window{StartsAt: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC), EndsAt: time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)},
	}}
	for name, form := range map[string]func(string) string{
		"as it is":          func(s string) string { return s },
		"byte-order mark":   func(s string) string { return "\ufeff" + s },
		"CRLF":              func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"no last line end":  strings.TrimSpace,
		"quotes":            func(s string) string { return strings.Replace(s, "126.64", `"126.64"`, 1) },
		"skills repeated":   func(s string) string { return strings.Replace(s, ",driving", ",driving;driving", 1) },
		"blank line at end": func(s string) string { return s + "\n" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gotV, problems := volunteers(form(volunteerHeader + goodVolunteer))
			require.Empty(t, problems)
			require.Empty(t, cmp.Diff(wantV, gotV))
			gotR, problems := requests(form(requestHeader + goodRequest))
			require.Empty(t, problems)
			require.Empty(t, cmp.Diff(wantR, gotR))
		})
	}
}

func TestColumnsInAnyOrder(t *testing.T) {
	t.Parallel()
	got, problems := volunteers("capacity,available_to,available_from,trained,max_km,skills,lng,lat,id\n1,,,,5,,126.64,45.75,v1\n")
	require.Empty(t, problems)
	require.Equal(t, []Volunteer{{ID: "v1", Home: aid.Point{Lat: 45.75, Lng: 126.64}, MaxDistance: 5000, Capacity: 1}}, got)
}

func TestBadRowsAreNamedAndTheOthersRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ from, to, want string }{
		"swapped":            {"45.75,126.64", "126.64,45.75", "row 2: lat: is 126.64, outside -90 to 90; latitude and longitude seem swapped"},
		"out of range":       {"126.64", "226.64", "row 2: lng: is 226.64, must lie in -180 to 180"},
		"not a number":       {"45.75", "N45", `row 2: lat: "N45" is not a decimal number such as 45.75`},
		"NaN":                {"45.75", "NaN", `row 2: lat: "NaN" is not a decimal number such as 45.75`},
		"decimal comma":      {"45.75", `"45,75"`, `row 2: lat: "45,75" is not a decimal number such as 45.75`},
		"no coordinate":      {"45.75", "", "row 2: lat: is missing"},
		"no id":              {"v1", "", "row 2: id: is missing"},
		"id with a space":    {"v1", "v 1", `row 2: id: "v 1" must be 1 to 64 letters, digits, '.', '_' or '-'`},
		"empty skill":        {"driving;", "driving;;", "row 2: skills: has an empty entry; separate entries by one ';'"},
		"skill of odd form":  {"driving;", "開車;", `row 2: skills: "開車" must be 1 to 64 letters, digits, '.', '_' or '-'`},
		"no way":             {"2.3", "0", "row 2: max_km: is 0, must be more than 0 kilometres"},
		"no capacity":        {"2.3,2,", "2.3,,", "row 2: capacity: is missing"},
		"capacity zero":      {"2.3,2,", "2.3,0,", "row 2: capacity: is 0, must lie in 1 to 1000000"},
		"capacity broken":    {"2.3,2,", "2.3,1.5,", `row 2: capacity: "1.5" is not a whole number`},
		"bad date":           {"2026-05-31", "2026-02-30", `row 2: trained: "basics:2026-02-30": the day until which the course holds must be written as 2026-05-31`},
		"date missing":       {":2026-05-31", ":", `row 2: trained: "basics:": the day until which the course holds must be written as 2026-05-31`},
		"no course":          {"basics", "", `row 2: trained: ":2026-05-31" is not a course; write course or course:2026-05-31`},
		"a day, not a time":  {"2026-03-01T00:00:00Z", "2026-03-01", `row 2: available_from: "2026-03-01" is not a time; write it as 2026-05-31T09:00:00+08:00`},
		"end before start":   {"2026-03-01T00:00:00Z,", "2026-03-01T00:00:00Z,2026-02-01T00:00:00Z", "row 2: available_to: must come after available_from"},
		"two at once":        {"45.75,126.64", ",", "row 2: lat: is missing; lng: is missing"},
		"a field too many":   {"v1,", "v1,,", "row 2: has 10 fields, the header has 9; a field with a comma in it needs quotes"},
		"a field too few":    {"v1,", "v1 ", "row 2: has 8 fields, the header has 9; a field with a comma in it needs quotes"},
		"stray quote":        {"v1", `v"1`, `row 2: has a stray quote; write a quote inside a field as "" and put the whole field in quotes`},
		"long text is cut":   {"v1", strings.Repeat("x", 500), `row 2: id: "` + strings.Repeat("x", 40) + `"… must be 1 to 64 letters, digits, '.', '_' or '-'`},
		"capacity of a town": {"2.3,2,", "2.3,99999999999999999999,", `row 2: capacity: "99999999999999999999" is not a whole number`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, goodVolunteer, c.from, "the case must change the row")
			got, problems := volunteers(volunteerHeader + strings.Replace(goodVolunteer, c.from, c.to, 1) + strings.Replace(goodVolunteer, "v1", "after", 1))
			require.Equal(t, []string{c.want}, problems)
			require.Len(t, got, 1, "the row after it is read")
		})
	}
	for name, c := range map[string]struct{ from, to, want string }{
		"nobody":          {",3,,", ",0,,", "row 2: people: is 0, must lie in 1 to 1000000"},
		"fewer than none": {",3,,", ",-2,,", "row 2: people: is -2, must lie in 1 to 1000000"},
		"min above":       {",3,,", ",3,4,", "row 2: min_people: is 4, more than the 3 people asked for"},
		"min zero":        {",3,,", ",3,0,", "row 2: min_people: is 0, must lie in 1 to 1000000"},
		"urgency":         {"urgent", "URGENT", `row 2: urgency: is "URGENT", must be one of routine, soon, urgent`},
		"no start":        {"2026-03-02T09:00:00+08:00", "", "row 2: starts_at: is missing"},
		"end is start":    {"2026-03-02T11", "2026-03-02T09", "row 2: ends_at: must come after starts_at"},
		"no zone":         {"09:00:00+08:00", "09:00:00", `row 2: starts_at: "2026-03-02T09:00:00" is not a time; write it as 2026-05-31T09:00:00+08:00`},
		"odd course":      {"basics", "a b", `row 2: courses: "a b" must be 1 to 64 letters, digits, '.', '_' or '-'`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, goodRequest, c.from, "the case must change the row")
			_, problems := requests(requestHeader + strings.Replace(goodRequest, c.from, c.to, 1))
			require.Equal(t, []string{c.want}, problems)
		})
	}
}

func TestDuplicateIDs(t *testing.T) {
	t.Parallel()
	got, problems := volunteers(volunteerHeader + goodVolunteer + "v2" + goodVolunteer[2:] + goodVolunteer)
	require.Equal(t, []string{`row 4: id: "v1" is in row 2 already`}, problems)
	require.Len(t, got, 2)
}

func TestARowErrorKeepsTheText(t *testing.T) {
	t.Parallel()
	r, err := NewVolunteers(strings.NewReader(volunteerHeader + strings.Replace(goodVolunteer, "45.75", "x", 1)))
	require.NoError(t, err)
	require.Equal(t, VolunteerColumns, r.Header())
	for row, err := range r.Rows() {
		require.Equal(t, aid.Invalid, aid.KindOf(err))
		require.Equal(t, 2, row.Row)
		require.Equal(t, []string{"v1", "x", "126.64"}, row.Fields[:3])
	}
}

func TestUnreadableFiles(t *testing.T) {
	t.Parallel()
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(volunteerHeader)
	require.NoError(t, err)
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("编号,lat\n")
	require.NoError(t, err)
	for name, c := range map[string]struct{ text, want string }{
		"empty":             {"", "the volunteers file is empty; its first row must name the columns id,lat,"},
		"only a mark":       {"\ufeff", "the volunteers file is empty;"},
		"UTF-16":            {utf16, "the volunteers file is in UTF-16; save it again as CSV UTF-8"},
		"UTF-16, no mark":   {utf16[2:], "the volunteers file is in UTF-16; save it again as CSV UTF-8"},
		"GBK":               {gbk, "the volunteers file row 1 is not UTF-8 but seems to be GBK (GB 18030); save the file again as CSV UTF-8"},
		"GBK further down":  {volunteerHeader + goodVolunteer + gbk, "the volunteers file row 3 is not UTF-8 but seems to be GBK"},
		"not UTF-8":         {volunteerHeader + "v\xff\n", "the volunteers file row 2 is not valid UTF-8"},
		"NUL":               {volunteerHeader + "v\x00\n", "the volunteers file row 2 holds a NUL byte"},
		"workbook":          {"PK\x03\x04....", "the volunteers file is a workbook; save it as CSV UTF-8"},
		"compressed":        {"\x1f\x8b\x08\x00", "the volunteers file is compressed; unpack it first"},
		"missing column":    {"id,lat\n", `invalid header of the volunteers file: column "lng": is missing; column "skills": is missing;`},
		"unknown column":    {strings.Replace(volunteerHeader, "id,", "id,phone,", 1), `column "phone": is not known; the columns are id,lat,`},
		"column twice":      {strings.Replace(volunteerHeader, "id,", "id,id,", 1), `column "id": is there twice; remove one`},
		"no header":         {goodVolunteer, `column "v1": is not known`},
		"quote never ended": {volunteerHeader + goodVolunteer + `"` + strings.Repeat("x\n", MaxRow), "the volunteers file has after row 2 a row that is longer than 65536 bytes; perhaps a quote is never closed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := volunteers(c.text)
			require.Len(t, problems, 1)
			require.Contains(t, problems[0], "fatal: ")
			require.Contains(t, problems[0], c.want)
			_, err := NewVolunteers(strings.NewReader(c.text))
			if err != nil {
				require.Equal(t, aid.Invalid, aid.KindOf(err))
			}
		})
	}
}

func TestHeaderOnlyIsAnEmptyList(t *testing.T) {
	t.Parallel()
	got, problems := volunteers(volunteerHeader)
	require.Empty(t, problems)
	require.Empty(t, got)
}

// endless gives one byte for ever and counts how often.
type endless struct {
	b byte
	n int64
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.b
	}
	e.n += int64(len(p))
	return len(p), nil
}

func TestAnEndlessRowIsRefusedEarly(t *testing.T) {
	t.Parallel()
	for _, b := range []byte{'x', ',', '"', 0} {
		garbage := &endless{b: b}
		_, err := NewVolunteers(garbage)
		require.Equal(t, aid.Invalid, aid.KindOf(err))
		require.Less(t, garbage.n, int64(1<<20), "bytes read of %q", b)
	}
	garbage := &endless{b: 'x'}
	_, problems := read(NewVolunteers(io.MultiReader(strings.NewReader(volunteerHeader+goodVolunteer), garbage)))
	require.Len(t, problems, 1)
	require.Contains(t, problems[0], "longer than 65536 bytes")
	require.Less(t, garbage.n, int64(1<<20))
}

func TestAFailingDiskIsNoFaultOfTheFile(t *testing.T) {
	t.Parallel()
	_, err := NewVolunteers(iotest.ErrReader(errors.New("disk away")))
	require.ErrorContains(t, err, "disk away")
	require.Equal(t, aid.Unavailable, aid.KindOf(err))
	r, err := NewVolunteers(io.MultiReader(strings.NewReader(volunteerHeader), iotest.ErrReader(errors.New("disk away"))))
	require.NoError(t, err)
	for _, err := range r.Rows() {
		require.Equal(t, aid.Unavailable, aid.KindOf(err))
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	v, problems := volunteers(volunteerHeader + goodVolunteer)
	require.Empty(t, problems)
	r, problems := requests(requestHeader + goodRequest)
	require.Empty(t, problems)
	var out bytes.Buffer
	require.NoError(t, WriteVolunteers(&out, v))
	again, problems := volunteers(out.String())
	require.Empty(t, problems)
	require.Empty(t, cmp.Diff(v, again))
	out.Reset()
	require.NoError(t, WriteRequests(&out, r))
	againR, problems := requests(out.String())
	require.Empty(t, problems)
	require.Empty(t, cmp.Diff(r, againR))
}

func TestPairsAndReportToTheLetter(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, WritePairs(&out, []Pair{{"r1", "v1", aid.Cost{Distance: 1112, SpareSkills: 500}}}))
	require.Equal(t, "request_id,volunteer_id,distance_m,cost\nr1,v1,1112,1612\n", out.String())
	out.Reset()
	require.NoError(t, WriteReport(&out, Report{Method: "optimal", Unfilled: []Unfilled{{"r2", 1, aid.ReasonCounts{TooFar: 3}}}}))
	require.JSONEq(t, `{"method":"optimal","requests":0,"volunteers":0,"seats":0,"filled":0,
		"unfilled":[{"request_id":"r2","open_seats":1,"reasons":{"too_far":3,"skill":0,"course":0,"time":0,"capacity":0}}],
		"objective":0,"dual_bound":0,"gap":0,"seconds":0}`, out.String())
	out.Reset()
	require.NoError(t, WriteReport(&out, Report{}))
	require.Contains(t, out.String(), `"unfilled": []`)
}

func TestSaveIsAllOrNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "pairs.csv")
	say := func(text string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
	}
	require.NoError(t, Save(path, say("old")))
	err := Save(path, func(w io.Writer) error { _ = say("half")(w); return errors.New("power cut") })
	require.ErrorContains(t, err, "power cut")
	require.Equal(t, aid.Unavailable, aid.KindOf(err))
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "old", string(got))
	require.NoError(t, Save(path, say("new")))
	got, err = os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "new", string(got))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1, "no part is left behind")
	require.NoError(t, Save(os.DevNull, say("gone")))
	require.ErrorContains(t, Save(filepath.Join(dir, "no", "where"), say("")), "cannot write")
}
