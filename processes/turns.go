package processes

import (
	"context"
	"sync"
)

// maxAtOnce is how many updates of one workflow are under way at a time. Above
// ten, its default limit, Temporal turns further ones away and a crowd of
// callers that try again starves itself.
const maxAtOnce = 8

// turns lets callers of one workflow wait for their turn. The zero value is
// ready; it is safe for concurrent use.
type turns struct {
	mu   sync.Mutex
	open map[string]*turn
}

type turn struct {
	room  chan struct{}
	users int
}

// take waits for room. The caller must call done, once.
func (t *turns) take(ctx context.Context, id string) (done func(), err error) {
	t.mu.Lock()
	if t.open == nil {
		t.open = map[string]*turn{}
	}
	at := t.open[id]
	if at == nil {
		at = &turn{room: make(chan struct{}, maxAtOnce)}
		t.open[id] = at
	}
	at.users++
	t.mu.Unlock()

	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if at.users--; at.users == 0 {
			delete(t.open, id)
		}
	}
	select {
	case at.room <- struct{}{}:
		return func() { <-at.room; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
