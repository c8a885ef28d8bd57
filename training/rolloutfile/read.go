package rolloutfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// maxBytes bounds each file, so that what is no rollout does not fill the memory.
const maxBytes = 32 << 20

// File is a rollout with where each of its fields stands.
type File struct {
	Rollout rollout.Rollout
	Beside  []string // paths of the CSV files that were read

	path     string
	root     yaml.Node
	areas    table // those of the areas that come from a CSV file
	audience table
}

// document is the form of the YAML file.
type document struct {
	rollout.Rollout `yaml:",inline"`

	AreasCSV    string `yaml:"areas_csv"`
	AudienceCSV string `yaml:"audience_csv"`
}

// Read reads a rollout and checks it. Errors are [aid.Invalid].
func Read(path string) (*File, error) {
	text, err := load(path)
	if err != nil {
		return nil, err
	}
	f := &File{path: path}
	return f, f.parse(text, func(name string) ([]byte, error) {
		beside := filepath.Join(filepath.Dir(path), name)
		f.Beside = append(f.Beside, beside)
		return load(beside)
	})
}

// Parse reads a rollout whose files were handed over, and checks it. Errors are
// [aid.Invalid].
func Parse(s rollout.Source) (*File, error) {
	f := &File{path: "the rollout's file"}
	return f, f.parse([]byte(s.Text), func(name string) ([]byte, error) {
		text, given := s.Beside[name]
		if !given {
			return nil, aid.Errorf(aid.Invalid, "%s is not among the files that were given beside it", name)
		}
		return []byte(text), nil
	})
}

// parse takes the text of the YAML file, and opens what it names.
func (f *File) parse(text []byte, open func(name string) ([]byte, error)) error {
	doc, err := f.decode(text)
	if err != nil {
		return err
	}
	f.Rollout = doc.Rollout
	var wrong []string
	for _, side := range []struct {
		name, field string
		read        func(path string, text []byte) []string
	}{{doc.AreasCSV, "areas_csv", f.readAreas}, {doc.AudienceCSV, "audience_csv", f.readAudience}} {
		if side.name == "" {
			continue
		}
		if !filepath.IsLocal(side.name) {
			wrong = append(wrong, fmt.Sprintf("%s%s: must be a file beside this one or below it", f.at(side.field), side.field))
			continue
		}
		text, err := open(side.name)
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("%s%s: %v", f.at(side.field), side.field, err))
			continue
		}
		wrong = append(wrong, side.read(side.name, text)...)
	}
	if len(wrong) > 0 {
		return f.mistakes(wrong)
	}
	return f.Locate(f.Rollout.Validate())
}

func load(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, &aid.Error{Kind: aid.Invalid, Message: err.Error(), Err: err}
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err != nil {
		return nil, &aid.Error{Kind: aid.Invalid, Message: err.Error(), Err: err}
	}
	if len(text) > maxBytes {
		return nil, aid.Errorf(aid.Invalid, "%s is larger than %d bytes", path, maxBytes)
	}
	return text, nil
}

// decode reads the one document of the YAML file.
func (f *File) decode(text []byte) (*document, error) {
	var doc document
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	err := d.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil, f.mistakes([]string{"is empty"})
	}
	if typed, ok := errors.AsType[*yaml.TypeError](err); ok {
		var wrong []string
		for _, e := range typed.Errors {
			wrong = append(wrong, plain(e))
		}
		return nil, f.mistakes(wrong)
	}
	if err != nil {
		return nil, f.mistakes([]string{plain(err.Error())})
	}
	if err := d.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, f.mistakes([]string{"holds more than one document"})
	}
	if err := yaml.Unmarshal(text, &f.root); err != nil {
		return nil, f.mistakes([]string{plain(err.Error())})
	}
	return &doc, nil
}

// plain rids a message of the names of Go types.
func plain(message string) string {
	message = strings.TrimPrefix(message, "yaml: ")
	if before, _, found := strings.Cut(message, " not found in type "); found {
		return before + " is not known"
	}
	if before, kind, found := strings.Cut(message, " into "); found {
		switch {
		case strings.HasPrefix(kind, "int"):
			kind = "a whole number"
		case strings.HasPrefix(kind, "float"):
			kind = "a number"
		case strings.HasPrefix(kind, "[]"):
			kind = "a list"
		case strings.Contains(kind, "Month"):
			kind = "a month"
		case strings.Contains(kind, "."):
			kind = "a text or a set of fields"
		default:
			kind = "a text"
		}
		return strings.Replace(before, "cannot unmarshal", "is not what belongs here:", 1) + ", where " + kind + " belongs"
	}
	return message
}

// mostMistakes is how many are named.
const mostMistakes = 20

func (f *File) mistakes(wrong []string) error {
	if len(wrong) > mostMistakes {
		wrong = append(wrong[:mostMistakes:mostMistakes], fmt.Sprintf("and %d more", len(wrong)-mostMistakes))
	}
	return aid.Errorf(aid.Invalid, "%s cannot be used:\n  %s", f.path, strings.Join(wrong, "\n  "))
}
