package main

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/embedded"
)

func commands(t *testing.T) []*kong.Node {
	t.Helper()
	parser, err := newParser(t.Context(), Streams{strings.NewReader(""), io.Discard, io.Discard})
	require.NoError(t, err)
	leaves := parser.Model.Leaves(true)
	require.NotEmpty(t, leaves)
	return leaves
}

// TestSettingsPageIsWhole: each flag of the commands that run for long has one
// row with its variable and its default, and no row is of a flag that there is
// not.
func TestSettingsPageIsWhole(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/settings.md")
	require.NoError(t, err)
	rows := map[string]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `(--[a-z-]+)` \\|.*$").FindAllStringSubmatch(string(text), -1) {
		require.NotContains(t, rows, m[1], "the page tells of it twice")
		rows[m[1]] = m[0]
	}
	known := map[string]bool{}
	for _, command := range commands(t) {
		if name := command.Name; name != "dev" && name != "serve" && name != "worker" {
			continue
		}
		for _, f := range command.Flags {
			flag := "--" + f.Name
			known[flag] = true
			require.Contains(t, rows, flag, "a flag of linli %s", command.Name)
			if f.HasDefault {
				require.Contains(t, rows[flag], "`"+f.Default+"`", "the default of %s", flag)
			}
			for _, variable := range f.Envs {
				require.Contains(t, rows[flag], "`"+variable+"`", "the variable of %s", flag)
			}
		}
	}
	for flag := range rows {
		require.True(t, known[flag], "%s is no flag", flag)
	}
	for _, variable := range []string{embedded.BinariesVariable, embedded.ProgramVariable} {
		require.Contains(t, string(text), "| `"+variable+"` |")
	}
}

// TestWhatIsGivenIsNotLookedUp: a running 'linli dev' fills in only what the
// command line leaves open.
func TestWhatIsGivenIsNotLookedUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, writeReady(dir, ready{PostgresURL: "postgres://dev", TemporalAddress: "dev:1", TemporalNamespace: "dev"}))
	for _, test := range []struct{ given, want SystemFlags }{
		{
			SystemFlags{Data: dir},
			SystemFlags{dir, PostgresFlags{"postgres://dev"}, TemporalFlags{"dev:1", "dev"}},
		},
		{
			SystemFlags{dir, PostgresFlags{}, TemporalFlags{"", "mine"}},
			SystemFlags{dir, PostgresFlags{"postgres://dev"}, TemporalFlags{"dev:1", "mine"}},
		},
		{
			SystemFlags{dir, PostgresFlags{}, TemporalFlags{"mine:1", ""}},
			SystemFlags{dir, PostgresFlags{"postgres://dev"}, TemporalFlags{"mine:1", ""}},
		},
		{
			SystemFlags{dir, PostgresFlags{"postgres://mine"}, TemporalFlags{}},
			SystemFlags{dir, PostgresFlags{"postgres://mine"}, TemporalFlags{}},
		},
	} {
		require.NoError(t, test.given.resolve())
		require.Equal(t, test.want, test.given)
	}
	require.NoError(t, removeReady(dir))
	require.NoError(t, removeReady(dir), "nothing to take away is no error")
	none := SystemFlags{Data: dir}
	require.Equal(t, aid.Invalid, aid.KindOf(none.resolve()))
}

// TestAPrivateFileIsWholeAndPrivate: one that cannot be put in place leaves
// nothing behind.
func TestAPrivateFileIsWholeAndPrivate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "secret")
	require.NoError(t, os.WriteFile(path, []byte("before, and longer"), 0o644))
	require.NoError(t, writePrivate(path, []byte("after")))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "after", string(text))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	require.NoError(t, os.MkdirAll(filepath.Join(dir, "taken", "by a directory"), 0o755))
	require.Error(t, writePrivate(filepath.Join(dir, "taken"), []byte("x")))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 2)
}

// TestEveryCommandTeaches: what a command does beyond one line is in its help,
// or in that of the command above it.
func TestEveryCommandTeaches(t *testing.T) {
	t.Parallel()
	for _, command := range commands(t) {
		require.NotEmpty(t, command.Help, command.FullPath())
		require.True(t, command.Detail != "" || command.Parent.Detail != "", command.FullPath())
		for _, f := range command.Flags {
			require.NotEmpty(t, f.Help, "%s --%s", command.FullPath(), f.Name)
			if f.HasDefault && f.PlaceHolder != "" && f.Default != "" {
				require.Contains(t, f.Help, f.Default, "%s --%s: the placeholder hides the default", command.FullPath(), f.Name)
			}
		}
	}
}

func TestAnAddressCanBeCalled(t *testing.T) {
	t.Parallel()
	for listening, url := range map[string]string{
		"127.0.0.1:80": "http://127.0.0.1:80", "[::1]:80": "http://[::1]:80", "10.1.2.3:80": "http://10.1.2.3:80",
		"0.0.0.0:80": "http://127.0.0.1:80", "[::]:80": "http://127.0.0.1:80",
	} {
		at, err := net.ResolveTCPAddr("tcp", listening)
		require.NoError(t, err)
		require.Equal(t, url, urlOf(at))
	}
}

func TestABadgeKeyIsChecked(t *testing.T) {
	t.Parallel()
	f := APIFlags{RequestsPerMinute: 1}
	require.NoError(t, f.check(), "there may be none")
	f.BadgeKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	require.NoError(t, f.check())
	f.BadgeKey = "short"
	require.ErrorContains(t, f.check(), "--badge-key")
}
