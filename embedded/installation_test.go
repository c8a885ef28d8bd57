package embedded

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// install makes a directory of programs that say they are of a version.
func install(t *testing.T, bin, version string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(bin, 0o755))
	script := fmt.Sprintf("#!/bin/sh\necho 'postgres (PostgreSQL) %s'\n", version)
	for _, name := range []string{"postgres", "initdb"} {
		require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte(script), 0o755))
	}
}

func TestFindInstallations(t *testing.T) {
	tests := map[string]struct {
		installed map[string]string // directory → version
		onPath    string
		chosen    string
		want      []int
		wantErr   string
	}{
		"none": {wantErr: "apt-get install postgresql"},
		"the newest of several, by number": {
			installed: map[string]string{"lib/9/bin": "9.6.1", "lib/14/bin": "14.9", "lib/16/bin": "16.1 (Debian 16.1-1)", "lib/100/bin": "100.2"},
			want:      []int{100, 16, 14},
		},
		"only one that is too old": {
			installed: map[string]string{"lib/13/bin": "13.2"},
			wantErr:   "of version 14 or newer, only of version 13",
		},
		"a development version":            {installed: map[string]string{"lib/19/bin": "19devel"}, want: []int{19}},
		"on the PATH":                      {installed: map[string]string{"opt/bin": "17.1"}, onPath: "opt/bin", want: []int{17}},
		"on the PATH and in its place":     {installed: map[string]string{"lib/17/bin": "17.1"}, onPath: "lib/17/bin", want: []int{17}},
		"chosen, with others there":        {installed: map[string]string{"lib/17/bin": "17.1", "mine": "15.2"}, chosen: "mine", want: []int{15}},
		"chosen, but not there":            {installed: map[string]string{"lib/17/bin": "17.1"}, chosen: "mine", wantErr: BinariesVariable},
		"something else of the same name":  {installed: map[string]string{"lib/1/bin": "?"}, wantErr: ErrNoPostgres.Error()},
		"a directory without any programs": {installed: map[string]string{}, onPath: ".", wantErr: ErrNoPostgres.Error()},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			root, err := filepath.EvalSymlinks(t.TempDir())
			require.NoError(t, err)
			for dir, version := range test.installed {
				install(t, filepath.Join(root, dir), version)
			}
			t.Setenv("PATH", filepath.Join(root, test.onPath))
			t.Setenv(BinariesVariable, "")
			if test.chosen != "" {
				t.Setenv(BinariesVariable, filepath.Join(root, test.chosen))
			}
			found, err := findInstallations(t.Context(), []string{filepath.Join(root, "lib/*/bin")})
			if test.wantErr != "" {
				require.ErrorContains(t, err, test.wantErr)
				return
			}
			require.NoError(t, err)
			var majors []int
			for _, one := range found {
				majors = append(majors, one.major)
			}
			require.Equal(t, test.want, majors)
		})
	}
}

func TestASearchThatIsCutShortDoesNotAskToInstall(t *testing.T) {
	t.Setenv(BinariesVariable, "")
	root := t.TempDir()
	install(t, filepath.Join(root, "lib/17/bin"), "17.1")
	t.Setenv("PATH", root)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := findInstallations(ctx, []string{filepath.Join(root, "lib/*/bin")})
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, ErrNoPostgres)
}

func TestMissingPostgresNamesThePackageOfEachSystem(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv(BinariesVariable, "")
	_, err := findInstallations(t.Context(), nil)
	require.ErrorIs(t, err, ErrNoPostgres)
	for _, advice := range []string{
		"apt-get install postgresql", "brew install postgresql@17", "dnf install postgresql-server", BinariesVariable,
	} {
		require.ErrorContains(t, err, advice)
	}
}

func TestForCluster(t *testing.T) {
	t.Parallel()
	installed := []installation{{bin: "/17", major: 17}, {bin: "/15", major: 15}}
	for name, test := range map[string]struct {
		major   int
		want    string
		wantErr string
	}{
		"a new cluster takes the newest":     {0, "/17", ""},
		"an old one takes what made it":      {15, "/15", ""},
		"nothing else reads what is missing": {16, "", "made by PostgreSQL 16"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := forCluster(installed, test.major, "/data")
			if test.wantErr != "" {
				require.ErrorContains(t, err, test.wantErr)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.want, got.bin)
		})
	}
}
