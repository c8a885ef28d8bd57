// Package grid lays the H3 grid over the Earth and names the cell of a point; and
// it puts points in an order in which near ones are near ([Rank]), which is not by
// cells. It is the only package that imports H3.
//
// # Resolutions
//
//	home   8   0.74 km², edge 0.53 km   a neighbourhood (网格): what a caseworker walks in a quarter of an hour
//	shard  3   12,393 km², edge 69 km   a county or two: one match round
//
// Cells of one resolution tile the sphere: 122 at resolution 0, of which 12 are
// pentagons, and seven times as many with every step. A cell is only roughly the
// union of its seven children, so a point's cell is computed from the point and
// never from a finer cell, but for the shard, which every home cell has one of.
//
// # Units
//
// Distances are metres. Inside, points are unit vectors ([Vec]) and lengths are
// chords of the unit sphere, which need no trigonometry to compare: a chord
// grows with its arc ([Chord], [Metres]) and obeys the triangle inequality.
package grid
