// Package grid lays the H3 grid over the Earth: it names the cell of a point,
// walks outward from a cell ring by ring, and bounds from below how far away
// the things in a ring are. It is the only package that imports H3.
//
// # Resolutions
//
//	home   8   0.74 km², edge 0.53 km   a neighbourhood (网格): what a caseworker walks in a quarter of an hour
//	block  5   253 km², edge 9.9 km     a walk outward over 30 km needs about three rings
//	shard  3   12,393 km², edge 69 km   a county or two: one match round
//
// Cells of one resolution tile the sphere: 122 at resolution 0, of which 12 are
// pentagons, and seven times as many with every step. A cell is only roughly the
// union of its seven children, so a point's block is computed from the point and
// never from its home cell.
//
// # Rings and the bound
//
// Ring 0 of a cell is the cell; ring k holds the cells that are k steps from it
// and no fewer. Let a point p lie in ring 0 and a point q in ring m ≥ k. The
// shortest path from p to q passes from cell to touching cell, cells that touch
// differ by at most one step, and so the path enters ring k on its way. Hence
//
//	distance(p, q) ≥ min over the cells c of ring k of [chord(p, centre of c) − radius of c]
//
// where the radius of a cell reaches from its centre to its farthest corner.
// The right side is [Ring.Beyond]. A search may stop as soon as it has reached
// what the search could still use: nothing in ring k or any later ring is nearer.
//
// # Units
//
// Distances are metres. Inside, points are unit vectors ([Vec]) and lengths are
// chords of the unit sphere, which need no trigonometry to compare: a chord
// grows with its arc ([Chord], [Metres]) and obeys the triangle inequality.
package grid
