package flow

// heap is a 4-ary heap of nodes by distance. A node whose distance falls is
// pushed once more; whoever pops it knows the entries that are out of date.
type heap []entry

type entry struct {
	key  int64
	node int32 // complement: its list is to grow first
}

const heapArity = 4

func (h *heap) push(key int64, node int32) {
	*h = append(*h, entry{})
	items := *h
	i := len(items) - 1
	for i > 0 {
		parent := (i - 1) / heapArity
		if items[parent].key <= key {
			break
		}
		items[i] = items[parent]
		i = parent
	}
	items[i] = entry{key, node}
}

// pop takes out the entry with the smallest key.
func (h *heap) pop() entry {
	items := *h
	top, last := items[0], items[len(items)-1]
	items = items[:len(items)-1]
	*h = items
	i := 0
	for {
		child := i*heapArity + 1
		if child >= len(items) {
			break
		}
		for c := child + 1; c < min(i*heapArity+1+heapArity, len(items)); c++ {
			if items[c].key < items[child].key {
				child = c
			}
		}
		if items[child].key >= last.key {
			break
		}
		items[i] = items[child]
		i = child
	}
	if len(items) > 0 {
		items[i] = last
	}
	return top
}
