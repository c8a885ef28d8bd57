package training

import (
	"strconv"
	"strings"
)

// Table writes a comparison for a spreadsheet: a header, and a row for each measure. What
// is withheld or cannot be told is empty.
func (e Effect) Table() [][]string {
	rows := [][]string{{
		"measure", "trained_people", "trained_of", "trained_did", "trained", "trained_low", "trained_high",
		"not_yet_people", "not_yet_of", "not_yet_did", "not_yet", "not_yet_low", "not_yet_high",
		"difference", "difference_low", "difference_high", "claim", "too_few", "undated_people",
	}}
	for _, c := range e.Comparisons {
		row := append([]string{string(c.Measure)}, append(c.Trained.cells(), c.Untrained.cells()...)...)
		difference := []string{"", "", ""}
		if !c.Trained.Withheld && !c.Untrained.Withheld {
			difference = []string{figure(c.Difference), figure(c.Low), figure(c.High)}
		}
		few := make([]string, len(c.TooFew))
		for i, g := range c.TooFew {
			few[i] = string(g)
		}
		rows = append(rows, append(append(row, difference...), string(c.Claim), strings.Join(few, ";"), strconv.Itoa(e.Undated)))
	}
	return rows
}

func (s Sample) cells() []string {
	if s.Withheld {
		return []string{"", "", "", "", "", ""}
	}
	return []string{strconv.Itoa(s.People), figure(s.X), figure(s.Y), figure(s.Value), figure(s.Low), figure(s.High)}
}

// figure has four decimals at most.
func figure(x float64) string {
	s := strings.TrimRight(strings.TrimRight(strconv.FormatFloat(x, 'f', 4, 64), "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}
