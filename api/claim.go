package api

import (
	"context"
	"time"

	"github.com/linli/linli/aid"
)

const (
	// keepTime bounds how long an answer may take to be kept after it was made.
	keepTime = 5 * time.Second
	// endTime is how long an answer that could not be kept, or a key that could
	// not be freed, is tried again. It must be over before others may take the
	// claim for that of a process that died.
	endTime  = 40 * time.Second
	endPause = time.Second
)

// endClaim ends the claim of a key. While the keys are away it goes on trying
// beside the answer that goes out, so that a client which sends the request again
// finds its key free, or its answer, as soon as they are back.
func (a *API) endClaim(ctx context.Context, end func(context.Context) error) {
	first, cancel := context.WithTimeout(ctx, keepTime)
	defer cancel()
	err := end(first)
	if err == nil {
		return
	}
	// Should it never succeed, the claim runs out by itself, and ids derive from
	// the key: a repeat is still the same.
	a.log.WarnContext(ctx, "an idempotency key was left open", "request_id", requestID(ctx), "error", err)
	if aid.KindOf(err) == aid.Unavailable {
		go a.endClaimLater(ctx, end)
	}
}

func (a *API) endClaimLater(ctx context.Context, end func(context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, endTime)
	defer cancel()
	again := time.NewTicker(endPause)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.closing:
			return
		case <-again.C:
		}
		if aid.KindOf(end(ctx)) != aid.Unavailable {
			return
		}
	}
}
