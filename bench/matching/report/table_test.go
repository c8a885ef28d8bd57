package report

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/bench/matching/families"
	"github.com/linli/linli/bench/matching/peers"
)

func markdown(t *testing.T, r *Results) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, r.Markdown(&b))
	return b.String()
}

func TestTableOfSolves(t *testing.T) {
	t.Parallel()
	r := &Results{
		Solves:  []Instance{row("m_calm", 100_000, 1)},
		Missing: map[string]string{"cost-scaling": "g++ liblemon-dev"},
	}
	require.Equal(t, `
### provinces

| instance | requests | seats | arcs | linli | greedy | network-simplex | scipy | cost-scaling | best peer ÷ linli | linli ÷ one pass | least peer MB ÷ linli |
|---|---|---|---|---|---|---|---|---|---|---|---|
| m_calm | 100,000 | 3 | 4 | 2.00 (10.0) | 0.5 (5.00) | 20.0 (30.0) | > 60.0 s | missing | 10.0 (network-simplex) | 4.00 | 3.00 |
`, markdown(t, r))
}

func TestTableOfCrews(t *testing.T) {
	t.Parallel()
	in := row("crews_busy", 1_000, 1)
	in.Suite = families.Crews
	in.Figures = in.Figures[:1]
	in.Figures[0].Status, in.Figures[0].Objective, in.Figures[0].Bound = peers.Feasible, 100_000, 99_900
	require.Equal(t, `
### crews

| instance | requests | seats | arcs | linli s (MB) | objective | bound | gap |
|---|---|---|---|---|---|---|---|
| crews_busy | 1,000 | 3 | 4 | 2.00 (10.0) | 100,000 | 99,900 | 0.100 % |
`, markdown(t, &Results{Solves: []Instance{in}}))
}

func TestTableOfNearest(t *testing.T) {
	t.Parallel()
	text := markdown(t, &Results{Nearest: []Nearest{
		{Volunteers: 1_000, Way: IndexWay, PerSecond: 50_000, P50Micros: 18.25, P99Micros: 90},
		{Volunteers: 1_000, Way: "SQL", PerSecond: 400, P50Micros: 2_000, P99Micros: 9_000},
		{Volunteers: 2_000, Way: "SQL", PerSecond: 40, P50Micros: 2_000, P99Micros: 9_000},
	}})
	require.Contains(t, text, "| 1,000 | matching/index | 50,000 | 18.2 | 90.0 |  |\n")
	require.Contains(t, text, "| 1,000 | SQL | 400 | 2,000 | 9,000 | 125 × |\n")
	require.Contains(t, text, "| 2,000 | SQL | 40.0 | 2,000 | 9,000 |  |\n", "only the same volunteers compare")
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for want, x := range map[string]float64{"0.00123": 0.0012345, "1.23": 1.2345, "12.3": 12.345, "123": 123.45, "1,234": 1234.4, "1,234,568": 1234567.8} {
		require.Equal(t, want, number(x))
	}
}

// plotted reads an SVG back: its texts and the centres of its points.
func plotted(t *testing.T, svg []byte) (texts []string, points int) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(string(svg))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts, points
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.CharData:
			texts = append(texts, strings.TrimSpace(string(token)))
		case xml.StartElement:
			for _, a := range token.Attr {
				require.NotContains(t, a.Value, "NaN")
				require.NotContains(t, a.Value, "Inf")
			}
			if token.Name.Local == "circle" {
				points++
			}
		}
	}
}

func TestPlotHasEveryFigure(t *testing.T) {
	t.Parallel()
	r := &Results{Date: "2026-11-24", Machine: Machine{CPU: "a <fast> one"}, Solves: []Instance{
		row("m_calm", 1_000, 0.01), row("m_calm", 10_000, 0.2), row("m_busy", 1_000, 1), row("m_busy", 10_000, 3), row("o_busy", 1_000, 3),
	}}
	texts, points := plotted(t, Plot(r))
	require.Equal(t, 12, points, "two families, two sizes, three solvers with a time")
	for _, text := range []string{"m_calm", "m_busy", "linli", "greedy", "network-simplex", "1,000", "10,000", "1 ms", "100 s"} {
		require.Contains(t, texts, text)
	}
	require.NotContains(t, texts, "o_busy", "one size makes no line")

	_, points = plotted(t, Plot(&Results{}))
	require.Zero(t, points)
}

func TestScaleKeepsPointsInsideThePanel(t *testing.T) {
	t.Parallel()
	s := newScale(panelsOf([]Instance{row("m_calm", 900, 0.003), row("m_calm", 120_000, 4)}))
	for _, size := range []float64{900, 120_000} {
		require.True(t, s.x(size) >= 0 && s.x(size) <= panelWidth)
	}
	require.Less(t, s.x(900), s.x(120_000))
	for _, seconds := range []float64{0.0015, 80} {
		require.True(t, s.y(seconds) >= 0 && s.y(seconds) <= panelHeight)
	}
	require.Less(t, s.y(80), s.y(0.0015), "longer is higher up")
	for want, e := range map[string]float64{"1 s": 0, "100 s": 2, "1 ms": -3, "10 ms": -2, "100 µs": -4} {
		require.Equal(t, want, duration(e))
	}
}
