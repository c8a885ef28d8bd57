package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		events string
		want   []string // in the output, in this order
		not    string
		well   bool
	}{
		"all well": {
			events: `{"Action":"start","Package":"p"}
{"Action":"output","Package":"p","Test":"TestA","Output":"chatter\n"}
{"Action":"pass","Package":"p","Test":"TestA/sub","Elapsed":0.1}
{"Action":"pass","Package":"p","Test":"TestA","Elapsed":0.1}
{"Action":"pass","Package":"p","Elapsed":0.2}
{"Action":"skip","Package":"empty","Elapsed":0}
`,
			want: []string{"ok    p ", "2 passed, 0 failed, 0 skipped\n"}, not: "chatter", well: true,
		},
		"a failure shows its own output": {
			events: `{"Action":"output","Package":"p","Test":"TestA","Output":"quiet\n"}
{"Action":"output","Package":"p","Test":"TestB","Output":"b_test.go:7: 1 is not 2\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p","Test":"TestB","Elapsed":1.5}
{"Action":"fail","Package":"p","Elapsed":2}
`,
			want: []string{"FAIL  p TestB (1.50s)", "1 is not 2", "FAIL  p ", "1 passed, 1 failed, 0 skipped\n"}, not: "quiet",
		},
		"a skip shows why": {
			events: `{"Action":"output","Package":"p","Test":"TestA","Output":"a_test.go:1: no such machine\n"}
{"Action":"skip","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p"}
`,
			want: []string{"skip  p TestA", "no such machine", "0 passed, 0 failed, 1 skipped\n"}, well: true,
		},
		"a build that fails": {
			events: `{"ImportPath":"p","Action":"build-output","Output":"p/a.go:1:1: expected package\n"}
{"ImportPath":"p","Action":"build-fail"}
{"Action":"start","Package":"p"}
{"Action":"output","Package":"p","Output":"FAIL p [build failed]\n"}
{"Action":"fail","Package":"p","Elapsed":0,"FailedBuild":"p"}
`,
			want: []string{"expected package", "FAIL  p broke outside its tests", "0 passed, 1 failed, 0 skipped\n"},
		},
		"a process that dies": {
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"panic: boom\n"}
{"Action":"fail","Package":"p","Elapsed":1}
`,
			want: []string{"broke outside its tests", "panic: boom", "0 passed, 1 failed, 0 skipped\n"},
		},
		"lines that are no events": {
			events: "go: downloading x\n{\"Action\":\"pass\",\"Package\":\"p\",\"Test\":\"TestA\"}\n",
			want:   []string{"go: downloading x\n", "1 passed, 0 failed, 0 skipped\n"}, well: true,
		},
		"nothing at all": {want: []string{"no test events", "0 passed, 0 failed, 0 skipped\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			r := newReport(&out)
			if err := r.read(strings.NewReader(test.events)); err != nil {
				t.Fatal(err)
			}
			if well := r.finish(); well != test.well {
				t.Errorf("well: got %t, want %t", well, test.well)
			}
			rest := out.String()
			for _, want := range test.want {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Fatalf("%q is missing, or out of order, in:\n%s", want, out.String())
				}
				rest = after
			}
			if test.not != "" && strings.Contains(out.String(), test.not) {
				t.Errorf("%q is in:\n%s", test.not, out.String())
			}
		})
	}
}
