package auth

import (
	"context"
	"sync"
	"time"

	"github.com/linli/linli/aid"
)

// Accounts finds the account of a token that is neither expired nor revoked at
// the time now. For any other it fails with [aid.Unknown] or [aid.NotFound].
type Accounts interface {
	AccountOfToken(ctx context.Context, hash Hash, now time.Time) (aid.Account, error)
}

const (
	// Freshness is how long a token that was found good counts as good without
	// asking again. A revoked token, or a change of role or areas, takes effect
	// within this time.
	Freshness = 3 * time.Second
	// remembered is the most tokens held in memory.
	remembered = 10_000
)

// Authenticator finds who a caller is. It is safe for concurrent use.
type Authenticator struct {
	accounts Accounts
	now      func() time.Time

	mu    sync.Mutex
	known map[Hash]knownAccount
}

type knownAccount struct {
	account aid.Account
	until   time.Time
}

// NewAuthenticator asks accounts, and the clock now for the time.
func NewAuthenticator(accounts Accounts, now func() time.Time) *Authenticator {
	return &Authenticator{accounts: accounts, now: now, known: map[Hash]knownAccount{}}
}

// Authenticate gives the account of a token's text, or [aid.Unknown] with the
// same words for every token that is not good. Only good tokens are remembered,
// so that nobody can fill the memory with bad ones.
func (a *Authenticator) Authenticate(ctx context.Context, text string) (aid.Account, error) {
	token, ok := ParseToken(text)
	if !ok {
		return aid.Account{}, errUnknown()
	}
	hash, now := token.Hash(), a.now()
	if account, ok := a.recall(hash, now); ok {
		return account, nil
	}
	account, err := a.accounts.AccountOfToken(ctx, hash, now)
	if kind := aid.KindOf(err); err != nil && (kind == aid.NotFound || kind == aid.Unknown) {
		return aid.Account{}, errUnknown()
	}
	if err != nil {
		return aid.Account{}, err
	}
	a.remember(hash, account, now.Add(Freshness))
	return account, nil
}

func (a *Authenticator) recall(h Hash, now time.Time) (aid.Account, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	k, ok := a.known[h]
	return k.account, ok && now.Before(k.until)
}

func (a *Authenticator) remember(h Hash, account aid.Account, until time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.known) >= remembered { // rare; asking again costs one query each
		clear(a.known)
	}
	a.known[h] = knownAccount{account, until}
}

func errUnknown() error {
	return aid.Errorf(aid.Unknown, "send a valid token as 'Authorization: Bearer linli_…'; it may be missing, mistyped, expired or revoked")
}
