package dimacs

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/linli/linli/aid"
)

const maxLine = 64 << 10 // bytes

// lines gives the fields of one line after another.
type lines struct {
	r      *bufio.Reader
	number int64
	fields [][]byte // of the present line, valid until next
}

func newLines(r io.Reader) *lines { return &lines{r: bufio.NewReaderSize(r, maxLine)} }

// next reads on to the next line that is neither empty nor a comment. At the
// end it gives io.EOF.
func (l *lines) next() error {
	for {
		line, err := l.r.ReadSlice('\n')
		if len(line) == 0 && err != nil {
			if errors.Is(err, io.EOF) {
				return io.EOF
			}
			return l.readError(err)
		}
		l.number++
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return l.refuse("is longer than %d bytes", maxLine)
		case err != nil && !errors.Is(err, io.EOF):
			return l.readError(err)
		}
		l.split(line)
		if len(l.fields) > 0 && l.fields[0][0] != 'c' {
			return nil
		}
	}
}

func (l *lines) split(line []byte) {
	l.fields = l.fields[:0]
	start := -1
	for i, b := range line {
		blank := b == ' ' || b == '\t' || b == '\r' || b == '\n'
		switch {
		case blank && start >= 0:
			l.fields = append(l.fields, line[start:i])
			start = -1
		case !blank && start < 0:
			start = i
		}
	}
	if start >= 0 {
		l.fields = append(l.fields, line[start:])
	}
}

// number64 reads field i as a whole number within low and high.
func (l *lines) number64(i int, name string, low, high int64) (int64, error) {
	x, err := strconv.ParseInt(string(l.fields[i]), 10, 64)
	if err != nil || x < low || x > high {
		return 0, l.refuse("%s is %s; give a whole number from %d to %d", name, quote(l.fields[i]), low, high)
	}
	return x, nil
}

func (l *lines) readError(err error) error {
	return &aid.Error{
		Kind:    aid.Unavailable,
		Message: fmt.Sprintf("the file could not be read after line %d", l.number),
		Err:     err,
	}
}

func (l *lines) refuse(format string, args ...any) error { return refuse(l.number, format, args...) }

// refuse says which line breaks the form, and how.
func refuse(line int64, format string, args ...any) error {
	return &aid.Error{
		Kind:     aid.Invalid,
		Message:  "this DIMACS file cannot be solved",
		Problems: []aid.Problem{{Field: fmt.Sprintf("line %d", line), Message: fmt.Sprintf(format, args...)}},
	}
}

// quote shows the beginning of what was read.
func quote(field []byte) string {
	const shown = 24
	if len(field) > shown {
		return strconv.Quote(string(field[:shown])) + "…"
	}
	return strconv.Quote(string(field))
}
