package embedded

import (
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	shownLines   = 12
	largestTail  = 16 << 10
	rotatedAbove = 16 << 20
)

// lastLines quotes the end of a log for an error message, leaving out what is
// before the offset since: the lines of earlier runs.
func lastLines(path string, since int64) string {
	tail, err := tailOf(path, since)
	if err != nil {
		return "its log cannot be read: " + err.Error()
	}
	text := strings.TrimSpace(string(tail))
	if text == "" {
		return "it has written nothing to its log " + path
	}
	lines := strings.Split(text, "\n")
	lines = lines[max(0, len(lines)-shownLines):]
	return fmt.Sprintf("its log %s ends:\n%s", path, strings.Join(lines, "\n"))
}

func tailOf(path string, since int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if _, err := file.Seek(max(since, info.Size()-largestTail), io.SeekStart); err != nil {
		return nil, err
	}
	return io.ReadAll(file)
}

// rotate moves a log that has grown large aside, replacing the one before.
func rotate(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Size() < rotatedAbove {
		return nil //nolint:nilerr // no log yet, or one that the service itself will say it cannot open
	}
	return os.Rename(path, path+".1")
}
