package postgres_test

import (
	"crypto/sha256"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
)

func TestTokensStandForTheirAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.volunteer("v", 1)
	require.NoError(t, w.AddAccount(ctx, aid.Account{ID: "a1", Role: aid.RoleVolunteer, Name: "张", Volunteer: "v"}, nil))
	require.NoError(t, w.AddAccount(ctx, aid.Account{ID: "a2", Role: aid.RoleCoordinator, Name: "赵"}, []aid.AreaID{harbin.ID, province.ID}))
	first, second := sha256.Sum256([]byte("first")), sha256.Sum256([]byte("second"))
	require.NoError(t, w.AddToken(ctx, "a1", first, "phone", time.Time{}))
	require.NoError(t, w.AddToken(ctx, "a2", second, "", w.now.Add(time.Hour)))

	account, err := w.AccountOfToken(ctx, first, w.now)
	require.NoError(t, err)
	require.Equal(t, aid.Account{ID: "a1", Role: aid.RoleVolunteer, Name: "张", Volunteer: "v"}, account)
	account, err = w.AccountOfToken(ctx, second, w.now)
	require.NoError(t, err)
	require.Equal(t, []aid.AreaPath{province.Path, harbin.Path}, account.Areas)

	unknown := func(hash [32]byte, now time.Time) {
		t.Helper()
		_, err := w.AccountOfToken(ctx, hash, now)
		require.Equal(t, aid.Unknown, aid.KindOf(err))
	}
	unknown(sha256.Sum256([]byte("third")), w.now)
	unknown(second, w.now.Add(time.Hour))
	require.NoError(t, w.RevokeToken(ctx, second))
	require.NoError(t, w.RevokeToken(ctx, second))
	unknown(second, w.now)
	require.Equal(t, aid.NotFound, aid.KindOf(w.RevokeToken(ctx, sha256.Sum256([]byte("third")))))
	require.NoError(t, w.sql("UPDATE accounts SET active = false WHERE id = 'a1'"))
	unknown(first, w.now)

	require.Equal(t, aid.ReasonAlreadyExists, aid.ReasonOf(w.AddAccount(ctx, aid.Account{ID: "a2", Role: aid.RoleTrainer}, nil)))
	require.ErrorContains(t, w.AddAccount(ctx, aid.Account{ID: "a3", Role: aid.RoleTrainer}, []aid.AreaID{"nowhere"}), "area_id")
	require.ErrorContains(t, w.AddToken(ctx, "nobody", sha256.Sum256(nil), "", time.Time{}), "account_id")
}

func TestOneClaimOfAKeyWinsAndItsAnswerIsGivenAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, hash := t.Context(), []byte("hash")
	var won, waits atomic.Int32
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			state, err := w.ClaimKey(ctx, "c1", "k", hash)
			switch {
			case err == nil && !state.Finished:
				won.Add(1)
			case aid.ReasonOf(err) == aid.ReasonKeyInFlight && aid.KindOf(err) == aid.Conflict:
				waits.Add(1)
			default:
				t.Errorf("%+v %v", state, err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, won.Load())
	require.EqualValues(t, 19, waits.Load())

	_, err := w.ClaimKey(ctx, "c1", "k", []byte("other"))
	require.Equal(t, aid.ReasonKeyReused, aid.ReasonOf(err))
	answer := postgres.KeyState{Finished: true, Status: 201, Headers: http.Header{"Location": {"/v1/x"}}, Body: []byte("{}")}
	require.NoError(t, w.FinishKey(ctx, "c1", "k", answer.Status, answer.Headers, answer.Body))
	require.NoError(t, w.FinishKey(ctx, "c1", "k", 500, nil, nil), "the first answer stays")
	require.NoError(t, w.ReleaseKey(ctx, "c1", "k"), "an answer is not released")
	require.NoError(t, w.sql("UPDATE idempotency_keys SET claimed_at = claimed_at - interval '1h'"))
	state, err := w.ClaimKey(ctx, "c1", "k", hash)
	require.NoError(t, err)
	require.Equal(t, answer, state, "also long after")
	_, err = w.ClaimKey(ctx, "c1", "k", []byte("other"))
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	require.Equal(t, aid.ReasonKeyReused, aid.ReasonOf(err))
}

func TestAClaimWithoutAnswerPasses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, hash := t.Context(), []byte("hash")
	claim := func() error {
		state, err := w.ClaimKey(ctx, "c1", "k", hash)
		require.False(t, state.Finished)
		return err
	}
	require.NoError(t, claim())
	require.Equal(t, aid.ReasonKeyInFlight, aid.ReasonOf(claim()))
	require.NoError(t, w.ReleaseKey(ctx, "c1", "k"))
	require.NoError(t, claim(), "released")
	age := func(by string) {
		require.NoError(t, w.sql("UPDATE idempotency_keys SET claimed_at = claimed_at - $1::interval", by))
	}
	age("55s")
	require.Equal(t, aid.ReasonKeyInFlight, aid.ReasonOf(claim()))
	age("6s")
	_, err := w.ClaimKey(ctx, "c1", "k", []byte("another request"))
	require.Equal(t, aid.ReasonKeyReused, aid.ReasonOf(err), "a process that died leaves its key to the same request alone")
	require.NoError(t, claim(), "taken over from a process that died")
	require.Equal(t, aid.ReasonKeyInFlight, aid.ReasonOf(claim()), "once")

	n, err := w.PurgeKeys(ctx)
	require.NoError(t, err)
	require.Zero(t, n)
	age("25h")
	n, err = w.PurgeKeys(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
}
