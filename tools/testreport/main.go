// Testreport reads the events of "go test -json" from standard input and tells
// them so that a person finds what broke: one line for each package, the whole
// output of each test that failed, and at the end, on a line of its own,
//
//	N passed, N failed, N skipped
//
// Subtests count like tests. A package that breaks outside its tests, because it
// does not build or its process dies, counts as one failure. The exit code is 1
// if anything failed or no event came at all.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	r := newReport(os.Stdout)
	if err := r.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
	if !r.finish() {
		os.Exit(1)
	}
}

// event is one line of go test -json (see "go doc test2json").
type event struct {
	Action     string
	Package    string
	ImportPath string // of what is built, in build-output and build-fail
	Test       string
	Elapsed    float64 // seconds
	Output     string
}

// run names one test, or with an empty test a whole package.
type run struct{ pkg, test string }

type report struct {
	out                     io.Writer
	passed, failed, skipped int
	output                  map[run]*bytes.Buffer // of what has not ended yet
	failedIn                map[string]int        // failed tests by package
	events                  int
}

func newReport(out io.Writer) *report {
	return &report{out: out, output: map[run]*bytes.Buffer{}, failedIn: map[string]int{}}
}

// read takes in a stream of events. Lines that are none are passed on as they are.
func (r *report) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) == nil && e.Action != "" {
				r.events++
				r.take(e)
			} else {
				fmt.Fprintf(r.out, "%s\n", bytes.TrimRight(line, "\n"))
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *report) take(e event) {
	at := run{e.Package, e.Test}
	switch e.Action {
	case "output":
		r.buffer(at).WriteString(e.Output)
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "pass", "skip", "fail":
		text := r.buffer(at).String()
		delete(r.output, at)
		if e.Test == "" {
			r.packageEnded(e, text)
		} else {
			r.testEnded(e, text)
		}
	}
}

func (r *report) buffer(at run) *bytes.Buffer {
	b, ok := r.output[at]
	if !ok {
		b = &bytes.Buffer{}
		r.output[at] = b
	}
	return b
}

func (r *report) testEnded(e event, text string) {
	switch e.Action {
	case "pass":
		r.passed++
	case "skip":
		r.skipped++
		fmt.Fprintf(r.out, "skip  %s %s\n%s", e.Package, e.Test, indent(text))
	default:
		r.failed++
		r.failedIn[e.Package]++
		fmt.Fprintf(r.out, "FAIL  %s %s (%.2fs)\n%s", e.Package, e.Test, e.Elapsed, indent(text))
	}
}

func (r *report) packageEnded(e event, text string) {
	switch {
	case e.Action == "fail" && r.failedIn[e.Package] == 0:
		r.failed++
		fmt.Fprintf(r.out, "FAIL  %s broke outside its tests\n%s", e.Package, indent(text+r.unfinished(e.Package)))
	case e.Action == "fail":
		fmt.Fprintf(r.out, "FAIL  %-45s %7.2fs\n", e.Package, e.Elapsed)
	case e.Action == "pass":
		fmt.Fprintf(r.out, "ok    %-45s %7.2fs\n", e.Package, e.Elapsed)
	}
}

// unfinished gives the output of the tests that were under way when their
// process died: a panic, a deadline or a race report is told there.
func (r *report) unfinished(pkg string) string {
	var out strings.Builder
	for at, text := range r.output {
		if at.pkg == pkg {
			out.WriteString(text.String())
			delete(r.output, at)
		}
	}
	return out.String()
}

// finish prints the closing line and tells whether all is well.
func (r *report) finish() bool {
	if r.events == 0 {
		fmt.Fprintln(r.out, "no test events came")
	}
	fmt.Fprintf(r.out, "%d passed, %d failed, %d skipped\n", r.passed, r.failed, r.skipped)
	return r.failed == 0 && r.events > 0
}

func indent(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString("      " + line)
	}
	return out.String()
}
