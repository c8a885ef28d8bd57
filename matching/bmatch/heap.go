package bmatch

// heap is a 4-ary heap of requests by distance. Each request's place is kept
// with the request, so that a shorter distance can move it up.
type heap struct {
	keys  []int64
	items []int32
	place []int32 // of each request, valid while it is in the heap
}

const heapArity = 4

func newHeap(requests int) heap {
	return heap{place: make([]int32, requests)}
}

func (h *heap) clear() { h.keys, h.items = h.keys[:0], h.items[:0] }

func (h *heap) push(r int32, key int64) {
	h.keys = append(h.keys, key)
	h.items = append(h.items, r)
	h.up(len(h.items)-1, r, key)
}

// lower moves r, which is in the heap, to a smaller key.
func (h *heap) lower(r int32, key int64) { h.up(int(h.place[r]), r, key) }

// pop takes out the request with the smallest key.
func (h *heap) pop() int32 {
	top := h.items[0]
	last := len(h.items) - 1
	r, key := h.items[last], h.keys[last]
	h.keys, h.items = h.keys[:last], h.items[:last]
	if last > 0 {
		h.down(r, key)
	}
	return top
}

func (h *heap) up(i int, r int32, key int64) {
	for i > 0 {
		parent := (i - 1) / heapArity
		if h.keys[parent] <= key {
			break
		}
		h.set(i, h.items[parent], h.keys[parent])
		i = parent
	}
	h.set(i, r, key)
}

func (h *heap) down(r int32, key int64) {
	i, n := 0, len(h.items)
	for {
		child := i*heapArity + 1
		if child >= n {
			break
		}
		for c := child + 1; c < min(i*heapArity+1+heapArity, n); c++ {
			if h.keys[c] < h.keys[child] {
				child = c
			}
		}
		if h.keys[child] >= key {
			break
		}
		h.set(i, h.items[child], h.keys[child])
		i = child
	}
	h.set(i, r, key)
}

func (h *heap) set(i int, r int32, key int64) {
	h.keys[i], h.items[i], h.place[r] = key, r, int32(i)
}
