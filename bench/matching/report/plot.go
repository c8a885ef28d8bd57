package report

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"slices"
	"strings"

	"github.com/linli/linli/bench/matching/families"
)

// The plot is small panels, one a family, with time against size on logarithmic
// axes that all panels share.
const (
	panelWidth, panelHeight = 260.0, 210.0
	marginLeft, marginTop   = 52.0, 64.0
	gapX, gapY              = 28.0, 52.0
	panelsInRow             = 3
)

// colours of solvers, by name; they differ in lightness too.
var colours = map[string]string{
	Ours: "#b3261e", OnePass: "#9e9e9e", "network-simplex": "#1f4e9c", "cost-scaling": "#3a8f5c", "scipy": "#b8860b",
}

// Plot draws time against size as an SVG image: every family of the provinces
// with two sizes or more, every solver with a figure there.
func Plot(r *Results) []byte {
	panels := panelsOf(r.Solves)
	scale := newScale(panels)
	rows := (len(panels) + panelsInRow - 1) / panelsInRow
	width := marginLeft + panelsInRow*(panelWidth+gapX)
	height := marginTop + float64(rows)*(panelHeight+gapY)
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" font-family="sans-serif" font-size="12" role="img">`+"\n", width, height)
	fmt.Fprintf(&b, "<title>%s</title>\n", html.EscapeString("Processor seconds of a solve against the number of requests; "+r.Machine.CPU+", "+r.Date))
	fmt.Fprintf(&b, `<rect width="%.0f" height="%.0f" fill="#fff"/>`+"\n", width, height)
	legend(&b, panels)
	for i, p := range panels {
		x := marginLeft + float64(i%panelsInRow)*(panelWidth+gapX)
		y := marginTop + float64(i/panelsInRow)*(panelHeight+gapY)
		fmt.Fprintf(&b, `<g transform="translate(%.0f %.0f)">`+"\n", x, y)
		scale.frame(&b, p.family, i%panelsInRow == 0)
		for _, c := range p.curves {
			scale.draw(&b, c)
		}
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

type curve struct {
	solver string
	points []sample
}

type panel struct {
	family string
	curves []curve
}

// panelsOf takes what can be drawn, in the order of the results.
func panelsOf(solves []Instance) []panel {
	var all []panel
	for _, in := range solves {
		if in.Suite != families.Provinces {
			continue
		}
		at := slices.IndexFunc(all, func(p panel) bool { return p.family == in.Family })
		if at < 0 {
			all = append(all, panel{family: in.Family})
			at = len(all) - 1
		}
		for _, f := range in.Figures {
			if cpu, ok := f.CPU(); ok && cpu > 0 && colours[f.Solver] != "" {
				all[at].add(f.Solver, sample{float64(in.Requests), cpu})
			}
		}
	}
	return slices.DeleteFunc(all, func(p panel) bool {
		return !slices.ContainsFunc(p.curves, func(c curve) bool { return len(c.points) > 1 })
	})
}

func (p *panel) add(solver string, s sample) {
	i := slices.IndexFunc(p.curves, func(c curve) bool { return c.solver == solver })
	if i < 0 {
		p.curves = append(p.curves, curve{solver: solver})
		i = len(p.curves) - 1
	}
	p.curves[i].points = append(p.curves[i].points, s)
	slices.SortFunc(p.curves[i].points, func(a, b sample) int { return int(a.size - b.size) })
}

// scale maps sizes and seconds to the place in a panel, from a power of ten to
// another on both axes.
type scale struct{ x0, x1, y0, y1 float64 } // decimal logarithms

func newScale(panels []panel) scale {
	s := scale{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	for _, p := range panels {
		for _, c := range p.curves {
			for _, at := range c.points {
				s.x0, s.x1 = min(s.x0, math.Log10(at.size)), max(s.x1, math.Log10(at.size))
				s.y0, s.y1 = min(s.y0, math.Log10(at.seconds)), max(s.y1, math.Log10(at.seconds))
			}
		}
	}
	return scale{math.Floor(s.x0), math.Ceil(s.x1), math.Floor(s.y0), math.Ceil(s.y1)}
}

func (s scale) x(size float64) float64 {
	return (math.Log10(size) - s.x0) / (s.x1 - s.x0) * panelWidth
}

func (s scale) y(seconds float64) float64 {
	return panelHeight - (math.Log10(seconds)-s.y0)/(s.y1-s.y0)*panelHeight
}

func (s scale) frame(b *bytes.Buffer, title string, hasLabels bool) {
	fmt.Fprintf(b, `<text x="0" y="-8" font-weight="bold">%s</text>`+"\n", html.EscapeString(title))
	for e := s.x0; e <= s.x1; e++ {
		x, anchor := s.x(math.Pow(10, e)), "middle"
		switch e { // the outer labels stay inside the panel
		case s.x0:
			anchor = "start"
		case s.x1:
			anchor = "end"
		}
		fmt.Fprintf(b, `<path d="M%.1f 0V%.0f" stroke="#e4e4e4"/><text x="%.1f" y="%.0f" text-anchor="%s" fill="#555">%s</text>`+"\n",
			x, panelHeight, x, panelHeight+16, anchor, count(int(math.Pow(10, e))))
	}
	for e := s.y0; e <= s.y1; e++ {
		y := s.y(math.Pow(10, e))
		fmt.Fprintf(b, `<path d="M0 %.1fH%.0f" stroke="#e4e4e4"/>`, y, panelWidth)
		if hasLabels {
			fmt.Fprintf(b, `<text x="-6" y="%.1f" text-anchor="end" fill="#555">%s</text>`, y+4, duration(e))
		}
		b.WriteString("\n")
	}
}

func (s scale) draw(b *bytes.Buffer, c curve) {
	var path strings.Builder
	for i, at := range c.points {
		step := "L"
		if i == 0 {
			step = "M"
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", step, s.x(at.size), s.y(at.seconds))
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`, s.x(at.size), s.y(at.seconds), colours[c.solver])
	}
	fmt.Fprintf(b, `<path d="%s" fill="none" stroke="%s" stroke-width="%s"/>`+"\n", path.String(), colours[c.solver], stroke(c.solver))
}

func stroke(solver string) string {
	if solver == Ours {
		return "2.5"
	}
	return "1.3"
}

// duration names a power of ten seconds.
func duration(exponent float64) string {
	units := []string{"s", "ms", "µs", "ns"}
	at := min(max(0, int(math.Ceil(-exponent/3))), len(units)-1)
	return count(int(math.Round(math.Pow(10, exponent+3*float64(at))))) + " " + units[at]
}

func legend(b *bytes.Buffer, panels []panel) {
	var solvers []string
	for _, p := range panels {
		for _, c := range p.curves {
			if !slices.Contains(solvers, c.solver) {
				solvers = append(solvers, c.solver)
			}
		}
	}
	x := marginLeft
	for _, s := range solvers {
		fmt.Fprintf(b, `<path d="M%.0f 20h24" stroke="%s" stroke-width="%s"/><text x="%.0f" y="24">%s</text>`+"\n", x, colours[s], stroke(s), x+30, html.EscapeString(s))
		x += 60 + 7*float64(len(s))
	}
	fmt.Fprintf(b, `<text x="%.0f" y="24" fill="#555">processor time by number of requests</text>`+"\n", x)
}
