package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// KeyState is what a claim of an idempotency key finds.
type KeyState struct {
	// Finished is true when a request with this key and body has its answer,
	// which is then to be given again. Otherwise the claim is the caller's, who
	// goes on and ends it with FinishKey or ReleaseKey.
	Finished bool
	Status   int
	Headers  http.Header
	Body     []byte
}

const (
	// claimPatience is how long a claim without an answer keeps others off: its
	// process has died by then.
	claimPatience = time.Minute
	// KeyLife is how long answers are kept to be given again.
	KeyLife = 24 * time.Hour
)

// ClaimKey claims an idempotency key of an account for the request with this
// hash. The first claim wins: others get [aid.Conflict] with
// [aid.ReasonKeyInFlight] until it has its answer, which they are then given.
// A claim that has had no answer for a minute may be taken over. The same key
// with another hash is [aid.Invalid] with [aid.ReasonKeyReused].
func (s *Store) ClaimKey(ctx context.Context, account aid.AccountID, key string, hash []byte) (KeyState, error) {
	for {
		claimed, err := s.queries().ClaimKey(ctx, db.ClaimKeyParams{
			AccountID: account, Key: key, RequestHash: hash, PatienceSeconds: claimPatience.Seconds(),
		})
		if err == nil && !claimed.IsZero() {
			return KeyState{}, nil
		}
		if err = orNotFound(err, "key"); aid.KindOf(err) != aid.NotFound {
			return KeyState{}, err
		}
		state, err := s.readKey(ctx, account, key, hash)
		if aid.KindOf(err) == aid.NotFound {
			continue // released in between: the claim is open again
		}
		return state, err
	}
}

func (s *Store) readKey(ctx context.Context, account aid.AccountID, key string, hash []byte) (KeyState, error) {
	row, err := s.queries().ReadKey(ctx, db.ReadKeyParams{AccountID: account, Key: key})
	switch {
	case err != nil:
		return KeyState{}, orNotFound(err, "key")
	case !bytes.Equal(row.RequestHash, hash):
		return KeyState{}, aid.Because(aid.Invalid, aid.ReasonKeyReused, "this Idempotency-Key came with another request; take a new key")
	case row.Status == 0:
		return KeyState{}, aid.Because(aid.Conflict, aid.ReasonKeyInFlight, "the first request with this Idempotency-Key is still under way; try again shortly")
	}
	state := KeyState{Finished: true, Status: int(row.Status), Body: row.Body}
	return state, mapped(json.Unmarshal(row.Headers, &state.Headers))
}

// FinishKey keeps the answer to a claimed key. The first answer stays.
func (s *Store) FinishKey(ctx context.Context, account aid.AccountID, key string, status int, headers http.Header, body []byte) error {
	text, err := json.Marshal(headers)
	if err != nil {
		return mapped(err)
	}
	_, err = s.queries().FinishKey(ctx, db.FinishKeyParams{AccountID: account, Key: key, Status: int32(status), Headers: text, Body: body})
	return mapped(err)
}

// ReleaseKey gives up a claim that has no answer, so that the request can be
// sent again at once.
func (s *Store) ReleaseKey(ctx context.Context, account aid.AccountID, key string) error {
	return mapped(s.queries().ReleaseKey(ctx, db.ReleaseKeyParams{AccountID: account, Key: key}))
}

// PurgeKeys forgets the keys that are older than [KeyLife] and tells how many.
func (s *Store) PurgeKeys(ctx context.Context) (int64, error) {
	n, err := s.queries().PurgeKeys(ctx, KeyLife.Seconds())
	return n, mapped(err)
}
