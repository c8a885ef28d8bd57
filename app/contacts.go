package app

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
)

// ContactReader reads how an account wants to be told; an account that has
// chosen nothing has a contact all the same.
type ContactReader interface {
	Contact(ctx context.Context, account aid.AccountID) (aid.Contact, error)
}

// ContactStore keeps how accounts want to be told.
type ContactStore interface {
	ContactReader
	PutContact(ctx context.Context, c aid.Contact) error
}

// Contacts are the use cases of choosing how to be told.
type Contacts struct{ Store ContactStore }

// Get reads the caller's own contact.
func (u *Contacts) Get(ctx context.Context, by Caller) (aid.Contact, error) {
	if err := policy.Allow(by.Account, policy.ReadContact, policy.Resource{}); err != nil {
		return aid.Contact{}, err
	}
	return u.Store.Contact(ctx, by.ID)
}

// Put replaces what the caller has chosen. The error names every field that is
// wrong.
func (u *Contacts) Put(ctx context.Context, by Caller, c aid.Contact) (aid.Contact, error) {
	if err := policy.Allow(by.Account, policy.UpdateContact, policy.Resource{}); err != nil {
		return aid.Contact{}, err
	}
	c.Account = by.ID
	if err := c.Validate(); err != nil {
		return aid.Contact{}, err
	}
	if err := u.Store.PutContact(ctx, c); err != nil {
		return aid.Contact{}, err
	}
	return u.Store.Contact(ctx, by.ID)
}
