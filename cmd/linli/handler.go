package main

import (
	"context"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/api"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth"
	"github.com/linli/linli/matching/live"
	"github.com/linli/linli/postgres"
	"github.com/linli/linli/web"
)

// What a choice would cost is told from a plan at most weighedFor old. If one
// cannot be made within weighedWithin, the answer goes without.
const (
	weighedFor    = 10 * time.Second
	weighedWithin = 3 * time.Second
)

// handler is the HTTP side over the parts: the API, and the pages for people.
func (s *system) handler(f APIFlags) (*api.API, error) {
	badges, err := f.badges()
	if err != nil {
		return nil, err
	}
	useCases, authenticator := s.useCases(badges), auth.NewAuthenticator(s.store, time.Now)
	pages, err := web.New(web.Options{UseCases: useCases, Authenticator: authenticator, Now: time.Now, Log: s.log})
	if err != nil {
		return nil, err
	}
	return api.New(api.Options{
		UseCases:      useCases,
		Authenticator: authenticator,
		Keys:          keys{s.store},
		Parts:         s.parts(),
		Metrics:       s.registry,
		Log:           s.log,
		PerMinute:     f.RequestsPerMinute,
		Pages:         pages.Routes,
	}), nil
}

// useCases are all that can be done, over the parts.
func (s *system) useCases(badges app.BadgeSigner) app.UseCases {
	matcher := app.Indexed{
		Index: s.index.Volunteers(), Loaded: s.index.Loaded, Now: time.Now,
		Weigher: live.NewBooks(s.index, s.store, s.policy, weighedFor, weighedWithin),
	}
	requests := &app.Requests{
		Store: s.store, People: s.store, Catalogue: s.store, Processes: s.processes, Matcher: matcher,
		Log: s.store, Now: time.Now,
	}
	return app.UseCases{
		Requests: requests,
		Choices:  &app.Choices{Requests: requests, Store: s.store, Visits: &app.Visits{Store: s.store}, Policy: s.policy},
		Offers:   &app.Offers{Store: s.store, Processes: s.processes},
		Pairings: &app.Pairings{Store: s.store, Log: s.store, Processes: s.processes},
		Visits:   &app.Visits{Store: s.store},
		Records:  &app.Records{Store: s.store},
		Volunteers: &app.Volunteers{
			Store: s.store, Bindings: s.store, Areas: s.store, Catalogue: s.store, Pairings: s.store, Processes: s.processes,
			Now: time.Now,
		},
		Limits:        &app.Limits{Store: s.store, Defaults: s.policy.Limits, Now: time.Now},
		Beneficiaries: &app.Beneficiaries{Store: s.store, Areas: s.store, Log: s.store},
		DoNotMatch:    &app.DoNotMatch{Store: s.store},
		Territory:     &app.Territory{Store: s.store, Catalogue: s.store},
		AreaChanges:   &app.AreaChanges{Store: s.store, Now: time.Now},
		Events:        s.events,
		Notices:       &app.Notices{Store: s.store, Writer: s.channels.texts},
		Calendars:     &app.Calendars{Store: s.store, Writer: s.channels.texts, Now: time.Now},
		Contacts:      s.channels.contacts(s.store),
		Courses:       &app.Courses{Store: s.store, Catalogue: s.store},
		Effects:       &app.Effects{Store: s.store, Now: time.Now},
		Rollouts:      &app.Rollouts{Store: s.store, Processes: s.processes, Now: time.Now},
		Cohorts:       &app.Cohorts{Store: s.store, Courses: s.store, Now: time.Now},
		Certificates:  &app.Certificates{Store: s.store, Courses: s.store, Badges: badges, Now: time.Now},
	}
}

// parts are what every process of the product works with.
func (s *system) parts() []api.Part {
	return []api.Part{
		{Name: "postgres", Check: s.store.Ping},
		{Name: "migrations", Check: s.migrated},
		{Name: "temporal", Check: s.processes.Health},
	}
}

// migrated fails while the schema is behind this program.
func (s *system) migrated(ctx context.Context) error {
	all, err := postgres.MigrationStatus(ctx, s.postgresURL)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.AppliedAt.IsZero() {
			return aid.Errorf(aid.Unavailable, "the schema is behind: run 'linli migrate up'")
		}
	}
	return nil
}

// keys is the store as the API keeps answers in it.
type keys struct{ *postgres.Store }

func (k keys) ClaimKey(ctx context.Context, account aid.AccountID, key string, hash []byte) (api.KeyState, error) {
	state, err := k.Store.ClaimKey(ctx, account, key, hash)
	return api.KeyState(state), err
}
