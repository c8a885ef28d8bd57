package rolloutfile

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/linli/linli/aid"
)

// Locate says where in the files the fields that an error names stand. Other
// errors are given back as they are.
func (f *File) Locate(err error) error {
	e, ok := errors.AsType[*aid.Error](err)
	if !ok || e.Kind != aid.Invalid || len(e.Problems) == 0 {
		return err
	}
	var wrong []string
	for _, p := range e.Problems {
		wrong = append(wrong, f.name(p))
	}
	return f.mistakes(wrong)
}

// name gives a problem with its place: a row of a CSV file, or else the line of
// the field, or of what it should be part of.
func (f *File) name(p aid.Problem) string {
	for _, t := range []*table{&f.areas, &f.audience} {
		head, field, _ := strings.Cut(p.Field, ".")
		list, index := indexed(head)
		if list == t.list && index >= t.first && t.file != "" {
			return fmt.Sprintf("%s: row %d: %s: %s", t.file, t.rows[index-t.first], field, p.Message)
		}
	}
	return fmt.Sprintf("%s%s: %s", f.at(p.Field), p.Field, p.Message)
}

// indexed splits areas[7] into its name and number.
func indexed(part string) (name string, index int) {
	name, number, found := strings.Cut(strings.TrimSuffix(part, "]"), "[")
	if index, err := strconv.Atoi(number); found && err == nil {
		return name, index
	}
	return name, -1
}

// at is "line N: " for a field such as steps[1].deadline, or nothing.
func (f *File) at(field string) string {
	if len(f.root.Content) == 0 {
		return ""
	}
	node := f.root.Content[0]
	line := node.Line
	for part := range strings.SplitSeq(field, ".") {
		name, index := indexed(part)
		node = child(node, name)
		if node != nil && index >= 0 {
			line = node.Line
			if node.Kind != yaml.SequenceNode || index >= len(node.Content) {
				break
			}
			node = node.Content[index]
		}
		if node == nil {
			break
		}
		line = node.Line
	}
	return fmt.Sprintf("line %d: ", line)
}

// child is the value of a field, nil where there is none.
func child(node *yaml.Node, name string) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			return node.Content[i+1]
		}
	}
	return nil
}
