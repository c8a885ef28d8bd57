package main

import (
	"log/slog"
	"os"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/training/badge"
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
	AsksPerSeatUrgent    int           `env:"LINLI_ASKS_PER_SEAT_URGENT" default:"5" help:"How many volunteers are asked at once for one open seat of an urgent request at most; the first to accept takes it."`
	AsksPerSeatSoon      int           `env:"LINLI_ASKS_PER_SEAT_SOON" default:"2" help:"The same for a request that is needed soon."`
	AsksPerSeatRoutine   int           `env:"LINLI_ASKS_PER_SEAT_ROUTINE" default:"1" help:"The same for a routine request."`
	CertaintyUrgent      float64       `env:"LINLI_CERTAINTY_URGENT" default:"0.95" help:"How surely the offers made at once should fill the open seats of an urgent request, given how often people say yes; 1 asks as many as may be asked."`
	CertaintySoon        float64       `env:"LINLI_CERTAINTY_SOON" default:"0.8" help:"The same for a request that is needed soon, over up to three waves of offers while there is time."`
	CertaintyRoutine     float64       `env:"LINLI_CERTAINTY_ROUTINE" default:"0.6" help:"The same for a routine request, over up to five."`
	Near                 float64       `env:"LINLI_NEAR" default:"5000" help:"Metres from the help within which people are asked first, unless it is urgent; 0 for as far as each goes."`
	WidenAfterUrgent     time.Duration `env:"LINLI_WIDEN_AFTER_URGENT" default:"5m" help:"How long before the search for people of an urgent request reaches farther: all who go that far, then without what was only wished for, then by asking coordinators; 0 asks everybody at once and nobody to help."`
	WidenAfterSoon       time.Duration `env:"LINLI_WIDEN_AFTER_SOON" default:"1h" help:"The same for a request that is needed soon."`
	WidenAfterRoutine    time.Duration `env:"LINLI_WIDEN_AFTER_ROUTINE" default:"12h" help:"The same for a routine request."`
	OffersPending        int           `env:"LINLI_OFFERS_PENDING" default:"5" help:"How many offers wait for one volunteer's answer at most, unless they choose another number."`
	OffersWeekly         int           `env:"LINLI_OFFERS_WEEKLY" default:"20" help:"How many offers are made to one volunteer in any seven days, likewise."`
	QuietFrom            string        `env:"LINLI_QUIET_FROM" default:"00:00" help:"From what time of the day on no offers are made to a volunteer, in their own time zone, likewise; the same as --quiet-to for none."`
	QuietTo              string        `env:"LINLI_QUIET_TO" default:"00:00" help:"Until what time; of the next day where it is less."`
	CoolDown             time.Duration `env:"LINLI_COOL_DOWN" default:"1h" help:"How long no offer is made to a volunteer who has declined one, likewise."`
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
	for name, d := range map[string]time.Duration{
		"--widen-after-urgent": f.WidenAfterUrgent, "--widen-after-soon": f.WidenAfterSoon, "--widen-after-routine": f.WidenAfterRoutine,
	} {
		c.That(d >= 0, name, "must not be less than 0")
	}
	c.That(f.Near >= 0 && f.Near <= aid.MaxTravel, "--near", "must lie in 0 to %d metres", aid.MaxTravel)
	for name, p := range map[string]float64{
		"--certainty-urgent": f.CertaintyUrgent, "--certainty-soon": f.CertaintySoon, "--certainty-routine": f.CertaintyRoutine,
	} {
		c.That(p > 0 && p <= 1, name, "must be more than 0 and at most 1")
	}
	for name, s := range map[string]string{"--quiet-from": f.QuietFrom, "--quiet-to": f.QuietTo} {
		_, err := time.Parse(timeOfDay, s)
		c.That(err == nil, name, "%q is not a time of day; write it as 22:00", s)
	}
	c.Within("", byFlag(f.limits().Validate(), limitFlags))
	return c.Err("settings")
}

const timeOfDay = "15:04"

// limitFlags name the flags of the limits.
var limitFlags = map[string]string{"pending": "--offers-pending", "weekly": "--offers-weekly", "cool_down": "--cool-down"}

func (f SearchFlags) limits() aid.OfferLimits {
	return aid.OfferLimits{
		Pending: f.OffersPending, Weekly: f.OffersWeekly, CoolDown: f.CoolDown,
		Quiet: aid.QuietHours{From: minutesOf(f.QuietFrom), To: minutesOf(f.QuietTo)},
	}
}

// minutesOf is a time of day in minutes; 0 for what is none.
func minutesOf(s string) int {
	t, err := time.Parse(timeOfDay, s)
	if err != nil {
		return 0
	}
	return t.Hour()*60 + t.Minute()
}

func (f SearchFlags) policy() aid.SearchPolicy {
	certainty := map[aid.Urgency]float64{}
	for u, p := range map[aid.Urgency]float64{aid.Urgent: f.CertaintyUrgent, aid.Soon: f.CertaintySoon, aid.Routine: f.CertaintyRoutine} {
		if p < 1 {
			certainty[u] = p
		}
	}
	return aid.SearchPolicy{
		Limits: f.limits(), Certainty: certainty, Waves: aid.DefaultSearchPolicy().Waves,
		Near: f.Near,
		Stay: map[aid.Urgency]time.Duration{
			aid.Urgent: f.WidenAfterUrgent, aid.Soon: f.WidenAfterSoon, aid.Routine: f.WidenAfterRoutine,
		},
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
	RequestsPerMinute int    `env:"LINLI_REQUESTS_PER_MINUTE" default:"6000" help:"Most requests a minute of one account; more are answered with 429."`
	BadgeKey          string `env:"LINLI_BADGE_KEY" placeholder:"KEY" help:"Key by which credentials of certificates are signed: 32 random bytes in base64; better given by the variable, since flags can be seen. Without it none are given."`
	BadgeName         string `env:"LINLI_BADGE_NAME" default:"Linli 邻里" help:"Name of the issuer in credentials."`
}

// badges signs credentials; nil without a key.
func (f APIFlags) badges() (app.BadgeSigner, error) {
	if f.BadgeKey == "" {
		return nil, nil //nolint:nilnil // there is none
	}
	return badge.New(f.BadgeKey, f.BadgeName)
}

// check refuses settings under which nobody would be served.
func (f APIFlags) check() error {
	var c aid.Check
	c.That(f.RequestsPerMinute >= 1 && f.RequestsPerMinute <= 10_000_000, "--requests-per-minute", "must lie in 1 to 10000000")
	_, err := f.badges()
	c.Within("--badge-key", err)
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
