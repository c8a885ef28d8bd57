package files

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// bufferSize is how much is read at a time; readAhead is how far encoding/csv reads
// beyond the row at hand.
const (
	bufferSize = 64 << 10
	readAhead  = 4 << 10
)

var errTooLong = errors.New("row too long")

// bounded hands on a file but no more than allowed, so that the CSV reader
// cannot gather a row without end.
type bounded struct {
	in   *bufio.Reader
	gone int64 // bytes handed on
	most int64
	kept []byte // what was handed on while the header was read
	keep bool
}

func newBounded(r io.Reader) *bounded { return &bounded{in: bufio.NewReaderSize(r, bufferSize)} }

// allow lets the reader go on until so many bytes have been handed on, and as
// far beyond as a reader may read ahead.
func (b *bounded) allow(most int64) { b.most = most + readAhead }

func (b *bounded) Read(p []byte) (int, error) {
	left := b.most - b.gone
	if left <= 0 {
		return 0, errTooLong
	}
	n, err := b.in.Read(p[:min(int64(len(p)), left)])
	b.gone += int64(n)
	if b.keep {
		b.kept = append(b.kept, p[:n]...)
	}
	return n, err
}

// checkStart strips a UTF-8 byte-order mark and says what the first bytes give
// away when the file is something else than text in UTF-8.
func (b *bounded) checkStart() (strange string, err error) {
	start, err := b.in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	switch {
	case bytes.HasPrefix(start, []byte("\xef\xbb\xbf")):
		_, err := b.in.Discard(3)
		return "", err
	case bytes.HasPrefix(start, []byte("\xff\xfe")), bytes.HasPrefix(start, []byte("\xfe\xff")),
		len(start) == 4 && (start[1] == 0 && start[3] == 0 || start[0] == 0 && start[2] == 0):
		return "is in UTF-16; save it again as CSV UTF-8", nil
	case bytes.HasPrefix(start, []byte("PK\x03\x04")), bytes.HasPrefix(start, []byte("\xd0\xcf\x11\xe0")):
		return "is a workbook; save it as CSV UTF-8", nil
	case bytes.HasPrefix(start, []byte("\x1f\x8b")):
		return "is compressed; unpack it first", nil
	}
	return "", nil
}

// checkText refuses what is not UTF-8 text, and names the encoding when it can.
func checkText(fields []string) error {
	for _, f := range fields {
		switch {
		case strings.ContainsRune(f, 0):
			return errors.New("holds a NUL byte: this is not a text file in UTF-8")
		case utf8.ValidString(f):
		case looksGBK(f):
			return errors.New("is not UTF-8 but seems to be GBK (GB 18030); save the file again as CSV UTF-8")
		default:
			return errors.New("is not valid UTF-8; save the file again as CSV UTF-8")
		}
	}
	return nil
}

// looksGBK tells whether the bytes make Chinese when read as GB 18030.
func looksGBK(f string) bool {
	text, err := simplifiedchinese.GB18030.NewDecoder().String(f)
	return err == nil && !strings.ContainsRune(text, utf8.RuneError) &&
		strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}
