package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMeter(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	m := newMeter(&out, "seats", false)
	m.terminal, m.next = true, time.Now().Add(time.Hour)
	m.say("looking")
	m.show(1, 9)
	m.done()
	require.Empty(t, out.String(), "quick work shows nothing")

	m.next = time.Time{}
	m.show(2, 9)
	m.show(3, 9) // too soon after
	m.say("checking")
	m.done()
	require.Equal(t, "\r\x1b[K2 of 9 seats\r\x1b[Kchecking\r\x1b[K", out.String())

	out.Reset()
	m.terminal, m.next = false, time.Time{}
	m.count(5)
	m.count(6) // too soon after
	require.Equal(t, "5 seats\n", out.String())

	out.Reset()
	m.quiet, m.next = true, time.Time{}
	m.say("looking")
	m.count(7)
	require.Empty(t, out.String())
}
