package app

import (
	"github.com/google/uuid"

	"github.com/linli/linli/aid"
)

// Caller is who asks, with the idempotency key of this one call if they sent one.
type Caller struct {
	aid.Account
	Key string
}

// derived is the namespace of ids that derive from idempotency keys.
var derived = uuid.MustParse("0f5d1a0e-6f0c-4f53-9a39-6a1c6a5f3a55")

// id makes the id of what this call creates: always the same for a repeat with
// the same key, otherwise new and in order of time.
func (c Caller) id(kind string) string {
	if c.Key != "" {
		return uuid.NewSHA1(derived, []byte(string(c.ID)+"\x00"+kind+"\x00"+c.Key)).String()
	}
	return uuid.Must(uuid.NewV7()).String()
}

// repeats tells whether err says that an id is taken which this very call may
// have taken before.
func (c Caller) repeats(err error) bool {
	return c.Key != "" && aid.ReasonOf(err) == aid.ReasonAlreadyExists
}
