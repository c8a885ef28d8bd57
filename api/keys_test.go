package api

import (
	"bytes"
	"context"
	"net/http"
	"sync"

	"github.com/linli/linli/aid"
)

// keys keeps idempotency keys in memory.
type keys struct {
	mu   sync.Mutex
	kept map[string]*keptKey
	fail error // of FinishKey
}

type keptKey struct {
	hash []byte
	KeyState
}

func newKeys() *keys { return &keys{kept: map[string]*keptKey{}} }

func (k *keys) ClaimKey(_ context.Context, account aid.AccountID, key string, hash []byte) (KeyState, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	found := k.kept[string(account)+key]
	switch {
	case found == nil:
		k.kept[string(account)+key] = &keptKey{hash: hash}
		return KeyState{}, nil
	case !bytes.Equal(found.hash, hash):
		return KeyState{}, aid.Because(aid.Invalid, aid.ReasonKeyReused, "this key came with another request")
	case !found.Finished:
		return KeyState{}, aid.Because(aid.Conflict, aid.ReasonKeyInFlight, "the first request is under way")
	}
	return found.KeyState, nil
}

func (k *keys) FinishKey(_ context.Context, account aid.AccountID, key string, status int, headers http.Header, body []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail != nil {
		return k.fail
	}
	k.kept[string(account)+key].KeyState = KeyState{Finished: true, Status: status, Headers: headers, Body: bytes.Clone(body)}
	return nil
}

func (k *keys) ReleaseKey(_ context.Context, account aid.AccountID, key string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.kept, string(account)+key)
	return nil
}

// expire lets another request take over a claim that nobody ended.
func (k *keys) expire() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for id, found := range k.kept {
		if !found.Finished {
			delete(k.kept, id)
		}
	}
}
