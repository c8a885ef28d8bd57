package auth

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// accounts is a store that counts how often it is asked.
type accounts struct {
	known map[Hash]aid.Account
	err   error
	asked int
}

func (a *accounts) AccountOfToken(_ context.Context, h Hash, _ time.Time) (aid.Account, error) {
	a.asked++
	if a.err != nil {
		return aid.Account{}, a.err
	}
	account, ok := a.known[h]
	if !ok {
		return aid.Account{}, aid.Errorf(aid.NotFound, "no token")
	}
	return account, nil
}

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func setUp() (*Authenticator, *accounts, *clock, Token) {
	token := NewToken()
	store := &accounts{known: map[Hash]aid.Account{token.Hash(): {ID: "a-1", Role: aid.RoleCaseworker}}}
	c := &clock{time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)}
	return NewAuthenticator(store, c.now), store, c, token
}

// TestATokenIsWrittenInOneWay: its last letter has two bits to spare, which must
// be zero.
func TestATokenIsWrittenInOneWay(t *testing.T) {
	t.Parallel()
	text := "linli_" + strings.Repeat("A", 42)
	good := 0
	for _, last := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
		if _, ok := ParseToken(text + string(last)); ok {
			good++
		}
	}
	require.Equal(t, 16, good)
}

func TestTokensHaveTheirForm(t *testing.T) {
	t.Parallel()
	a, b := NewToken(), NewToken()
	require.NotEqual(t, a.Secret(), b.Secret())
	body, ok := strings.CutPrefix(a.Secret(), "linli_")
	require.True(t, ok)
	raw, err := base64.RawURLEncoding.DecodeString(body)
	require.NoError(t, err)
	require.Len(t, raw, 32)
	back, ok := ParseToken(a.Secret())
	require.True(t, ok)
	require.Equal(t, a.Hash(), back.Hash())
}

func TestATokenDoesNotSlipIntoText(t *testing.T) {
	t.Parallel()
	token := NewToken()
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "token", token) //nolint:sloglint // the point is what a careless line shows
	for _, text := range []string{fmt.Sprint(token), fmt.Sprintf("%v %+v %#v %s", token, token, token, token), log.String()} {
		require.NotContains(t, text, token.Secret()[len(tokenPrefix):])
	}
}

func TestEveryBadTokenGetsTheSameAnswer(t *testing.T) {
	t.Parallel()
	a, store, _, good := setUp()
	_, unknown := a.Authenticate(t.Context(), NewToken().Secret())
	require.Equal(t, aid.Unknown, aid.KindOf(unknown))
	for _, text := range []string{
		"", "linli_", "linli_short", good.Secret() + "A", good.Secret()[:len(good.Secret())-1], good.Secret() + "\n",
		strings.ToUpper(good.Secret()), "Linli_" + good.Secret()[6:], strings.TrimPrefix(good.Secret(), "linli_"),
	} {
		_, err := a.Authenticate(t.Context(), text)
		require.Equal(t, unknown, err, "%q", text)
	}
	store.err = aid.Errorf(aid.Unknown, "revoked by somebody")
	_, err := a.Authenticate(t.Context(), NewToken().Secret())
	require.Equal(t, unknown, err)
}

func TestARevokedTokenEndsWithinItsFreshness(t *testing.T) {
	t.Parallel()
	a, store, c, token := setUp()
	for range 3 {
		account, err := a.Authenticate(t.Context(), token.Secret())
		require.NoError(t, err)
		require.Equal(t, aid.AccountID("a-1"), account.ID)
	}
	require.Equal(t, 1, store.asked, "a fresh token is not asked for again")
	store.known = nil
	c.at = c.at.Add(Freshness)
	_, err := a.Authenticate(t.Context(), token.Secret())
	require.Equal(t, aid.Unknown, aid.KindOf(err))
}

func TestAStoreThatIsAwayIsNoBadToken(t *testing.T) {
	t.Parallel()
	a, store, _, token := setUp()
	store.err = aid.Errorf(aid.Unavailable, "away")
	_, err := a.Authenticate(t.Context(), token.Secret())
	require.Equal(t, aid.Unavailable, aid.KindOf(err))
	store.err = nil
	_, err = a.Authenticate(t.Context(), token.Secret())
	require.NoError(t, err, "a failure is not remembered")
}

func TestBadTokensDoNotFillTheMemory(t *testing.T) {
	t.Parallel()
	a, _, _, _ := setUp()
	for range 100 {
		_, err := a.Authenticate(t.Context(), NewToken().Secret())
		require.Error(t, err)
	}
	require.Empty(t, a.known)
}

func FuzzParseToken(f *testing.F) {
	f.Add("linli_")
	f.Add(NewToken().Secret())
	f.Fuzz(func(t *testing.T, s string) {
		if token, ok := ParseToken(s); ok {
			require.Equal(t, s, token.Secret())
			require.Len(t, s, len(tokenPrefix)+43)
		}
	})
}
