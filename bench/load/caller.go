package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/linli/linli/e2e"
)

// caller plays caseworker and coordinator.
type caller struct {
	*e2e.Program
	places []e2e.Object
	opened atomic.Int64
}

const beneficiaries = 100

// settle takes the places of a scenario's requests and makes beneficiaries there.
func (c *caller) settle(ctx context.Context, requests string) error {
	f, err := os.Open(requests)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return err
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	for i, row := range rows[1:min(len(rows), beneficiaries+1)] {
		lat, err1 := strconv.ParseFloat(row[column["lat"]], 64)
		lng, err2 := strconv.ParseFloat(row[column["lng"]], 64)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		at := e2e.Object{"lat": lat, "lng": lng}
		c.places = append(c.places, at)
		_, err := c.must(ctx, http.StatusCreated, "coordinator", "POST", "/v1/beneficiaries", e2e.Object{
			"id": fmt.Sprintf("load-%d", i), "name": "load", "area_id": "hlj.harbin", "home": at,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// open opens the next request, each on a day of its own so that volunteers'
// time does not run out.
func (c *caller) open(ctx context.Context, urgency string) (id string, err error) {
	n := int(c.opened.Add(1))
	starts := time.Now().UTC().Add(time.Duration(24+n/50%500) * time.Hour).Truncate(time.Second)
	place := n % len(c.places)
	body, err := c.must(ctx, http.StatusCreated, "caseworker", "POST", "/v1/help-requests", e2e.Object{
		"beneficiary_id": fmt.Sprintf("load-%d", place), "location": c.places[place], "category": "visit", "urgency": urgency,
		"roles":  []e2e.Object{{"name": "helper", "skills": []string{}, "courses": []string{}, "people": 1}},
		"window": e2e.Object{"starts_at": starts.Format(time.RFC3339), "ends_at": starts.Add(time.Hour).Format(time.RFC3339)},
	})
	if err != nil {
		return "", err
	}
	return body["id"].(string), nil
}

var errUnmatched = errors.New("nobody could be asked")

// awaitOffer polls until the request has a pending offer.
func (c *caller) awaitOffer(ctx context.Context, request string) (offer string, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for {
		list, err := c.must(ctx, http.StatusOK, "coordinator", "GET", "/v1/offers?help_request_id="+request, nil)
		if err != nil {
			return "", err
		}
		for _, item := range list["items"].([]any) {
			if o := item.(e2e.Object); o["status"] == "pending" {
				return o["id"].(string), nil
			}
		}
		r, err := c.must(ctx, http.StatusOK, "caseworker", "GET", "/v1/help-requests/"+request, nil)
		if err != nil {
			return "", err
		}
		if r["status"] == "unfilled" || r["reach"] == "help" { // coordinators are called: nobody else is there
			return "", errUnmatched
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			return "", fmt.Errorf("request %s: no offer in a minute", request)
		}
	}
}

// accept records the volunteer's yes, as a coordinator does after a phone call.
func (c *caller) accept(ctx context.Context, offer string) error {
	_, err := c.must(ctx, http.StatusOK, "coordinator", "POST", "/v1/offers/"+offer+"/accept", nil)
	return err
}

func (c *caller) must(ctx context.Context, status int, role, method, path string, body any) (e2e.Object, error) {
	a, err := c.Call(ctx, c.Tokens[role], method, path, body)
	if err != nil {
		return nil, err
	}
	if a.Status != status {
		return nil, fmt.Errorf("%s %s: %d %v", method, path, a.Status, a.Body)
	}
	return a.Body, nil
}
