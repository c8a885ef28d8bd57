package flow

import (
	"math"
	"math/bits"
	"slices"
)

const (
	radixFrom  = 96 // keys from which sorting by bytes is faster than by comparing
	sampleNear = 8  // how many of a sample shall be among the pairs taken
)

// keysAfter appends about m of the nearest pairs of row r after the pair last to
// dst, in the order of cost, then volunteer, and says whether it came to the end of
// the row. How far it has to go it finds by a sample, in which a few lie as near. All
// pairs have keys.
func (g *Rows) keysAfter(dst []Arc, room *keyRoom, r int32, last Arc, m int) (out []Arc, whole bool) {
	from, to := g.first[r], g.first[r+1]
	volunteers, costs := g.volunteers[from:to], g.costs[from:to]
	room.keys = slices.Grow(room.keys[:0], len(costs))[:len(costs)]
	keys := room.keys
	least := keyOf(last.Cost, last.Volunteer)
	farthest := uint64(math.MaxUint64)
	if m < len(costs)/2 {
		n := 0
		for i := 0; i < len(costs); i += max(1, m/sampleNear) {
			keys[n] = keyOf(costs[i], volunteers[i])
			if keys[n] > least {
				n++
			}
		}
		if n > sampleNear {
			selectKeys(keys[:n], sampleNear)
			farthest = slices.Max(keys[:sampleNear])
		}
	}
	// Who is near cannot be foreseen, so no branch depends on it.
	n, past := 0, 0
	for i, c := range costs {
		key := keyOf(c, volunteers[i])
		keys[n] = key
		if key-least-1 < farthest-least {
			n++
		}
		if key > farthest {
			past++
		}
	}
	for _, k := range room.sort(keys[:n]) {
		dst = append(dst, Arc{int32(uint32(k)), int64(k >> 32)})
	}
	return dst, past == 0
}

// keyRoom is work space for keys.
type keyRoom struct{ keys, other []uint64 }

// sort sorts keys, long lists by their bytes, the last first, leaving out those in
// which no two keys differ. The result may lie in either half of the room.
func (room *keyRoom) sort(keys []uint64) []uint64 {
	if len(keys) < radixFrom {
		slices.Sort(keys)
		return keys
	}
	differ := uint64(0)
	for _, k := range keys {
		differ |= k ^ keys[0]
	}
	room.other = slices.Grow(room.other[:0], len(keys))[:len(keys)]
	other := room.other
	for differ != 0 {
		shift := uint(bits.TrailingZeros64(differ))
		differ &^= 0xff << shift
		var count [256]int32
		for _, k := range keys {
			count[uint8(k>>shift)]++
		}
		at := int32(0)
		for i := range count {
			count[i], at = at, at+count[i]
		}
		for _, k := range keys {
			b := uint8(k >> shift)
			other[count[b]] = k
			count[b]++
		}
		keys, other = other, keys
	}
	return keys
}

// selectKeys moves the m least keys to the front (C. A. R. Hoare, Algorithm 65:
// find, 1961, with the middle of three as pivot).
func selectKeys(keys []uint64, m int) {
	low, high := 0, len(keys)-1
	for low < high {
		a, b, c := keys[low], keys[(low+high)/2], keys[high]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := low, high
		for i <= j {
			for keys[i] < pivot {
				i++
			}
			for keys[j] > pivot {
				j--
			}
			if i <= j {
				keys[i], keys[j] = keys[j], keys[i]
				i++
				j--
			}
		}
		switch {
		case m <= j:
			high = j
		case m > i:
			low = i
		default:
			return
		}
	}
}
