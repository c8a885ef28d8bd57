package main

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/linli/linli/aid"
)

// named is a file and the flag that names it.
type named struct{ flag, path string }

// apart refuses to write a file over one that is read, or over another that is
// written. Files are told apart by what they are, whatever they are called.
func apart(outputs []named, inputs ...named) error {
	var c aid.Check
	for i, out := range outputs {
		for _, other := range slices.Concat(inputs, outputs[:i]) {
			c.That(out.path == "" || other.path == "" || !sameFile(out.path, other.path), out.flag, "must not be the file that %s names", other.flag)
		}
	}
	return c.Err("files")
}

func sameFile(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil { // not there yet
		return filepath.Clean(a) == filepath.Clean(b)
	}
	second, err := os.Stat(b)
	// Nothing is lost in a device, such as /dev/null.
	return err == nil && first.Mode().IsRegular() && os.SameFile(first, second)
}
