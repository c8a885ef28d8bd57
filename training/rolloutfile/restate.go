package rolloutfile

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"reflect"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// Restate writes the files of a rollout anew with what differs in r. Everything else
// stays as somebody wrote it, with their comments. Lists that came from a CSV file go
// to one.
func (f *File) Restate(source rollout.Source, r *rollout.Rollout) (rollout.Source, error) {
	old, out := &f.Rollout, rollout.Source{Text: source.Text, Beside: maps.Clone(source.Beside)}
	e := editor{}
	if err := yaml.Unmarshal([]byte(source.Text), &e.root); err != nil || len(e.root.Content) == 0 {
		return out, aid.Errorf(aid.Internal, "the rollout's file cannot be read any more: %v", err)
	}
	e.list("areas", old.Areas, r.Areas, f.areas.file, out.Beside, func() []byte { return areasTable(r.Areas) })
	e.list("audience", old.Audience, r.Audience, f.audience.file, out.Beside, func() []byte { return audienceTable(r.Audience) })
	e.list("distances", old.Distances, r.Distances, "", nil, nil)
	e.list("blackouts", old.Blackouts, r.Blackouts, "", nil, nil)
	e.list("capacity_changes", old.Changes, r.Changes, "", nil, nil)
	e.list("fixed", old.Fixed, r.Fixed, "", nil, nil)
	for i := range r.Steps {
		if !reflect.DeepEqual(old.Steps[i].Areas, r.Steps[i].Areas) {
			e.put(child(e.top(), "steps").Content[i], "areas", r.Steps[i].Areas)
		}
	}
	if e.err != nil || !e.edited {
		return out, e.err
	}
	var text bytes.Buffer
	w := yaml.NewEncoder(&text)
	w.SetIndent(2)
	if err := w.Encode(&e.root); err != nil {
		return out, fmt.Errorf("restating a rollout's file: %w", err)
	}
	out.Text = text.String()
	return out, nil
}

// editor changes single fields of a YAML file.
type editor struct {
	root   yaml.Node
	edited bool
	err    error
}

func (e *editor) top() *yaml.Node { return e.root.Content[0] }

// list replaces a list that differs: in the CSV file that it came from, if any.
func (e *editor) list(field string, old, list any, file string, beside map[string]string, table func() []byte) {
	if reflect.DeepEqual(old, list) {
		return
	}
	if file == "" {
		e.put(e.top(), field, list)
		return
	}
	beside[file] = string(table())
	e.drop(field) // the file holds all of it now
}

func (e *editor) put(in *yaml.Node, field string, value any) {
	var node yaml.Node
	if err := node.Encode(value); err != nil {
		e.err = fmt.Errorf("restating %s: %w", field, err)
		return
	}
	e.edited = true
	for i := 0; i+1 < len(in.Content); i += 2 {
		if in.Content[i].Value == field {
			in.Content[i+1] = &node
			return
		}
	}
	in.Content = append(in.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: field}, &node)
}

func (e *editor) drop(field string) {
	in := e.top()
	for i := 0; i+1 < len(in.Content); i += 2 {
		if in.Content[i].Value == field {
			in.Content = append(in.Content[:i:i], in.Content[i+2:]...)
			e.edited = true
			return
		}
	}
}

func areasTable(areas []rollout.Area) []byte {
	rows := [][]string{{"id", "name", "name_zh", "tier", "parent", "lat", "lng", "venue_cohorts", "lecturers"}}
	degrees := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	for _, a := range areas {
		rows = append(rows, []string{
			string(a.ID), a.Name, a.NameZh, string(a.Tier), string(a.Parent), degrees(a.Lat), degrees(a.Lng), strconv.Itoa(a.Venue), strconv.Itoa(a.Lecturers),
		})
	}
	return rowsOf(rows)
}

func audienceTable(audience []rollout.Audience) []byte {
	rows := [][]string{{"area", "tier", "tree", "organisations"}}
	for _, a := range audience {
		rows = append(rows, []string{string(a.Area), string(a.Tier), string(a.Tree), strconv.Itoa(a.Organisations)})
	}
	return rowsOf(rows)
}

func rowsOf(rows [][]string) []byte {
	var text bytes.Buffer
	_ = csv.NewWriter(&text).WriteAll(rows) // a buffer takes everything
	return text.Bytes()
}

// Merge gives the files of a rollout once an area has become part of another, and
// tells whether they differ. Errors are [aid.Invalid].
func Merge(source rollout.Source, area aid.AreaID, into aid.Area) (rollout.Source, bool, error) {
	f, err := Parse(source)
	if err != nil {
		return source, false, &aid.Error{Kind: aid.Internal, Message: "the rollout's file cannot be read any more", Err: err}
	}
	r, differs, err := f.Rollout.Merge(area, into)
	if err != nil || !differs {
		return source, false, err
	}
	out, err := f.Restate(source, r)
	if err != nil {
		return source, false, err
	}
	_, err = Parse(out)
	return out, true, err
}

// Split gives the files of a rollout once part of an area is one of its own, as
// [rollout.Rollout.Split] has it, and tells whether they differ.
func Split(source rollout.Source, area aid.AreaID, part rollout.Area, below []aid.AreaID, organisations map[rollout.Kind]int) (rollout.Source, bool, error) {
	f, err := Parse(source)
	if err != nil {
		return source, false, &aid.Error{Kind: aid.Internal, Message: "the rollout's file cannot be read any more", Err: err}
	}
	r, differs := f.Rollout.Split(area, part, below, organisations)
	if !differs {
		return source, false, nil
	}
	out, err := f.Restate(source, r)
	if err != nil {
		return source, false, err
	}
	_, err = Parse(out)
	return out, true, err
}
