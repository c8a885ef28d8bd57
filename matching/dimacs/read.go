package dimacs

import (
	"errors"
	"io"
	"math"

	"github.com/linli/linli/aid"
)

const (
	maxNodes = math.MaxInt32 - 1
	maxCost  = 1 << 58
	// A file may declare nodes that no line names, but not so many that they
	// alone would fill the memory.
	spareNodes = 1 << 20
)

// file is a DIMACS file as it was read, before its form is checked.
type file struct {
	form         string // "asn" or "min"
	formLine     int64
	nodes, count int64 // as declared
	flows        []flowLine
	arcs         []arcLine
	last         int64 // number of the last line
}

type flowLine struct {
	node int32
	flow int64 // 1 for a left node of an assignment
	line int64
}

type arcLine struct {
	from, to       int32
	capacity, cost int64
	line           int64
}

// Read reads a problem of one of the two forms. What breaks the form is an
// error of kind [aid.Invalid] whose problem names the line; what cannot be read
// is of kind [aid.Unavailable]. A well-formed problem without a solution is no
// error here but one of [Network.Solve].
func Read(r io.Reader) (*Network, error) {
	f, err := readFile(r)
	if err != nil {
		return nil, err
	}
	if f.form == "asn" {
		return assignment(f)
	}
	return transport(f)
}

func readFile(r io.Reader) (*file, error) {
	l, f := newLines(r), &file{}
	for {
		err := l.next()
		if errors.Is(err, io.EOF) {
			f.last = l.number
			return f, f.checkCounts()
		}
		if err == nil {
			err = f.take(l)
		}
		if err != nil {
			return nil, err
		}
	}
}

// take reads one line.
func (f *file) take(l *lines) error {
	kind := string(l.fields[0])
	switch {
	case kind == "p" && f.form == "":
		return f.takeForm(l)
	case kind == "p":
		return l.refuse("is a second problem line")
	case kind != "n" && kind != "a":
		return l.refuse("begins with %s; lines of a problem begin with c, p, n or a", quote(l.fields[0]))
	case f.form == "":
		return l.refuse("comes before the problem line `p asn NODES ARCS` or `p min NODES ARCS`")
	case kind == "n":
		return f.takeFlow(l)
	}
	return f.takeArc(l)
}

func (f *file) takeForm(l *lines) error {
	if len(l.fields) != 4 {
		return l.refuse("has %d fields; a problem line is `p asn NODES ARCS` or `p min NODES ARCS`", len(l.fields))
	}
	form := string(l.fields[1])
	if form != "asn" && form != "min" {
		return l.refuse("declares the form %s; asn and min can be solved", quote(l.fields[1]))
	}
	var err error
	if f.nodes, err = l.number64(2, "the number of nodes", 0, maxNodes); err != nil {
		return err
	}
	if f.count, err = l.number64(3, "the number of arcs", 0, math.MaxInt64); err != nil {
		return err
	}
	f.form, f.formLine = form, l.number
	return nil
}

func (f *file) takeFlow(l *lines) error {
	want := map[string]int{"asn": 2, "min": 3}[f.form]
	if len(l.fields) != want {
		return l.refuse("has %d fields; a node line of %s has %d: `n ID` in asn, `n ID FLOW` in min", len(l.fields), f.form, want)
	}
	node, err := f.node(l, 1)
	if err != nil {
		return err
	}
	flow := int64(1)
	if f.form == "min" {
		if flow, err = l.number64(2, "the flow", -math.MaxInt64, math.MaxInt64); err != nil {
			return err
		}
	}
	f.flows = append(f.flows, flowLine{node, flow, l.number})
	return nil
}

func (f *file) takeArc(l *lines) error {
	if int64(len(f.arcs)) == f.count {
		return l.refuse("is one arc more than the %d declared", f.count)
	}
	want := map[string]int{"asn": 4, "min": 6}[f.form]
	if len(l.fields) != want {
		return l.refuse("has %d fields; an arc line of %s has %d: `a SRC DST COST` in asn, `a SRC DST LOW CAP COST` in min", len(l.fields), f.form, want)
	}
	a := arcLine{line: l.number, capacity: 1}
	var err error
	if a.from, err = f.node(l, 1); err != nil {
		return err
	}
	if a.to, err = f.node(l, 2); err != nil {
		return err
	}
	if f.form == "min" {
		if _, err = l.number64(3, "the lower bound", 0, 0); err != nil {
			return err
		}
		if a.capacity, err = l.number64(4, "the capacity", 0, math.MaxInt64); err != nil {
			return err
		}
	}
	if a.cost, err = l.number64(want-1, "the cost", -maxCost, maxCost); err != nil {
		return err
	}
	f.arcs = append(f.arcs, a)
	return nil
}

func (f *file) node(l *lines, field int) (int32, error) {
	id, err := l.number64(field, "the node", 1, f.nodes)
	return int32(id), err
}

// checkCounts looks at what only the end of the file tells.
func (f *file) checkCounts() error {
	switch {
	case f.form == "":
		return &aid.Error{Kind: aid.Invalid, Message: "this DIMACS file cannot be solved: it has no problem line `p asn NODES ARCS` or `p min NODES ARCS`"}
	case int64(len(f.arcs)) != f.count:
		return refuse(f.last, "is the last, with %d of the %d arcs declared", len(f.arcs), f.count)
	case f.nodes > spareNodes+2*int64(len(f.arcs))+int64(len(f.flows)):
		return refuse(f.formLine, "declares %d nodes, most of which no line names", f.nodes)
	}
	return nil
}
