package api

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metrics counts requests by method, route and status. A stream counts by the
// time until it begins.
type metrics struct {
	requests *prometheus.HistogramVec
	streams  prometheus.Gauge
}

func newMetrics(r *prometheus.Registry) *metrics {
	m := &metrics{requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "linli_http_request_duration_seconds",
		Help:    "Time to answer HTTP requests.",
		Buckets: []float64{.005, .01, .025, .05, .1, .2, .3, .5, 1, 2, 5, 10},
	}, []string{"method", "route", "status"}), streams: prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "linli_http_event_streams",
		Help: "Event streams that are open.",
	})}
	r.MustRegister(m.requests, m.streams)
	return m
}

// addRuntime adds the figures of the Go runtime and the process.
func addRuntime(r *prometheus.Registry) {
	for _, c := range []prometheus.Collector{
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	} {
		if err := r.Register(c); err != nil {
			continue // whoever made the registry has put it there
		}
	}
}

func (m *metrics) seen(verb, route string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(method(verb), route, strconv.Itoa(status)).Observe(took.Seconds())
}
