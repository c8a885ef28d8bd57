package grid

import "math"

// sideBits is how many bits of a rank tell how far along each side of a face it
// is: squares of 76 m where a face touches the sphere, a few houses.
const sideBits = 17

// RankBits is how many bits a rank takes: 3 for the face, the rest for its square.
const RankBits = 3 + 2*sideBits

// Rank gives the place of a point in an order in which those who follow each
// other live near each other, mostly: it is an order to store people in, not a
// bound on distances. It is below 2^[RankBits].
//
// The sphere is seen from its middle through the six faces of a cube. On each
// runs Hilbert's curve, every stretch of which covers a compact patch. The children
// of an H3 cell do not follow each other from neighbour to neighbour: in their order
// a search for the nearest has to look into half as many leaves again.
func Rank(v Vec) uint64 {
	x, y, z := math.Abs(v.X), math.Abs(v.Y), math.Abs(v.Z)
	switch {
	case x >= y && x >= z:
		return onFace(0, v.X, v.Y, v.Z)
	case y >= z:
		return onFace(1, v.Y, v.Z, v.X)
	}
	return onFace(2, v.Z, v.X, v.Y)
}

// onFace is the rank of a point on one of the two faces across an axis, of which
// a and b are the two others.
func onFace(face uint64, axis, a, b float64) uint64 {
	if axis < 0 {
		face += 3
	}
	square := func(along float64) uint64 {
		const squares = 1 << sideBits
		return uint64(min((along/math.Abs(axis)+1)*(squares/2), squares-1))
	}
	return face<<(2*sideBits) | hilbert(square(a), square(b))
}

// hilbert is how many squares the curve passes before the one in a column and a
// row (Warren, Hacker's Delight, 2nd ed., section 16-2): at every step from
// coarse to fine it takes one of four quarters, turned so that the ends meet.
func hilbert(column, row uint64) uint64 {
	var passed uint64
	for bit := sideBits - 1; bit >= 0; bit-- {
		right, up := column>>bit&1, row>>bit&1
		passed = passed<<2 | 3*right ^ up
		if up == 0 {
			if right == 1 {
				column, row = ^column, ^row
			}
			column, row = row, column
		}
	}
	return passed
}
