package embedded

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// useCompiler puts a script in the place of the go command.
func useCompiler(t *testing.T, script string) {
	t.Helper()
	bin := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\n"+script), 0o755))
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// compiles leaves a program that tells its version, and a line for each run.
const compiles = `
echo run >> runs
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\necho "devserver (Server 1.2.3)"\n' > "$2"
chmod +x "$2"
sleep 0.3
`

func TestProgramIsBuiltOnceForAllWhoNeedIt(t *testing.T) {
	useCompiler(t, compiles)
	source := serverSource{dir: t.TempDir(), version: "1.2.3", sum: "abc"}
	cache := t.TempDir()
	old := filepath.Join(cache, "devserver-1.0.0-000")
	require.NoError(t, os.WriteFile(old, nil, 0o755))
	require.NoError(t, os.Chtimes(old, time.Time{}, time.Now().AddDate(-1, 0, 0)))
	recent := filepath.Join(cache, "devserver-1.1.0-000")
	require.NoError(t, os.WriteFile(recent, nil, 0o755))

	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			found, err := programIn(t.Context(), cache, source, nil)
			if assertNoError(t, err) && found.serverVersion != "1.2.3" {
				t.Errorf("got version %q", found.serverVersion)
			}
		})
	}
	all.Wait()
	runs, err := os.ReadFile(filepath.Join(source.dir, "runs"))
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(runs), "run"))
	require.NoFileExists(t, old)
	require.FileExists(t, recent)
}

func TestBuildThatFailsTellsWhatTheCompilerSaid(t *testing.T) {
	useCompiler(t, "echo runtime >&2; echo 'server.go:1: syntax error' >&2; exit 1")
	cache := t.TempDir()
	_, err := programIn(t.Context(), cache, serverSource{dir: t.TempDir(), version: "1", sum: "a"}, nil)
	require.ErrorContains(t, err, "server.go:1: syntax error")
	require.NotContains(t, err.Error(), "\nruntime")
	require.NoFileExists(t, filepath.Join(cache, "devserver-1-a"))
}

func TestBuildCanBeInterrupted(t *testing.T) {
	useCompiler(t, "echo > started; sleep 60")
	source := serverSource{dir: t.TempDir(), version: "1", sum: "a"}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		_ = poll(ctx, 10*time.Second, func() bool {
			_, err := os.Stat(filepath.Join(source.dir, "started"))
			return err == nil
		})
	}()
	_, err := programIn(ctx, t.TempDir(), source, nil)
	require.ErrorContains(t, err, "interrupted")
}

func TestBuildWithoutACompilerSaysWhatElseThereIs(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := programIn(t.Context(), t.TempDir(), serverSource{dir: t.TempDir(), version: "1", sum: "a"}, nil)
	require.ErrorContains(t, err, "install Go, or the temporal command")
}

func TestReadSource(t *testing.T) {
	t.Parallel()
	const definition = serverModule + "\n\nrequire (\n\tgo.temporal.io/server v1.32.1\n)\n"
	write := func(files map[string]string) string {
		dir := t.TempDir()
		for name, content := range files {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644))
		}
		return dir
	}
	read := func(files map[string]string) serverSource {
		source, err := readSource(write(files))
		require.NoError(t, err)
		return source
	}
	source := read(map[string]string{"go.mod": definition, "go.sum": "a", "main.go": "package main"})
	require.Equal(t, "1.32.1", source.version)
	require.Equal(t, source.sum, read(map[string]string{"go.mod": definition, "go.sum": "a", "main.go": "package main", "main_test.go": "package main"}).sum)
	require.NotEqual(t, source.sum, read(map[string]string{"go.mod": definition, "go.sum": "b", "main.go": "package main"}).sum)
	require.NotEqual(t, source.sum, read(map[string]string{"go.mod": definition, "go.sum": "a", "main.go": "package main\n"}).sum)

	_, err := readSource(write(map[string]string{"go.mod": "module example.org/other\n", "go.sum": ""}))
	require.ErrorContains(t, err, "another module")
}
