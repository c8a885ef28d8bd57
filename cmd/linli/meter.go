package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// meter shows how far long work has come: in place on a terminal, as a line now
// and then elsewhere, not at all when it is quick or to be quiet.
type meter struct {
	to       io.Writer
	what     string
	terminal bool
	quiet    bool
	next     time.Time
	shown    bool
}

const (
	meterTerminal = 200 * time.Millisecond
	meterLines    = 10 * time.Second
)

func newMeter(to io.Writer, what string, quiet bool) *meter {
	m := &meter{to: to, what: what, quiet: quiet, terminal: isTerminal(to)}
	m.next = time.Now().Add(m.every())
	return m
}

func (m *meter) every() time.Duration {
	if m.terminal {
		return meterTerminal
	}
	return meterLines
}

// show is told how much is done of how much.
func (m *meter) show(done, total int64) { m.print("%d of %d %s", done, total, m.what) }

// count is told how much is done when nobody knows of how much.
func (m *meter) count(done int64) { m.print("%d %s", done, m.what) }

// say tells what goes on that cannot be counted, once work has proved long.
func (m *meter) say(what string) {
	if m.terminal && m.shown {
		m.next = time.Time{}
	}
	m.print("%s", what)
}

func (m *meter) print(format string, args ...any) {
	now := time.Now()
	if m.quiet || now.Before(m.next) {
		return
	}
	m.next, m.shown = now.Add(m.every()), true
	if m.terminal {
		format = "\r\x1b[K" + format
	} else {
		format += "\n"
	}
	fmt.Fprintf(m.to, format, args...)
}

// done clears the terminal's line.
func (m *meter) done() {
	if m.terminal && m.shown {
		fmt.Fprint(m.to, "\r\x1b[K")
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && f.Name() != os.DevNull
}
