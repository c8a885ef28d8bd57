package files

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"
)

// blockSize is how much plain text is read at a time.
const blockSize = 4 * MaxRow

// block is whole rows of plain text: UTF-8 without a quote or a NUL, no row
// longer than [MaxRow]. In it every line is a row and every comma ends a field,
// so that blocks can be taken apart side by side.
type block struct {
	text string
	row  int // on which it begins
}

// records gives the rows of the block. Lines without a character are none.
func (b block) records() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		fields := make([]string, 0, strings.Count(b.text, ",")+strings.Count(b.text, "\n"))
		row := b.row - 1
		for line := range strings.Lines(b.text) {
			row++
			line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
			if line == "" {
				continue
			}
			first := len(fields)
			for more := true; more; {
				var field string
				field, line, more = strings.Cut(line, ",")
				fields = append(fields, field)
			}
			if !yield(Record{row, fields[first:len(fields):len(fields)]}) {
				return
			}
		}
	}
}

// blocks cuts a file into blocks for as long as it is plain.
type blocks struct {
	in  io.Reader
	row int    // on which the rest begins
	buf []byte // begins with the rest: what has been read and is in no block
	n   int    // length of the rest
	err error  // that ended the reading
}

// all gives the blocks up to the first that is not plain, or to the last line
// end of the file.
func (b *blocks) all() iter.Seq[block] {
	return func(yield func(block) bool) {
		b.buf = make([]byte, blockSize)
		for b.err == nil {
			var more int
			more, b.err = io.ReadFull(b.in, b.buf[b.n:])
			b.n += more
			end := bytes.LastIndexByte(b.buf[:b.n], '\n') + 1
			rows, plain := plainRows(b.buf[:end])
			if end == 0 || !plain {
				return
			}
			next := block{string(b.buf[:end]), b.row}
			b.row += rows
			b.n = copy(b.buf, b.buf[end:b.n])
			if !yield(next) {
				return
			}
		}
	}
}

// rest gives what is in no block.
func (b *blocks) rest() io.Reader {
	read := bytes.NewReader(b.buf[:b.n])
	switch {
	case b.err == nil:
		return io.MultiReader(read, b.in)
	case errors.Is(b.err, io.EOF), errors.Is(b.err, io.ErrUnexpectedEOF):
		return read
	}
	return io.MultiReader(read, broken{b.err})
}

// broken fails as a reader did before.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// plainRows counts the lines of a text that ends with a line, and tells whether
// it makes a block.
func plainRows(text []byte) (rows int, plain bool) {
	if bytes.IndexByte(text, '"') >= 0 || bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(text) {
		return 0, false
	}
	for len(text) > 0 {
		end := bytes.IndexByte(text, '\n') + 1
		if end > MaxRow {
			return 0, false
		}
		text = text[end:]
		rows++
	}
	return rows, true
}

// inOrder does work on all inputs side by side and gives the results in the
// order of the inputs, a few of which are read ahead. Work may run at the same
// time in several goroutines; all have ended when the loop over the results has.
func inOrder[In, Out any](inputs iter.Seq[In], work func(In) Out) iter.Seq[Out] {
	return func(yield func(Out) bool) {
		queue := make(chan chan Out, runtime.GOMAXPROCS(0))
		stop := make(chan struct{})
		var running sync.WaitGroup
		defer running.Wait()
		defer close(stop)
		running.Go(func() {
			defer close(queue)
			for in := range inputs {
				result := make(chan Out, 1)
				select {
				case queue <- result:
				case <-stop:
					return
				}
				running.Go(func() { result <- work(in) })
			}
		})
		for result := range queue {
			if !yield(<-result) {
				return
			}
		}
	}
}
