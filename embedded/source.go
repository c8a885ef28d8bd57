package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

const serverModule = "module github.com/linli/linli/devserver"

// serverSource is the module that the Temporal server is built from.
type serverSource struct {
	dir     string
	version string // of the Temporal server
	sum     string // of all that decides what is built
}

// findSource looks for the module in the working directory and those above it,
// and then beside the source that this package was compiled from.
func findSource() (serverSource, error) {
	dir, err := os.Getwd()
	if err != nil {
		return serverSource{}, fmt.Errorf("finding the working directory: %w", err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if source, err := readSource(filepath.Join(dir, "devserver")); err == nil {
			return source, nil
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	if _, file, _, ok := runtime.Caller(0); ok {
		if source, err := readSource(filepath.Join(filepath.Dir(file), "..", "devserver")); err == nil {
			return source, nil
		}
	}
	return serverSource{}, errors.New("no Temporal server was found, nor the source to build one from: " +
		"run in a clone of Linli, install the temporal command (https://docs.temporal.io/cli), or give the address of a server")
}

var requiredServer = regexp.MustCompile(`(?m)^\s*go\.temporal\.io/server v(\S+)`)

func readSource(dir string) (serverSource, error) {
	definition, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return serverSource{}, err
	}
	required := requiredServer.FindSubmatch(definition)
	if !strings.HasPrefix(string(definition), serverModule+"\n") || required == nil {
		return serverSource{}, fmt.Errorf("%s is another module", dir)
	}
	sum, err := sumOf(dir)
	if err != nil {
		return serverSource{}, err
	}
	return serverSource{dir: dir, version: string(required[1]), sum: sum}, nil
}

// sumOf digests the names and contents of the module's files, tests left out.
func sumOf(dir string) (string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return "", err
	}
	files = slices.DeleteFunc(files, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
	files = append(files, filepath.Join(dir, "go.mod"), filepath.Join(dir, "go.sum"))
	digest := sha256.New()
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(digest, "%s %d\n", filepath.Base(name), len(content))
		digest.Write(content)
	}
	return hex.EncodeToString(digest.Sum(nil))[:12], nil
}

const cachePrefix = "devserver-"

// cacheName is different for everything that would be built differently.
func (s serverSource) cacheName() string { return cachePrefix + s.version + "-" + s.sum }
