package live

import (
	"slices"
	"sync"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching"
)

// shelf keeps the solved rounds of the shards last matched, so that the next round
// of a shard, or a question about it, goes on from there. Whoever takes a ledger
// has it alone; who finds none makes a plan from nothing. What is on the shelf is
// never needed, and no answer depends on it.
type shelf struct {
	most int64 // bytes

	mu   sync.Mutex
	kept []kept // the one longest unused first, one of each shard at most
}

// kept is the ledger of a shard.
type kept struct {
	shard  aid.Cell
	ledger *matching.Ledger
	asked  time.Time // when a question brought it up to date; zero for that of a round
}

// take gives the ledger of a shard away; that of a shard without one is nil.
func (s *shelf) take(shard aid.Cell) kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.kept, func(k kept) bool { return k.shard == shard })
	if i < 0 {
		return kept{shard: shard}
	}
	k := s.kept[i]
	s.kept = slices.Delete(s.kept, i, i+1)
	return k
}

// put keeps a ledger in place of that of the same shard, and throws away the
// longest unused until there is room.
func (s *shelf) put(k kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(slices.DeleteFunc(s.kept, func(o kept) bool { return o.shard == k.shard }), k)
	var all int64
	for i, k := range slices.Backward(s.kept) {
		if all += k.ledger.Bytes(); all > s.most {
			s.kept = slices.Delete(s.kept, 0, i+1)
			return
		}
	}
}
