package main

import (
	"context"
	"fmt"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth"
	"github.com/linli/linli/postgres"
)

// Token makes and ends access tokens.
type Token struct {
	Create TokenCreate `cmd:"" help:"Make a token and print it; only its hash is kept. With --role or --volunteer an account is made where there is none."`
	Revoke TokenRevoke `cmd:"" help:"End a token at once."`
}

// TokenCreate is `linli token create`.
type TokenCreate struct {
	SystemFlags
	Account   string        `placeholder:"ID" xor:"whose" help:"Account that the token is for."`
	Volunteer []string      `placeholder:"ID" xor:"whose" help:"Volunteer that the token is for; may be repeated, and prints a token a line."`
	Role      aid.Role      `enum:",caseworker,trainer,coordinator" default:"" help:"Make the account with this role if there is none: caseworker, trainer or coordinator."`
	Area      []aid.AreaID  `placeholder:"ID" help:"Areas that a new account may act in; may be repeated."`
	Name      string        `placeholder:"NAME" help:"Name of a new account's person; the account's id if left out."`
	Label     string        `placeholder:"TEXT" help:"What the token is for, to know it again."`
	Expires   time.Duration `placeholder:"DURATION" help:"Life of the token, such as 720h; without it the token has no end."`
}

// Run makes the tokens and prints them.
func (c *TokenCreate) Run(ctx context.Context, streams Streams) error {
	var check aid.Check
	check.That(c.Account != "" || len(c.Volunteer) > 0, "--account", "or --volunteer must say whose token it is")
	check.That(c.Role == "" || c.Account != "", "--role", "goes with --account")
	check.That(c.Role == "" || len(c.Area) > 0, "--area", "must say where the new account may act")
	check.That(c.Expires >= 0, "--expires", "must be more than 0")
	if err := check.Err("token"); err != nil {
		return err
	}
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	if c.Account != "" {
		account := aid.Account{ID: aid.AccountID(c.Account), Role: c.Role, Name: c.Name}
		return c.issue(ctx, streams, store, account, c.Area)
	}
	for _, v := range c.Volunteer {
		who, err := store.Volunteer(ctx, aid.VolunteerID(v))
		if err != nil {
			return err
		}
		account := aid.Account{ID: aid.VolunteerAccount(who.ID), Role: aid.RoleVolunteer, Name: who.Name, Volunteer: who.ID}
		if err := c.issue(ctx, streams, store, account, nil); err != nil {
			return err
		}
	}
	return nil
}

func (c *TokenCreate) issue(ctx context.Context, streams Streams, store *postgres.Store, a aid.Account, areas []aid.AreaID) error {
	if a.Role != "" {
		if a.Name == "" {
			a.Name = string(a.ID)
		}
		if err := store.AddAccount(ctx, a, areas); err != nil && aid.ReasonOf(err) != aid.ReasonAlreadyExists {
			return err
		}
	}
	var expires time.Time
	if c.Expires > 0 {
		expires = time.Now().Add(c.Expires)
	}
	token, err := issueToken(ctx, store, a.ID, c.Label, expires)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(streams.Out, token)
	return err
}

// issueToken makes a token and keeps its hash.
func issueToken(ctx context.Context, store *postgres.Store, account aid.AccountID, label string, expires time.Time) (string, error) {
	token := auth.NewToken()
	return token.Secret(), store.AddToken(ctx, account, token.Hash(), label, expires)
}

// TokenRevoke is `linli token revoke`.
type TokenRevoke struct {
	SystemFlags
	Token string `arg:"" help:"The token's text."`
}

// Run ends the token.
func (c *TokenRevoke) Run(ctx context.Context) error {
	token, ok := auth.ParseToken(c.Token)
	if !ok {
		return aid.Errorf(aid.Invalid, "that is not a token; it begins with linli_")
	}
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	return store.RevokeToken(ctx, token.Hash())
}

// open opens the store of the system that the flags name.
func (f *SystemFlags) open(ctx context.Context) (*postgres.Store, error) {
	if err := f.resolve(); err != nil {
		return nil, err
	}
	return postgres.Open(ctx, f.PostgresURL)
}
