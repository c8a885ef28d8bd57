package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// Hash is the SHA-256 of a token: what stores keep of it.
type Hash = [sha256.Size]byte

const (
	tokenPrefix = "linli_" // so that scanners for leaked secrets know one when they see it
	tokenBytes  = 32
)

// Token is the secret that a caller shows. It formats as "linli_…" so that it
// cannot slip into a log; [Token.Secret] gives the text.
type Token struct{ secret string }

// NewToken makes a token from the system's source of randomness.
func NewToken() Token {
	b := make([]byte, tokenBytes)
	rand.Read(b) //nolint:errcheck // never fails: the program ends if there is no randomness
	return Token{tokenPrefix + base64.RawURLEncoding.EncodeToString(b)}
}

// ParseToken takes a text for a token if it has the form of one.
func ParseToken(s string) (Token, bool) {
	body, ok := strings.CutPrefix(s, tokenPrefix)
	if !ok {
		return Token{}, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(body)
	return Token{s}, err == nil && len(b) == tokenBytes && !strings.ContainsAny(body, "\r\n")
}

// Secret is the text of the token, to be shown once and never kept.
func (t Token) Secret() string { return t.secret }

// Hash is what a store keeps of the token.
func (t Token) Hash() Hash { return sha256.Sum256([]byte(t.secret)) }

// String hides the secret.
func (Token) String() string { return tokenPrefix + "…" }

// GoString hides the secret from %#v too.
func (t Token) GoString() string { return t.String() }
