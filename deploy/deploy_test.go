// Package deploy_test checks the Compose file and the Dockerfile against the
// program that they run, since no container engine is at hand where tests run.
package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

type compose struct {
	Services map[string]struct {
		Image       string
		Build       string
		Command     []string
		Environment map[string]string
		Volumes     []string
		Entrypoint  []string
		Ports       []string
		DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
		Healthcheck struct{ Test []string }
		ReadOnly    bool     `yaml:"read_only"`
		CapDrop     []string `yaml:"cap_drop"`
	}
	Volumes map[string]any
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", name))
	require.NoError(t, err)
	return string(text)
}

func load(t *testing.T) compose {
	t.Helper()
	var c compose
	require.NoError(t, yaml.Unmarshal([]byte(read(t, "docker-compose.yml")), &c))
	require.NotEmpty(t, c.Services)
	return c
}

// exact is an image with a version down to the patch level.
var exact = regexp.MustCompile(`^[a-z0-9./-]+:(\d+\.\d+\.\d+|\d+\.\d+-[a-z]+|\d+\.\d+\.\d+-[a-z]+)$`)

func TestImagesHaveExactVersions(t *testing.T) {
	t.Parallel()
	for name, s := range load(t).Services {
		if s.Build == "" {
			require.Regexp(t, exact, s.Image, "service %s", name)
		}
	}
	froms := regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(read(t, "Dockerfile"), -1)
	require.Len(t, froms, 2)
	for _, from := range froms {
		require.Regexp(t, exact, from[1])
	}
}

// TestServicesAreWhole: what a service waits for, mounts and runs is there, and
// what is waited for as healthy has a health check.
func TestServicesAreWhole(t *testing.T) {
	t.Parallel()
	c := load(t)
	for name, s := range c.Services {
		for other, d := range s.DependsOn {
			require.Contains(t, c.Services, other, "%s depends on it", name)
			if d.Condition == "service_healthy" {
				require.NotEmpty(t, c.Services[other].Healthcheck.Test, "%s waits for %s to be healthy", name, other)
			}
		}
		for _, v := range s.Volumes {
			source, _, _ := strings.Cut(v, ":")
			if strings.HasPrefix(source, ".") {
				require.DirExists(t, filepath.Join("..", source), "%s mounts it", name)
			} else {
				require.Contains(t, c.Volumes, source, "%s mounts it", name)
			}
		}
		for _, word := range append(s.Entrypoint, s.Environment["DYNAMIC_CONFIG_FILE_PATH"]) {
			if file, ok := strings.CutPrefix(word, "/deploy/"); ok {
				require.FileExists(t, filepath.Join("temporal", file), "%s uses it", name)
			}
		}
		for _, p := range s.Ports {
			require.Contains(t, p, ":-127.0.0.1:", "%s listens on loopback unless told otherwise", name)
		}
	}
	for _, copied := range regexp.MustCompile(`(?m)^COPY (deploy/\S+)`).FindAllStringSubmatch(read(t, "Dockerfile"), -1) {
		info, err := os.Stat(filepath.Join("..", copied[1]))
		require.NoError(t, err)
		require.NotZero(t, info.Mode()&0o111, "%s must be executable", copied[1])
	}
}

// TestEveryVariableIsInTheExample: who copies the example has said all.
func TestEveryVariableIsInTheExample(t *testing.T) {
	t.Parallel()
	example := read(t, "deploy/env.example")
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`\$\{([A-Z_]+)`).FindAllStringSubmatch(read(t, "docker-compose.yml"), -1) {
		used[m[1]] = true
		require.Regexp(t, `(?m)^`+m[1]+`=`, example)
	}
	for _, m := range regexp.MustCompile(`(?m)^([A-Z_]+)=`).FindAllStringSubmatch(example, -1) {
		require.True(t, used[m[1]], "the example sets %s, which nothing uses", m[1])
	}
}

// TestNoPasswordIsKnownToOthers: none is written down, nothing starts without
// one, and those made up are new, different, and nobody else's to read.
func TestNoPasswordIsKnownToOthers(t *testing.T) {
	t.Parallel()
	file := read(t, "docker-compose.yml")
	for _, m := range regexp.MustCompile(`\$\{(\w*PASSWORD)[^}]*\}`).FindAllString(file, -1) {
		require.Regexp(t, `:\?run deploy/make-env\}$`, m)
	}
	require.Regexp(t, `(?m)^POSTGRES_PASSWORD=$`, read(t, "deploy/env.example"))

	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "deploy"), 0o755))
	for _, name := range []string{"make-env", "env.example"} {
		require.NoError(t, os.WriteFile(filepath.Join(root, "deploy", name), []byte(read(t, "deploy/"+name)), 0o755))
	}
	out, err := exec.CommandContext(t.Context(), filepath.Join(root, "deploy", "make-env")).CombinedOutput()
	require.NoError(t, err, "%s", out)
	made, err := os.ReadFile(filepath.Join(root, ".env"))
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\w+_PASSWORD=(.*)$`).FindAllStringSubmatch(string(made), -1) {
		require.Regexp(t, `^[0-9a-f]{32}$`, m[1])
		seen[m[1]] = true
	}
	require.Len(t, seen, 3)
	require.Contains(t, string(made), "\nAPI_PUBLISH=127.0.0.1:8080\n")
	info, err := os.Stat(filepath.Join(root, ".env"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	require.Error(t, exec.CommandContext(t.Context(), filepath.Join(root, "deploy", "make-env")).Run(), "the databases have the first ones")
	again, err := os.ReadFile(filepath.Join(root, ".env"))
	require.NoError(t, err)
	require.Equal(t, made, again)
}

// TestTheImageIsBuiltOfWhatIsSent: what the Dockerfile copies is not left out of
// the context, the program runs as nobody in particular, and secrets stay out.
func TestTheImageIsBuiltOfWhatIsSent(t *testing.T) {
	t.Parallel()
	ignored := strings.Fields(read(t, ".dockerignore"))
	require.Contains(t, ignored, ".env*")
	require.Contains(t, ignored, ".linli")
	for _, folder := range ignored {
		require.NotContains(t, folder, "deploy")
		if strings.ContainsAny(folder, ".*") {
			continue
		}
		out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{.ImportPath}}", "../cmd/linli").CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.NotContains(t, string(out), "github.com/linli/linli/"+folder, "the program needs it")
	}
	require.Regexp(t, `(?m)^USER [1-9]\d*:[1-9]\d*$`, read(t, "Dockerfile"))
	for name, s := range load(t).Services {
		if s.Build != "" {
			require.True(t, s.ReadOnly, name)
			require.Equal(t, []string{"ALL"}, s.CapDrop, name)
		}
	}
}

// TestCommandsKnowTheirSettings asks the program itself.
func TestCommandsKnowTheirSettings(t *testing.T) {
	t.Parallel()
	linli := filepath.Join(t.TempDir(), "linli")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", linli, "../cmd/linli").CombinedOutput()
	require.NoError(t, err, "%s", out)
	for name, s := range load(t).Services {
		if s.Build == "" {
			continue
		}
		help, err := exec.CommandContext(t.Context(), linli, append(s.Command, "--help")...).CombinedOutput()
		require.NoError(t, err, "linli %s --help: %s", s.Command, help)
		for variable := range s.Environment {
			// Postgres, Temporal and the log are set for all; not every command needs each.
			if strings.HasSuffix(variable, "_LISTEN") || variable == "LINLI_POSTGRES_URL" {
				require.Contains(t, string(help), variable, "service %s sets it", name)
			}
			require.Contains(t, read(t, "docs/settings.md"), variable)
		}
	}
}
