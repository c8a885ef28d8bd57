package instance

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/linli/linli/matching/bmatch"
)

const magic = "LINLIBM1"

// Save writes the instance to a file, wholly or not at all.
func (in *Instance) Save(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".instance-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already when all went well
	if err := errors.Join(in.Write(f), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// Load reads a file that Save wrote.
func Load(path string) (*Instance, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	in, err := Read(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return in, nil
}

// Write writes the form that the package describes.
func (in *Instance) Write(w io.Writer) error {
	if err := in.Check(); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<20)
	var scratch [8]byte
	put := func(x int64) { _, _ = out.Write(binary.LittleEndian.AppendUint64(scratch[:0], uint64(x))) }
	_, _ = out.WriteString(magic) // a buffered writer keeps its first error for Flush
	put(int64(len(in.Requests)))
	put(int64(len(in.Capacity)))
	put(int64(in.Arcs()))
	for _, q := range in.Requests {
		put(q.Seats)
	}
	for _, q := range in.Requests {
		put(q.Penalty)
	}
	for r := range in.Requests {
		if in.MinPeople == nil {
			put(0)
		} else {
			put(in.MinPeople[r])
		}
	}
	for _, k := range in.Capacity {
		put(k)
	}
	for _, at := range in.First {
		put(int64(at))
	}
	for _, v := range in.Volunteer {
		_, _ = out.Write(binary.LittleEndian.AppendUint32(scratch[:0], uint32(v)))
	}
	for _, c := range in.Cost {
		put(c)
	}
	return out.Flush()
}

// Read reads what Write wrote, size bytes in all. It takes no memory for what a
// header announces and the size cannot hold.
func Read(r io.Reader, size int64) (*Instance, error) {
	in := decoder{r: bufio.NewReaderSize(r, 1<<20)}
	var head [len(magic)]byte
	in.fill(head[:])
	if in.err == nil && string(head[:]) != magic {
		return nil, fmt.Errorf("is no instance file: begins with %q", head)
	}
	requests, volunteers, arcs := in.count(size), in.count(size), in.count(size)
	if in.err == nil && int64(len(magic))+8*(3+4*requests+1+volunteers)+12*arcs != size {
		return nil, fmt.Errorf("announces %d requests, %d volunteers and %d arcs, which do not make its %d bytes", requests, volunteers, arcs, size)
	}
	seats, penalties, people := in.int64s(requests), in.int64s(requests), in.int64s(requests)
	out := &Instance{
		Requests: make([]bmatch.Request, requests), Capacity: in.int64s(volunteers), First: make([]int, requests+1),
		Volunteer: make([]int32, arcs),
	}
	for r := range out.First {
		out.First[r] = int(in.int64())
	}
	for i := range out.Volunteer {
		out.Volunteer[i] = in.int32()
	}
	out.Cost = in.int64s(arcs)
	if in.err != nil {
		return nil, fmt.Errorf("the file ends early or cannot be read: %w", in.err)
	}
	for r := range out.Requests {
		out.Requests[r] = bmatch.Request{Seats: seats[r], Penalty: penalties[r]}
		if people[r] > 1 {
			out.MinPeople = people
		}
	}
	return out, out.Check()
}

// decoder reads numbers until one cannot be read, which err then tells.
type decoder struct {
	r       *bufio.Reader
	scratch [8]byte
	err     error
}

func (d *decoder) fill(b []byte) {
	if d.err == nil {
		_, d.err = io.ReadFull(d.r, b)
	}
}

func (d *decoder) int64() int64 {
	d.fill(d.scratch[:8])
	return int64(binary.LittleEndian.Uint64(d.scratch[:8]))
}

func (d *decoder) int32() int32 {
	d.fill(d.scratch[:4])
	return int32(binary.LittleEndian.Uint32(d.scratch[:4]))
}

// count reads a number of things that take four bytes or more each.
func (d *decoder) count(size int64) int64 {
	n := d.int64()
	if d.err == nil && (n < 0 || n > size/4) {
		d.err = fmt.Errorf("it announces %d things in %d bytes", n, size)
	}
	if d.err != nil {
		return 0
	}
	return n
}

func (d *decoder) int64s(n int64) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = d.int64()
	}
	return out
}
