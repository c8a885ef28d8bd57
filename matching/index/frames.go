package index

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"github.com/linli/linli/aid"
)

// A snapshot is a run of frames, each with its own checksum, so that a reader
// trusts nothing that it has not checked and needs little memory for it:
//
//	kind 1 byte │ length 4 bytes │ payload │ CRC-32C of all before, 4 bytes
//
// Integers are little-endian.
const (
	frameHead = 5
	frameTail = 4
	// frameFull is the payload from which on no further record is put into it;
	// frameMost is the longest that a reader takes.
	frameFull = 256 << 10
	frameMost = 16 << 20
)

// kind says what a frame holds.
type kind byte

// The kinds of frames, in the order in which they come.
const (
	kindHeader   kind = 'H' // magic, version, mark
	kindSkill    kind = 'S' // number and name of each skill
	kindCourse   kind = 'C' // number and name of each course
	kindPattern  kind = 'P' // encoding of each availability; the first has number 0
	kindFree     kind = 'A' // leaves of volunteers with capacity left: number, and the record of each
	kindTaken    kind = 'B' // the same for the others
	kindEnd      kind = 'E' // number of volunteers
	frameKinds        = "HSCPABE"
	frameMagic        = "linli volunteers\n"
	frameVersion      = 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// frameWriter gathers records into frames. After an error it does nothing more.
type frameWriter struct {
	to      io.Writer
	kind    kind
	buf     []byte // of the frame that is being filled, room for its head included
	written int64
	err     error
}

// open gives the buffer to append one record of a kind to; what comes back goes
// to close.
func (w *frameWriter) open(k kind) []byte {
	if w.kind != k || len(w.buf) > frameFull {
		w.flush()
		w.kind = k
		w.buf = append(w.buf[:0], byte(k), 0, 0, 0, 0)
	}
	return w.buf
}

func (w *frameWriter) close(buf []byte) { w.buf = buf }

func (w *frameWriter) flush() {
	if w.kind == 0 || w.err != nil {
		return
	}
	binary.LittleEndian.PutUint32(w.buf[1:], uint32(len(w.buf)-frameHead))
	w.buf = binary.LittleEndian.AppendUint32(w.buf, crc32.Checksum(w.buf, castagnoli))
	n, err := w.to.Write(w.buf)
	w.written += int64(n)
	w.kind, w.err = 0, err
}

// frameReader takes frames apart.
type frameReader struct {
	from io.Reader
	buf  []byte
}

// next gives the next frame; the payload is good until the call after.
func (r *frameReader) next() (kind, []byte, error) {
	var head [frameHead]byte
	if _, err := io.ReadFull(r.from, head[:]); err != nil {
		return 0, nil, cutOff(err)
	}
	length := int(binary.LittleEndian.Uint32(head[1:]))
	if length > frameMost {
		return 0, nil, corrupt("a part of it claims to have %d bytes", length)
	}
	// Memory grows with what is there, not with what is claimed.
	r.buf = append(r.buf[:0], head[:]...)
	for want := frameHead + length + frameTail; len(r.buf) < want; {
		step := min(want-len(r.buf), frameFull)
		from := len(r.buf)
		r.buf = append(r.buf, make([]byte, step)...)
		if _, err := io.ReadFull(r.from, r.buf[from:]); err != nil {
			return 0, nil, cutOff(err)
		}
	}
	body, sum := r.buf[:frameHead+length], r.buf[frameHead+length:]
	if binary.LittleEndian.Uint32(sum) != crc32.Checksum(body, castagnoli) {
		return 0, nil, corrupt("a checksum does not fit")
	}
	return kind(head[0]), body[frameHead:], nil
}

func cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return corrupt("it ends too early")
	}
	return &aid.Error{Kind: aid.Unavailable, Message: "the snapshot could not be read", Err: err}
}

// corrupt is the error for what no writer of ours wrote.
func corrupt(format string, args ...any) error {
	what := aid.Errorf(aid.Invalid, format, args...)
	return aid.Errorf(aid.Invalid, "this is not a whole snapshot of volunteers: %s; delete the file and load the volunteers from their source", what.Message)
}
