// Package linli_test freezes what holds for the repository as a whole: which
// folder may import which, and what the product is built from.
package linli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/linli/linli"

// border says what a folder, with the folders below it that have no row of
// their own, may import of ours, and why not more.
type border struct {
	folder string
	may    []string // folders; one that ends in /... stands for all below it too
	why    string
}

// borders is the architecture. A folder without a row fails the test: whoever
// adds one says here what it may know.
var borders = []border{
	{"aid", nil, "the domain is read and tested alone; it knows no technology and no other package of ours"},

	{"cadence", []string{"aid"}, "reads the rules of standing pairings; the domain itself stays with the standard library"},
	{"merit", []string{"aid"}, "what service is worth follows from visits alone; who keeps and shows it comes from above"},

	{"matching", []string{"aid", "matching/..."}, "matching is pure: it gets people and needs as values and returns a plan"},
	{"matching/grid", []string{"aid"}, "the one place that knows H3"},
	{"matching/index", []string{"aid", "matching/grid"}, "an index of people by cell; what to do with the found ones is decided above it"},
	{"matching/files", []string{"aid"}, "the contract's CSV forms, which offline matching and the importer share"},
	{"matching/scenario", []string{"aid", "matching/files"}, "makes instances; must not lean on what is measured with them"},
	{"matching/flow", nil, "the solver is a pure algorithm over integers that anybody can lift out"},
	{"matching/crews", []string{"matching/flow"}, "minimum sizes above the flow, as pure as it"},
	{"matching/bmatch", []string{"matching/flow", "matching/crews"}, "one door to the solvers: flow alone, or crews above it"},
	{"matching/verify", nil, "a checker that shares code with the solver would share its faults"},
	{"matching/dimacs", []string{"aid", "matching/bmatch", "matching/verify"}, "a file form of the solver's problem; of the domain it needs the error kinds only"},

	{"training", []string{"aid"}, "courses, cohorts and certificates are rules over values; who keeps and shows them comes from above"},
	{"training/badge", []string{"aid", "training"}, "a form in which certificates go to other programs; where the key comes from is wiring"},
	{"training/sheet", []string{"aid"}, "the form of a spreadsheet; what its rows mean is decided above"},
	{"training/rollout", []string{"aid"}, "what a rollout and its plan are, as values that anybody can make or read"},
	{"training/rolloutfile", []string{"aid", "training/rollout"}, "the files of a rollout; how it is planned is no matter of theirs"},
	{"training/mcf", nil, "minimum-cost flow is a pure algorithm over integers that anybody can lift out"},
	{"training/planner", []string{"aid", "training/rollout", "training/mcf"}, "planning is pure: it gets a rollout as a value and returns a plan"},
	{"training/verify", []string{"aid", "training/rollout"}, "a checker that shares code with the planner would share its faults"},

	{"workflows/contract", []string{"aid"}, "wire names and messages, which every side imports and which must drag nothing along"},
	{"workflows", []string{"aid", "workflows/contract", "activities"}, "workflow code is deterministic: it does no I/O and calls activities by method reference only"},
	{"activities", []string{"aid", "cadence", "training/...", "workflows/contract", "matching/..."}, "activities name the ports they need; the store that fills them is wired outside"},
	{"worker", []string{"aid", "workflows/...", "activities", "matching/index"}, "registration and tuning; stores come from outside"},
	{"processes", []string{"aid", "workflows/contract"}, "the client side of the processes: it sends messages and knows no workflow code"},

	{"app", []string{"aid", "cadence", "merit", "training", "training/sheet", "training/rollout", "training/rolloutfile", "auth/...", "workflows/contract", "matching/..."}, "use cases know ports, not Postgres, not Temporal, not HTTP"},
	{"auth", []string{"aid", "auth/..."}, "who somebody is and what they may do is decided without storage or transport"},
	{"auth/policy", []string{"aid"}, "permissions are plain Go over domain values"},
	{"postgres", []string{"aid", "merit", "training", "training/rollout", "workflows/contract", "postgres/..."}, "the store knows the domain that it keeps and the messages that its outbox holds, nothing above"},
	{"words", []string{"aid"}, "what people read is written without knowing who shows it"},
	{"notify", []string{"aid", "words"}, "brings what it is given to people; who is told of what is decided in the domain"},
	{"web", []string{"aid", "merit", "training", "app", "words"}, "pages are one way to the use cases; they know neither the API nor the store"},
	{"web/browsertest", nil, "drives a browser, without an opinion on what is tested"},
	{"api", []string{"aid", "merit", "training", "training/rollout", "training/sheet", "app", "auth/..."}, "HTTP is one way to the use cases; it must not reach round them"},

	{"embedded", []string{"embedded"}, "starting a private Postgres and Temporal is of use to any program"},
	{"embedded/embeddedtest", []string{"embedded"}, "services for tests, without an opinion on what is tested"},
	{"embedded/cmd", []string{"embedded/..."}, "runs the services for a whole test run"},

	{"deploy", nil, "checks of files that no code imports"},
	{"docs", nil, "checks of pages that no code imports"},
	{"demo", []string{"aid"}, "demo people are domain values written through a port"},
	{"cmd/linli", []string{"..."}, "wiring: the only place where everything meets"},
	{"bench", []string{"..."}, "measures the product from outside"},
	{"e2e", []string{"..."}, "drives the product from outside"},
}

// homes lists the technologies that one folder hides from the rest.
var homes = []struct {
	technology string
	folders    []string
	why        string
}{
	{"github.com/uber/h3-go", []string{"matching/grid"}, "cells are an aid.Cell everywhere else, so the grid can be replaced and cgo stays in one package"},
	{"github.com/teambition/rrule-go", []string{"cadence"}, "what a rule may say is decided in one place"},
	{"github.com/pressly/goose", []string{"postgres"}, "migrations belong to the store"},
	{"github.com/jackc/pgx", []string{"postgres", "embedded"}, "driver errors are mapped to kinds in one place"},
	{"go.temporal.io/sdk", []string{"workflows", "activities", "worker", "processes", "embedded", "cmd/linli"}, "use cases and API hold out against a change of engine"},
	{"github.com/danielgtaylor/huma", []string{"api"}, "HTTP is an adapter"},
	{"github.com/a-h/templ", []string{"web"}, "pages are written in one place"},
	{"github.com/go-chi/chi", []string{"api", "web", "cmd/linli"}, "HTTP is an adapter"},
	{"github.com/nicksnyder/go-i18n", []string{"words"}, "texts for people are written in one place"},
	{"github.com/wneessen/go-mail", []string{"notify"}, "notices are sent from one place"},
	{"github.com/standard-webhooks", []string{"notify"}, "notices are sent from one place"},
	{"github.com/SherClockHolmes/webpush-go", []string{"notify"}, "notices are sent from one place"},
	{"github.com/arran4/golang-ical", []string{"notify"}, "calendars are written in one place"},
	{"github.com/xuri/excelize", []string{"training/sheet"}, "what a spreadsheet may hold, and how far it may unpack, is decided in one place"},
	{"go.yaml.in/yaml", []string{"training/rolloutfile"}, "what a file may say is decided in one place"},
	{"github.com/alecthomas/kong", []string{"cmd/linli"}, "flags are wiring"},
}

// testOnly lists what no production package may import.
var testOnly = []string{
	"testing", "github.com/stretchr/testify", "github.com/google/go-cmp", "pgregory.net/rapid",
	"github.com/rogpeppe/go-internal", "go.temporal.io/sdk/testsuite", module + "/embedded/embeddedtest", module + "/web/browsertest", "github.com/chromedp/chromedp",
}

// testFolders hold code that only tests and measurements run.
var testFolders = []string{"embedded/embeddedtest", "embedded/cmd", "e2e", "bench", "web/browsertest"}

type listed struct {
	ImportPath string
	Imports    []string
	Standard   bool
}

func (p listed) folder() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

// list runs go list -json for the non-test files of the packages.
func list(t *testing.T, args ...string) []listed {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", append([]string{"list", "-json=ImportPath,Imports,Standard"}, args...)...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	require.NoError(t, err, "go list: %s", stderr.String())
	var packages []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			require.NoError(t, err)
		}
		packages = append(packages, p)
	}
}

// under tells whether folder is root or lies below it.
func under(folder, root string) bool { return folder == root || strings.HasPrefix(folder, root+"/") }

// borderOf finds the most particular row for a folder.
func borderOf(folder string) (border, bool) {
	var found border
	for _, b := range borders {
		if under(folder, b.folder) && len(b.folder) > len(found.folder) {
			found = b
		}
	}
	return found, found.folder != ""
}

func (b border) allows(folder string) bool {
	return under(folder, b.folder) || slices.ContainsFunc(b.may, func(may string) bool {
		root, all := strings.CutSuffix(may, "...")
		return folder == may || all && (root == "" || under(folder, strings.TrimSuffix(root, "/")))
	})
}

func TestFoldersImportOnlyWhatTheyMay(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, p := range list(t, "./...") {
		if p.ImportPath == module {
			continue // this directory holds tests only
		}
		b, ok := borderOf(p.folder())
		if !ok {
			t.Errorf("%s has no row in borders: say what it may import, and why", p.folder())
			continue
		}
		used[b.folder] = true
		for _, imported := range p.Imports {
			if folder, ours := strings.CutPrefix(imported, module+"/"); ours && !b.allows(folder) {
				t.Errorf("%s imports %s; it may import %v of ours, because %s", p.folder(), folder, b.may, b.why)
			}
		}
	}
	for _, b := range borders {
		if !used[b.folder] {
			t.Errorf("the row of %s stands for no package", b.folder)
		}
	}
}

func TestTheCoreIsStandardLibraryOnly(t *testing.T) {
	t.Parallel()
	core := []string{"aid", "matching/flow", "matching/crews", "matching/bmatch", "matching/verify", "training", "training/rollout", "training/mcf", "training/planner", "training/verify"}
	for _, folder := range core {
		for _, p := range list(t, "-deps", "./"+folder) {
			if !p.Standard && !slices.Contains(core, p.folder()) {
				t.Errorf("%s depends on %s; it is to be read and trusted alone", folder, p.ImportPath)
			}
		}
	}
}

func TestTechnologiesHaveOneHome(t *testing.T) {
	t.Parallel()
	for _, p := range list(t, "./...") {
		for _, home := range homes {
			at := slices.ContainsFunc(home.folders, func(f string) bool { return under(p.folder(), f) })
			outside := slices.ContainsFunc(testFolders, func(f string) bool { return under(p.folder(), f) })
			if at || outside {
				continue
			}
			for _, imported := range p.Imports {
				if strings.HasPrefix(imported, home.technology) {
					t.Errorf("%s imports %s, whose home is %v: %s", p.folder(), imported, home.folders, home.why)
				}
			}
		}
	}
}

// TestProductionCodeImportsNothingForTests looks at our own imports: Temporal's
// SDK itself links testify, which is not ours to change.
func TestProductionCodeImportsNothingForTests(t *testing.T) {
	t.Parallel()
	for _, p := range list(t, "./...") {
		if slices.ContainsFunc(testFolders, func(f string) bool { return under(p.folder(), f) }) {
			continue
		}
		for _, imported := range p.Imports {
			if slices.ContainsFunc(testOnly, func(only string) bool { return under(imported, only) }) {
				t.Errorf("%s imports %s, which is for tests", p.folder(), imported)
			}
		}
	}
}

// TestTheServerStaysInItsOwnModule guards size: the embedded Temporal server
// would make the binary and the list of modules to trust many times greater.
func TestTheServerStaysInItsOwnModule(t *testing.T) {
	t.Parallel()
	heavy := []string{"go.temporal.io/server", "modernc.org/sqlite", "github.com/mattn/go-sqlite3"}
	for _, p := range list(t, "-deps", "./cmd/linli") {
		for _, h := range heavy {
			if under(p.ImportPath, h) {
				t.Errorf("the linli command links %s", p.ImportPath)
			}
		}
		if under(p.folder(), "embedded/embeddedtest") {
			t.Errorf("the linli command links %s", p.ImportPath)
		}
	}
	text, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		for _, h := range heavy {
			if strings.Contains(line, h+" ") {
				t.Errorf("go.mod requires %s", strings.TrimSpace(line))
			}
		}
	}
}

// TestLockFilesHoldNoAddresses: a module's origin is its name and its sum. A
// replace or an address would make a build depend on one machine or one host.
func TestLockFilesHoldNoAddresses(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{".", "devserver", "tools"} {
		text, err := os.ReadFile(dir + "/go.mod")
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			if strings.Contains(line, "=>") || strings.Contains(line, "://") {
				t.Errorf("%s/go.mod: %s", dir, strings.TrimSpace(line))
			}
		}
		sums, err := os.ReadFile(dir + "/go.sum")
		require.NoError(t, err)
		require.NotEmpty(t, sums)
		for line := range strings.Lines(string(sums)) {
			fields := strings.Fields(line)
			if len(fields) != 3 || strings.Contains(fields[0], ":") || !strings.HasPrefix(fields[2], "h1:") {
				t.Errorf("%s/go.sum: %q is not a module, a version and a sum", dir, strings.TrimSpace(line))
			}
		}
	}
}

// TestModulesAgree: the server that we build and the client that talks to it
// know the same protocol.
func TestModulesAgree(t *testing.T) {
	t.Parallel()
	required := func(file string) map[string]string {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		versions := map[string]string{}
		for line := range strings.Lines(string(text)) {
			if fields := strings.Fields(line); len(fields) >= 2 && strings.HasPrefix(fields[0], "go.temporal.io/") {
				versions[fields[0]] = fields[1]
			}
		}
		return versions
	}
	ours, server := required("go.mod"), required("devserver/go.mod")
	for _, shared := range []string{"go.temporal.io/sdk", "go.temporal.io/api"} {
		require.NotEmpty(t, ours[shared])
		require.Equal(t, ours[shared], server[shared], shared)
	}
}
