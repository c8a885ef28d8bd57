// Package docs_test keeps the pages true where a program can tell: links lead
// somewhere, and lists that the code also has are whole.
package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// pages gives the text of every Markdown page by its path from the root.
func pages(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	require.NoError(t, filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." {
			return fs.SkipDir
		}
		if filepath.Ext(path) == ".md" {
			text, err := os.ReadFile(path)
			found[path] = string(text)
			return err
		}
		return nil
	}))
	require.NotEmpty(t, found)
	return found
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	for page, text := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if target == "" || strings.Contains(target, "://") {
				continue
			}
			_, err := os.Stat(filepath.Join(filepath.Dir(page), target))
			require.NoError(t, err, "%s links to it", page)
		}
	}
}

func TestIndexesAreWhole(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"architecture", "adr"} {
		index, err := os.ReadFile(filepath.Join(dir, "README.md"))
		require.NoError(t, err)
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		for _, e := range entries {
			if e.Name() != "README.md" {
				require.Contains(t, string(index), "("+e.Name()+")", "%s/README.md lists it", dir)
			}
		}
	}
}

// TestArchitecturePagesNameTheirReader: the second paragraph says for whom.
func TestArchitecturePagesNameTheirReader(t *testing.T) {
	t.Parallel()
	for page, text := range pages(t) {
		if strings.Contains(page, "architecture/") {
			require.Regexp(t, `\A# .+\n\n\*For .+\*\n`, text, page)
		}
	}
}

// TestErrorsPageIsWhole: each reason that a program may branch on is explained.
func TestErrorsPageIsWhole(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../aid/errors.go")
	require.NoError(t, err)
	page, err := os.ReadFile("architecture/errors.md")
	require.NoError(t, err)
	reasons := regexp.MustCompile(`(?m)^\tReason\w+ +Reason = "(\w+)"`).FindAllStringSubmatch(string(source), -1)
	require.NotEmpty(t, reasons)
	for _, r := range reasons {
		require.Contains(t, string(page), "`"+r[1]+"`")
	}
}

// TestAuditPageIsWhole: each invariant that the audit may name is on its page.
func TestAuditPageIsWhole(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("architecture/audit.md")
	require.NoError(t, err)
	sources, err := filepath.Glob("../postgres/findings*.go")
	require.NoError(t, err)
	for _, path := range sources {
		source, err := os.ReadFile(path)
		require.NoError(t, err)
		names := regexp.MustCompile(`(?m)^\t\t"(\w+)", "`).FindAllStringSubmatch(string(source), -1)
		require.NotEqual(t, strings.HasSuffix(path, "_test.go"), len(names) > 0, path)
		for _, n := range names {
			require.Contains(t, string(page), "`"+n[1]+"`")
		}
	}
}
