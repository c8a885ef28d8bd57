package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/linli/linli/matching/live"
	"github.com/linli/linli/postgres"
)

// figuresWithin bounds how long a reading of /metrics waits for Postgres.
const figuresWithin = 2 * time.Second

// figures are what an operator watches of the parts that work behind the API.
// They are read when /metrics is.
type figures struct {
	store *postgres.Store
	index *live.Index
	log   *slog.Logger
}

var (
	outboxWaiting = prometheus.NewDesc("linli_outbox_messages", "Messages that wait for delivery to a process.", nil, nil)
	outboxOldest  = prometheus.NewDesc("linli_outbox_oldest_seconds", "How long the oldest message has waited.", nil, nil)
	connections   = prometheus.NewDesc("linli_postgres_connections", "Connections of this process to PostgreSQL.", []string{"state"}, nil)
	connectionMax = prometheus.NewDesc("linli_postgres_connections_max", "Connections that this process may have.", nil, nil)
	connectionLag = prometheus.NewDesc("linli_postgres_connection_waits_total", "Times that something waited for a free connection.", nil, nil)
	volunteers    = prometheus.NewDesc("linli_index_volunteers", "Volunteers in the index of this process.", nil, nil)
	indexLoaded   = prometheus.NewDesc("linli_index_loaded", "1 once all volunteers have been loaded.", nil, nil)
)

// Describe implements [prometheus.Collector].
func (f *figures) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{outboxWaiting, outboxOldest, connections, connectionMax, connectionLag, volunteers, indexLoaded} {
		to <- d
	}
}

// Collect implements [prometheus.Collector]. While Postgres is away the figures
// of the outbox are missing, and the others are there.
func (f *figures) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	pool := f.store.Connections()
	gauge(connections, float64(pool.Busy), "busy")
	gauge(connections, float64(pool.Idle), "idle")
	gauge(connectionMax, float64(pool.Max))
	to <- prometheus.MustNewConstMetric(connectionLag, prometheus.CounterValue, float64(pool.Waits))
	gauge(volunteers, float64(f.index.Volunteers().Len()))
	loaded := 0.
	if f.index.Loaded() {
		loaded = 1
	}
	gauge(indexLoaded, loaded)

	ctx, cancel := context.WithTimeout(context.Background(), figuresWithin)
	defer cancel()
	waiting, oldest, err := f.store.OutboxLag(ctx)
	if err != nil {
		f.log.WarnContext(ctx, "the outbox cannot be measured", "error", err)
		return
	}
	gauge(outboxWaiting, float64(waiting))
	gauge(outboxOldest, oldest.Seconds())
}

// watch registers what is to be watched of this process and gives the registry
// with what hears of the worker's steps.
func (s *system) watch() (*prometheus.Registry, func(step, kind string, took time.Duration)) {
	registry := prometheus.NewRegistry()
	steps := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "linli_step_duration_seconds",
		Help:    "Time of the steps of processes, by activity type and the kind of the error, empty when it went well.",
		Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
	}, []string{"step", "kind"})
	registry.MustRegister(&figures{s.store, s.index, s.log}, steps)
	return registry, func(step, kind string, took time.Duration) {
		steps.WithLabelValues(step, kind).Observe(took.Seconds())
	}
}
