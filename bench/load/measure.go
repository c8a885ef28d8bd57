package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// report is what a run found, with what it ran on.
type report struct {
	Volunteers int      `json:"volunteers"`
	CPUs       int      `json:"cpus"`
	Go         string   `json:"go"`
	Command    []string `json:"command"`
	Latency    latency  `json:"latency"`
	Saturation []load   `json:"saturation"`
}

// quantiles of durations, in milliseconds.
type quantiles struct {
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
	Max float64 `json:"max_ms"`
}

type latency struct {
	Samples   int       `json:"samples"`
	Unmatched int       `json:"unmatched"`
	Offered   quantiles `json:"post_to_offers_pending"`
	Accepted  quantiles `json:"accept"`
}

func (l latency) show() {
	fmt.Printf("%d urgent requests one after the other, %d of them with nobody near\n", l.Samples, l.Unmatched)
	fmt.Printf("POST to offers pending  p50 %6.0f ms  p95 %6.0f ms  max %6.0f ms\n", l.Offered.P50, l.Offered.P95, l.Offered.Max)
	fmt.Printf("accept                  p50 %6.0f ms  p95 %6.0f ms  max %6.0f ms\n", l.Accepted.P50, l.Accepted.P95, l.Accepted.Max)
}

// load is the throughput at a number of concurrent callers.
type load struct {
	Callers   int       `json:"callers"`
	PerMinute float64   `json:"requests_per_minute"` // opened, offered and accepted
	Offered   quantiles `json:"post_to_offers_pending"`
}

// latencies opens urgent requests one after the other and accepts each.
func (c *caller) latencies(ctx context.Context, samples int) (latency, error) {
	l := latency{Samples: samples}
	var offered, accepted []time.Duration
	for range samples {
		began := time.Now()
		request, err := c.open(ctx, "urgent")
		if err != nil {
			return l, err
		}
		offer, err := c.awaitOffer(ctx, request)
		if errors.Is(err, errUnmatched) {
			l.Unmatched++
			continue
		}
		if err != nil {
			return l, err
		}
		asked := time.Now()
		if err := c.accept(ctx, offer); err != nil {
			return l, err
		}
		offered, accepted = append(offered, asked.Sub(began)), append(accepted, time.Since(asked))
	}
	l.Offered, l.Accepted = quantilesOf(offered), quantilesOf(accepted)
	return l, nil
}

// saturate doubles the callers until the throughput grows by less than a tenth.
func (c *caller) saturate(ctx context.Context, most int, step time.Duration) ([]load, error) {
	var out []load
	for callers := 1; callers <= most; callers *= 2 {
		l, err := c.at(ctx, callers, step)
		if err != nil {
			return out, err
		}
		fmt.Printf("%3d callers  %6.0f requests/min  offered p50 %6.0f ms  p95 %6.0f ms\n", callers, l.PerMinute, l.Offered.P50, l.Offered.P95)
		out = append(out, l)
		if n := len(out); n > 1 && out[n-1].PerMinute < 1.1*out[n-2].PerMinute {
			break
		}
	}
	return out, nil
}

// at keeps so many callers busy for a while.
func (c *caller) at(ctx context.Context, callers int, step time.Duration) (load, error) {
	var (
		all     sync.WaitGroup
		done    atomic.Int64
		mu      sync.Mutex
		offered []time.Duration
		failed  error
	)
	began := time.Now()
	for range callers {
		all.Go(func() {
			for time.Since(began) < step {
				took, err := c.pair(ctx)
				mu.Lock()
				switch {
				case errors.Is(err, errUnmatched):
				case err != nil:
					failed = err
				default:
					done.Add(1)
					offered = append(offered, took)
				}
				stop := failed != nil
				mu.Unlock()
				if stop {
					return
				}
			}
		})
	}
	all.Wait()
	return load{callers, float64(done.Load()) / time.Since(began).Minutes(), quantilesOf(offered)}, failed
}

// pair takes one urgent request to its confirmed pairing and says how long the
// offers took.
func (c *caller) pair(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	request, err := c.open(ctx, "urgent")
	if err != nil {
		return 0, err
	}
	offer, err := c.awaitOffer(ctx, request)
	if err != nil {
		return 0, err
	}
	took := time.Since(began)
	return took, c.accept(ctx, offer)
}

func quantilesOf(all []time.Duration) quantiles {
	if len(all) == 0 {
		return quantiles{}
	}
	slices.Sort(all)
	at := func(q float64) float64 {
		return float64(all[int(q*float64(len(all)-1))].Microseconds()) / 1000
	}
	return quantiles{at(0.5), at(0.95), at(1)}
}
