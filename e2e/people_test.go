package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
)

// corner is a place where the demo's beneficiary lives, far from the rooms that
// tests make for themselves.
var corner = place{45.760500, 126.642300}

type place struct{ lat, lng float64 }

func (p place) json() Object { return Object{"lat": p.lat, "lng": p.lng} }

// north is the place so many metres north.
func (p place) north(metres float64) place { return place{p.lat + metres/111_195, p.lng} }

// volunteer is one with a token of their own.
type volunteer struct{ id, token string }

// village makes n volunteers around a place where nobody else lives, with a
// beneficiary of their own, so that tests on one system do not meet.
func (s *system) village(n int) (beneficiary string, at place, people []volunteer) {
	s.t.Helper()
	room := s.rooms.Add(1)
	at = corner.north(float64(room) * 200_000)
	area := "hlj.harbin.nangang"
	beneficiary = fmt.Sprintf("vb-%d", room)
	s.do(http.StatusCreated, s.Tokens["coordinator"], "POST", "/v1/beneficiaries", Object{
		"id": beneficiary, "name": "试验", "area_id": area, "home": at.json(),
	})
	args := []string{"token", "create"}
	for i := range n {
		id := fmt.Sprintf("vv-%d-%d", room, i)
		s.do(http.StatusCreated, s.Tokens["coordinator"], "POST", "/v1/volunteers", Object{
			"id": id, "name": fmt.Sprintf("志愿者%d", i), "area_id": area,
			"home": at.north(float64(10 * (i + 1))).json(), "skills": []string{}, "max_km": 5, "capacity": 1,
		})
		people = append(people, volunteer{id: id})
		args = append(args, "--volunteer", id)
	}
	if n == 0 {
		return beneficiary, at, nil
	}
	out, err := s.Command(s.t.Context(), args...)
	require.NoError(s.t, err)
	tokens := strings.Fields(out)
	require.Len(s.t, tokens, n)
	for i := range people {
		people[i].token = tokens[i]
	}
	return beneficiary, at, people
}

// need is the body of a help request for tomorrow.
func need(beneficiary string, at place, urgency string, people, minPeople int) Object {
	starts := time.Now().UTC().Add(24 * time.Hour).Truncate(time.Second)
	return Object{
		"beneficiary_id": beneficiary, "location": at.json(), "category": "visit", "urgency": urgency,
		"roles":      []Object{{"name": "helper", "skills": []string{}, "courses": []string{}, "people": people}},
		"min_people": minPeople,
		"window":     Object{"starts_at": starts.Format(time.RFC3339), "ends_at": starts.Add(2 * time.Hour).Format(time.RFC3339)},
	}
}

// open opens a help request as the caseworker and gives its id.
func (s *system) open(body Object) string {
	s.t.Helper()
	return s.do(http.StatusCreated, s.Tokens["caseworker"], "POST", "/v1/help-requests", body)["id"].(string)
}

// request reads a help request as the caseworker.
func (s *system) request(id string) Object {
	s.t.Helper()
	return s.do(http.StatusOK, s.Tokens["caseworker"], "GET", "/v1/help-requests/"+id, nil)
}

func (s *system) awaitStatus(id, status string) {
	s.t.Helper()
	s.await(id+" "+status, func() bool { return s.request(id)["status"] == status })
}

// offer is the volunteer's offer for a request in a status, or "".
func (s *system) offer(v volunteer, request, status string) string {
	s.t.Helper()
	list := s.do(http.StatusOK, v.token, "GET", "/v1/offers", nil)
	for _, item := range list["items"].([]any) {
		o := item.(Object)
		if o["help_request_id"] == request && o["status"] == status {
			return o["id"].(string)
		}
	}
	return ""
}

// awaitOffer waits until one of the people has a pending offer.
func (s *system) awaitOffer(people []volunteer, request string) (asked volunteer, offer string) {
	s.t.Helper()
	s.await("an offer of "+request, func() bool {
		for _, v := range people {
			if offer = s.offer(v, request, "pending"); offer != "" {
				asked = v
				return true
			}
		}
		return false
	})
	return asked, offer
}

// accept sends the answer again for as long as a part is away, as the API tells
// its callers to.
func (s *system) accept(v volunteer, offer string) (a Answer) {
	s.t.Helper()
	s.await("an answer to the accept", func() bool {
		var err error
		a, err = s.Call(s.t.Context(), v.token, "POST", "/v1/offers/"+offer+"/accept", nil)
		require.NoError(s.t, err)
		return a.Status != http.StatusServiceUnavailable
	})
	return a
}
