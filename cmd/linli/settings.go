package main

import (
	"log/slog"
	"os"
	"time"

	"github.com/linli/linli/aid"
)

// PostgresFlags say where the facts are kept.
type PostgresFlags struct {
	PostgresURL string `name:"postgres-url" env:"LINLI_POSTGRES_URL" placeholder:"URL" help:"PostgreSQL to use, such as postgres://linli@db.example/linli?sslmode=verify-full."`
}

// TemporalFlags say where the processes run. TLS, API key and the rest are read
// from Temporal's own environment configuration (TEMPORAL_TLS, TEMPORAL_API_KEY,
// TEMPORAL_CONFIG_FILE …).
type TemporalFlags struct {
	TemporalAddress   string `env:"LINLI_TEMPORAL_ADDRESS" placeholder:"HOST:PORT" help:"Temporal frontend to use. TLS and API key come from Temporal's own TEMPORAL_* variables."`
	TemporalNamespace string `env:"LINLI_TEMPORAL_NAMESPACE" placeholder:"NAME" help:"Temporal namespace; without it that of Temporal's own configuration, else 'default'."`
}

// SearchFlags say how people are asked.
type SearchFlags struct {
	OfferDeadlineUrgent  time.Duration `env:"LINLI_OFFER_DEADLINE_URGENT" default:"15m" help:"How long an offer of an urgent request waits for its answer."`
	OfferDeadlineSoon    time.Duration `env:"LINLI_OFFER_DEADLINE_SOON" default:"4h" help:"The same for a request that is needed soon."`
	OfferDeadlineRoutine time.Duration `env:"LINLI_OFFER_DEADLINE_ROUTINE" default:"24h" help:"The same for a routine request."`
	AsksPerSeatUrgent    int           `env:"LINLI_ASKS_PER_SEAT_URGENT" default:"3" help:"How many volunteers are asked at once for one open seat of an urgent request; the first to accept takes it."`
	AsksPerSeatSoon      int           `env:"LINLI_ASKS_PER_SEAT_SOON" default:"1" help:"The same for a request that is needed soon."`
	AsksPerSeatRoutine   int           `env:"LINLI_ASKS_PER_SEAT_ROUTINE" default:"1" help:"The same for a routine request."`
	RoundInterval        time.Duration `env:"LINLI_ROUND_INTERVAL" default:"5s" help:"Time between match rounds of one shard; urgent requests do not wait for it."`
}

// check refuses settings under which nobody could ever answer.
func (f SearchFlags) check() error {
	var c aid.Check
	for name, d := range map[string]time.Duration{
		"--offer-deadline-urgent": f.OfferDeadlineUrgent, "--offer-deadline-soon": f.OfferDeadlineSoon,
		"--offer-deadline-routine": f.OfferDeadlineRoutine, "--round-interval": f.RoundInterval,
	} {
		c.That(d > 0, name, "must be more than 0")
	}
	for name, n := range map[string]int{
		"--asks-per-seat-urgent": f.AsksPerSeatUrgent, "--asks-per-seat-soon": f.AsksPerSeatSoon,
		"--asks-per-seat-routine": f.AsksPerSeatRoutine,
	} {
		c.That(n >= 1 && n <= 1000, name, "must lie in 1 to 1000")
	}
	return c.Err("settings")
}

func (f SearchFlags) policy() aid.SearchPolicy {
	return aid.SearchPolicy{
		Answer: map[aid.Urgency]time.Duration{
			aid.Urgent: f.OfferDeadlineUrgent, aid.Soon: f.OfferDeadlineSoon, aid.Routine: f.OfferDeadlineRoutine,
		},
		AsksPerSeat: map[aid.Urgency]int{
			aid.Urgent: f.AsksPerSeatUrgent, aid.Soon: f.AsksPerSeatSoon, aid.Routine: f.AsksPerSeatRoutine,
		},
	}
}

// IndexFlags say where the index of volunteers is kept across starts.
type IndexFlags struct {
	IndexDir string `env:"LINLI_INDEX_DIR" type:"path" placeholder:"DIR" help:"Directory, for this process alone, in which the index of volunteers is kept, so that a start need not load everybody. Without it none is kept."`
}

// APIFlags say how the API treats its callers.
type APIFlags struct {
	RequestsPerMinute int `env:"LINLI_REQUESTS_PER_MINUTE" default:"6000" help:"Most requests a minute of one account; more are answered with 429."`
}

// check refuses settings under which nobody would be served.
func (f APIFlags) check() error {
	var c aid.Check
	c.That(f.RequestsPerMinute >= 1 && f.RequestsPerMinute <= 10_000_000, "--requests-per-minute", "must lie in 1 to 10000000")
	return c.Err("settings")
}

// LogFlags say what is logged; logs go to standard error.
type LogFlags struct {
	LogLevel  slog.Level `env:"LINLI_LOG_LEVEL" default:"info" help:"Least level that is logged: debug, info, warn or error."`
	LogFormat string     `env:"LINLI_LOG_FORMAT" enum:"text,json" default:"text" help:"Form of the log: text or json."`
}

func (f LogFlags) logger() *slog.Logger {
	options := &slog.HandlerOptions{Level: f.LogLevel}
	if f.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}
