package scenario

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/files"
)

func generate(t *testing.T, c Config) Scenario {
	t.Helper()
	s, err := Generate(t.Context(), c)
	require.NoError(t, err)
	return s
}

func digest(t *testing.T, s Scenario) string {
	t.Helper()
	h := sha256.New()
	require.NoError(t, files.WriteVolunteers(h, s.Volunteers))
	require.NoError(t, files.WriteRequests(h, s.Requests))
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// TestTheBytesNeverChange pins the files: people compare figures on scenarios
// made by other versions on other machines.
func TestTheBytesNeverChange(t *testing.T) {
	t.Parallel()
	require.Equal(t, "fad844f8cc932767", digest(t, generate(t, Config{Volunteers: 2000, Requests: 500, Seed: 42})))
	require.NotEqual(t,
		digest(t, generate(t, Config{Volunteers: 20, Requests: 5, Seed: 1})),
		digest(t, generate(t, Config{Volunteers: 20, Requests: 5, Seed: 2})))
}

func TestMoreOfOneLeavesTheRestAsItWas(t *testing.T) {
	t.Parallel()
	small := generate(t, Config{Volunteers: 50, Requests: 20, Seed: 3})
	large := generate(t, Config{Volunteers: 80, Requests: 10, Seed: 3})
	require.Equal(t, small.Volunteers, large.Volunteers[:50])
	require.Equal(t, small.Requests[:10], large.Requests)
}

func TestEveryRowCanBeReadAgain(t *testing.T) {
	t.Parallel()
	s := generate(t, Config{Volunteers: 3000, Requests: 3000, Seed: 7})
	var v, q bytes.Buffer
	require.NoError(t, files.WriteVolunteers(&v, s.Volunteers))
	require.NoError(t, files.WriteRequests(&q, s.Requests))
	rv, err := files.NewVolunteers(&v)
	require.NoError(t, err)
	i := 0
	for row, err := range rv.Rows() {
		require.NoError(t, err)
		require.Equal(t, s.Volunteers[i], row.Value)
		i++
	}
	rq, err := files.NewRequests(&q)
	require.NoError(t, err)
	for _, err := range rq.Rows() {
		require.NoError(t, err)
	}
	require.Equal(t, 3000, i)
}

// TestTheWorldIsAsDescribed holds drawn shares against the catalogue: rare
// skills rare, most requests for one person, people where the cities are.
func TestTheWorldIsAsDescribed(t *testing.T) {
	t.Parallel()
	const n = 20_000
	s := generate(t, Config{Volunteers: n, Requests: n, Seed: 11})
	have := map[aid.Skill]int{}
	nearHarbin := 0
	harbin := NorthEast().Centres[0]
	for _, v := range s.Volunteers {
		for _, k := range v.Skills {
			have[k]++
		}
		if v.Home.Distance(aid.Point{Lat: harbin.Lat, Lng: harbin.Lng}) < 25_000 {
			nearHarbin++
		}
		require.GreaterOrEqual(t, v.MaxDistance, 2000.0)
		require.LessOrEqual(t, v.MaxDistance, 30_000.0)
	}
	for _, k := range skills {
		want := float64(k.have) / 1000 * n
		require.InDelta(t, want, have[k.id], 5*math.Sqrt(want), string(k.id))
	}
	require.InDelta(t, 0.17*n, nearHarbin, 0.04*n)
	one, crews, urgent := 0, 0, 0
	for _, q := range s.Requests {
		require.True(t, q.MinPeople <= q.People && q.People <= 10)
		require.True(t, q.Window.EndsAt.After(q.Window.StartsAt) && q.Window.StartsAt.After(BaseDate))
		if q.People == 1 {
			one++
		}
		if q.MinPeople > 1 {
			crews++
		}
		if q.Urgency == aid.Urgent {
			urgent++
		}
	}
	require.InDelta(t, 0.70*n, one, 0.02*n)
	require.InDelta(t, 0.075*n, crews, 0.01*n)
	require.InDelta(t, 0.10*n, urgent, 0.01*n)
}

func TestTheCatalogueIsSound(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, c := range append(Courses(), Skills()...) {
		require.True(t, aid.ValidID(c.ID) && !known[c.ID] && c.NameZh != "" && c.NameEn != "", c.ID)
		known[c.ID] = true
	}
	for _, s := range skills {
		for _, c := range s.courses {
			require.True(t, known[string(c)], "%s asks for %s", s.id, c)
		}
	}
}

func TestTerritoryPack(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(NorthEast())
	require.NoError(t, err)
	pack, err := ReadTerritory(bytes.NewReader(text))
	require.NoError(t, err)
	require.Equal(t, NorthEast(), pack)

	fiji := `{"name":"fiji","centres":[{"id":"taveuni","name_zh":"","name_en":"Taveuni","lat":-16.85,"lng":179.97,"weight":1,"spread_km":9}]}`
	pack, err = ReadTerritory(strings.NewReader(fiji))
	require.NoError(t, err)
	both := map[bool]bool{}
	for _, v := range generate(t, Config{Volunteers: 300, Territory: pack}).Volunteers {
		require.NoError(t, v.Home.Validate())
		both[v.Home.Lng > 0] = true
	}
	require.Len(t, both, 2, "homes on both sides of the antimeridian")

	for name, c := range map[string]struct{ text, want string }{
		"no JSON":        {"centres", "not as documented"},
		"unknown field":  {`{"capital":1}`, `unknown field "capital"`},
		"no centre":      {`{"name":"x","centres":[]}`, "centres: has 0 entries"},
		"two objects":    {fiji + "{}", "more in it than one JSON object"},
		"swapped":        {strings.Replace(fiji, "-16.85", "179.9", 1), "centres[0].lat"},
		"no weight":      {strings.Replace(fiji, `"weight":1`, `"weight":0`, 1), "centres[0].weight: is 0"},
		"wide as a land": {strings.Replace(fiji, `km":9`, `km":900`, 1), "centres[0].spread_km: is 900"},
		"at the pole":    {strings.Replace(fiji, "-16.85", "-89", 1), "centres[0].lat: is -89, must lie in -80 to 80"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ReadTerritory(strings.NewReader(c.text))
			require.ErrorContains(t, err, c.want)
			require.Equal(t, aid.Invalid, aid.KindOf(err))
		})
	}
}

func TestGenerateRefusesAndStops(t *testing.T) {
	t.Parallel()
	_, err := Generate(t.Context(), Config{Volunteers: -1, Requests: Most + 1})
	require.ErrorContains(t, err, "volunteers: is -1")
	require.ErrorContains(t, err, "requests: is 10000001")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Generate(ctx, Config{Volunteers: 1})
	require.ErrorIs(t, err, context.Canceled)
}
