package dimacs

import (
	"bufio"
	"fmt"
	"io"
)

// Write writes the solution lines: `s COST`, then `f SRC DST FLOW` for every
// arc with flow, those between the sides first.
func (s *Solution) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "s %d\n", s.cost)
	n := s.network
	used := make([]int64, len(n.right))
	for i, l := range n.left {
		for _, a := range s.result.Assigned(i) {
			fmt.Fprintf(out, "f %d %d 1\n", l.node, n.right[a.Volunteer].node)
			used[a.Volunteer]++
		}
	}
	if n.sink != 0 {
		for i, l := range n.left {
			if open := l.seats - int64(len(s.result.Assigned(i))); open > 0 {
				fmt.Fprintf(out, "f %d %d %d\n", l.node, n.sink, open)
			}
		}
		for i, r := range n.right {
			if used[i] > 0 {
				fmt.Fprintf(out, "f %d %d %d\n", r.node, n.sink, used[i])
			}
		}
	}
	return out.Flush()
}
