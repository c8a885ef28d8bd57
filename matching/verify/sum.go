package verify

import (
	"fmt"
	"math/bits"
)

// sum is a signed 128-bit sum, so that no term can make it wrap around.
type sum struct {
	hi int64
	lo uint64
}

func (s *sum) add(x int64) {
	lo, carry := bits.Add64(s.lo, uint64(x), 0)
	s.lo = lo
	s.hi += x>>63 + int64(carry)
}

func (s *sum) addProduct(a, b int64) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	high := int64(hi)
	if a < 0 {
		high -= b
	}
	if b < 0 {
		high -= a
	}
	low, carry := bits.Add64(s.lo, lo, 0)
	s.lo = low
	s.hi += high + int64(carry)
}

func (s *sum) addSum(t sum) {
	lo, carry := bits.Add64(s.lo, t.lo, 0)
	s.lo = lo
	s.hi += t.hi + int64(carry)
}

func (s sum) negated() sum {
	lo, borrow := bits.Sub64(0, s.lo, 0)
	return sum{-s.hi - int64(borrow), lo}
}

// compare gives the sign of s − x.
func (s sum) compare(x int64) int { return s.compareSum(wide(x)) }

func (s sum) compareSum(t sum) int {
	switch {
	case s == t:
		return 0
	case s.hi < t.hi || s.hi == t.hi && s.lo < t.lo:
		return -1
	}
	return 1
}

func wide(x int64) sum { return sum{x >> 63, uint64(x)} }

// String gives the number, or its 128 bits when it does not fit in 64.
func (s sum) String() string {
	if s == wide(int64(s.lo)) {
		return fmt.Sprint(int64(s.lo))
	}
	return fmt.Sprintf("%#x·2^64 + %#x", s.hi, s.lo)
}
