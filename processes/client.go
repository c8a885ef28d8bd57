package processes

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	"go.temporal.io/sdk/log"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// answerWithin is how long a caller waits for an update before being told to
// try again.
const answerWithin = 10 * time.Second

// Dial connects to Temporal. TLS, API key and the rest come from Temporal's own
// environment configuration; address and namespace, where given, go before it.
// The connection is made when it is first needed.
func Dial(address, namespace string, logger *slog.Logger) (client.Client, error) {
	options, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		return nil, aid.Errorf(aid.Invalid, "Temporal's environment configuration: %v", err)
	}
	if address != "" {
		options.HostPort = address
	}
	if namespace != "" {
		options.Namespace = namespace
	}
	if options.Credentials != nil && options.ConnectionOptions.TLS == nil {
		options.ConnectionOptions.TLS = &tls.Config{MinVersion: tls.VersionTLS12} // an API key must not travel in the clear
	}
	options.Logger = log.NewStructuredLogger(logger)
	c, err := client.NewLazyClient(options)
	if err != nil {
		return nil, fmt.Errorf("Temporal client: %w", err)
	}
	return c, nil
}

// Store is what this package reads of the facts.
type Store interface {
	// Request reads a help request. It fails with aid.NotFound.
	Request(ctx context.Context, id aid.RequestID) (*aid.HelpRequest, error)
	// RolloutToGoOn gives what starts the process of a rollout anew. It fails with
	// aid.NotFound, and with aid.Conflict if the rollout has ended.
	RolloutToGoOn(ctx context.Context, id aid.RolloutID) (contract.RolloutInput, error)
}

// Processes talks to the workflows. It is safe for concurrent use.
type Processes struct {
	client   client.Client
	store    Store
	shard    func(aid.Cell) aid.Cell
	interval time.Duration
	turns    turns
}

// New makes a Processes. shard gives the shard of a request's cell; interval is
// the time between the rounds of a shard.
func New(c client.Client, store Store, shard func(aid.Cell) aid.Cell, interval time.Duration) *Processes {
	return &Processes{client: c, store: store, shard: shard, interval: interval}
}

// Health fails with aid.Unavailable when Temporal does not answer.
func (p *Processes) Health(ctx context.Context) error {
	_, err := p.client.CheckHealth(ctx, &client.CheckHealthRequest{})
	return toDomain(err)
}

// input is what starts the process of a request.
func (p *Processes) input(r *aid.HelpRequest) contract.HelpRequestInput {
	return contract.HelpRequestInput{Request: r.ID, Shard: p.shard(r.Cell), Urgency: r.Urgency}
}
