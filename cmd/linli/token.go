package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth"
	"github.com/linli/linli/postgres"
)

// Token makes and ends access tokens.
type Token struct {
	Create TokenCreate `cmd:"" help:"Make a token and print it; only its hash is kept. --role makes the account too."`
	Revoke TokenRevoke `cmd:"" help:"End a token at once."`
}

// TokenCreate is `linli token create`.
type TokenCreate struct {
	SystemFlags
	Account   string        `placeholder:"ID" xor:"whose" help:"Account that the token is for."`
	Volunteer []string      `placeholder:"ID" xor:"whose" help:"Volunteer that the token is for; may be repeated, and prints a token a line."`
	Role      aid.Role      `enum:",caseworker,trainer,coordinator" default:"" help:"Make the account, with this role: caseworker, trainer or coordinator."`
	Area      []aid.AreaID  `placeholder:"ID" help:"Areas that the new account may act in; may be repeated."`
	Name      string        `placeholder:"NAME" help:"Name of a new account's person; the account's id if left out."`
	Label     string        `placeholder:"TEXT" help:"What the token is for, to know it again."`
	Expires   time.Duration `placeholder:"DURATION" help:"Life of the token, such as 720h; without it the token has no end."`
}

// Help is the longer text of --help.
func (TokenCreate) Help() string {
	return `A token is what a program sends as 'Authorization: Bearer linli_…' to act as one
account. It is printed once, alone on its line, so that it can be kept at once:

  linli token create --account chen --role coordinator --area hlj > chen.token
  linli token create --account chen --label laptop --expires 2160h
  linli token create --volunteer v-0001

The first makes the account, which must not be there yet; the second makes one
more token for it. An area is meant with everything below it.`
}

// Run makes the tokens and prints them.
func (c *TokenCreate) Run(ctx context.Context, streams Streams) error {
	var check aid.Check
	check.That(c.Account != "" || len(c.Volunteer) > 0, "--account", "or --volunteer must say whose token it is")
	check.That(c.Role == "" || c.Account != "", "--role", "goes with --account")
	check.That(c.Role == "" || len(c.Area) > 0, "--area", "must say where the new account may act")
	check.That(c.Role != "" || len(c.Area) == 0, "--area", "goes with --role, which makes an account")
	check.That(c.Role != "" || c.Name == "", "--name", "goes with --role, which makes an account")
	check.That(c.Account == "" || aid.ValidID(c.Account), "--account", "must be 1 to %d letters, digits, '.', '_' or '-'", aid.MaxIDLength)
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
		return c.forAccount(ctx, streams, store)
	}
	for _, v := range c.Volunteer {
		who, err := store.Volunteer(ctx, aid.VolunteerID(v))
		if aid.KindOf(err) == aid.NotFound {
			return aid.Errorf(aid.NotFound, "--volunteer: there is no volunteer %q", v)
		}
		if err != nil {
			return err
		}
		account := aid.Account{ID: aid.VolunteerAccount(who.ID), Role: aid.RoleVolunteer, Name: who.Name, Volunteer: who.ID}
		if err := store.AddAccount(ctx, account, nil); err != nil && aid.ReasonOf(err) != aid.ReasonAlreadyExists {
			return err
		}
		if err := c.issue(ctx, streams, store, account.ID); err != nil {
			return err
		}
	}
	return nil
}

// forAccount makes a token for one account, which --role makes first. An account
// that is there may have another role, so that it is not taken for the new one.
func (c *TokenCreate) forAccount(ctx context.Context, streams Streams, store *postgres.Store) error {
	account := aid.Account{ID: aid.AccountID(c.Account), Role: c.Role, Name: c.Name}
	if c.Role == "" {
		err := c.issue(ctx, streams, store, account.ID)
		if aid.KindOf(err) == aid.Invalid {
			return aid.Errorf(aid.Invalid, "--account: there is no account %q; make it with --role and --area", c.Account)
		}
		return err
	}
	if account.Name == "" {
		account.Name = c.Account
	}
	for _, area := range c.Area {
		_, err := store.Area(ctx, area)
		if aid.KindOf(err) == aid.NotFound {
			return aid.Errorf(aid.Invalid, "--area: there is no area %q; 'linli import areas' adds it", area)
		}
		if err != nil {
			return err
		}
	}
	slices.Sort(c.Area)
	err := store.AddAccount(ctx, account, slices.Compact(c.Area))
	if aid.ReasonOf(err) == aid.ReasonAlreadyExists {
		return aid.Because(aid.Conflict, aid.ReasonAlreadyExists, "--account: there is an account %q already; leave out --role and --area to make a token for it", c.Account)
	}
	if err != nil {
		return err
	}
	return c.issue(ctx, streams, store, account.ID)
}

func (c *TokenCreate) issue(ctx context.Context, streams Streams, store *postgres.Store, account aid.AccountID) error {
	var expires time.Time
	if c.Expires > 0 {
		expires = time.Now().Add(c.Expires)
	}
	token, err := issueToken(ctx, store, account, c.Label, expires)
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
	Token string `arg:"" help:"The token's text; - reads it from standard input, where nobody else on this machine sees it."`
}

// Help is the longer text of --help.
func (TokenRevoke) Help() string {
	return `Calls with the token are refused with 401 within three seconds, and its event
streams end. The account and its other tokens stay as they are.`
}

// Run ends the token.
func (c *TokenRevoke) Run(ctx context.Context, streams Streams) error {
	if c.Token == "-" {
		if _, err := fmt.Fscan(streams.In, &c.Token); err != nil {
			return aid.Errorf(aid.Invalid, "standard input holds no token")
		}
	}
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
