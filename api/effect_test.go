package api

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/training"
)

// trained serves a world in which 60 of 100 offers are accepted by those trained, and 30
// by others, few of whom served.
func trained(t *testing.T) *running {
	t.Helper()
	r := serve(t)
	share := func(y float64) training.Sums { return training.Sums{People: 100, Y: y, X: 100, YY: y, XY: y, XX: 100} }
	few := training.Sums{People: 9, Y: 3, X: 9, YY: 3, XY: 3, XX: 9}
	r.world.SeedEffect(training.EffectSums{Undated: 7, Of: map[training.Measure]map[training.Group]training.Sums{
		training.Acceptance: {training.Trained: share(60), training.NotYetTrained: share(30)},
		training.Retention:  {training.Trained: share(60), training.NotYetTrained: few},
	}})
	return r
}

func TestTheEffectOfACourseIsToldInNumbers(t *testing.T) {
	t.Parallel()
	r := trained(t)
	a := r.send("trainer", "GET", "/v1/courses/basics/effect?area_id=hlj.harbin&from=2026-03&until=2026-10", "")
	require.Equal(t, http.StatusOK, a.StatusCode, "%v", a.body)
	require.Equal(t, "2026-03", a.body["from"])
	require.Equal(t, "2026-10", a.body["until"])
	require.EqualValues(t, 7, a.body["undated"])
	items := a.body["items"].([]any)
	require.Len(t, items, 3)
	first, second := items[0].(map[string]any), items[1].(map[string]any)
	require.Equal(t, "acceptance", first["measure"])
	require.Equal(t, "higher", first["claim"])
	require.Empty(t, first["too_few"])
	require.InDelta(t, 0.3, first["difference"].(map[string]any)["value"], 1e-9)
	group := first["trained"].(map[string]any)
	for field, want := range map[string]float64{"people": 100, "of": 100, "did": 60, "value": 0.6} {
		require.EqualValues(t, want, group[field], field)
	}
	require.Less(t, group["low"], 0.51)
	require.Equal(t, "none", second["claim"])
	require.Equal(t, []any{"not_yet_trained"}, second["too_few"])
	require.NotContains(t, second, "difference")
	none := second["not_yet_trained"].(map[string]any)
	require.Equal(t, true, none["withheld"])
	require.Zero(t, none["people"])
	require.Zero(t, none["did"])
	r.problem(r.send("trainer", "GET", "/v1/courses/basics/effect?area_id=hlj.harbin&from=March", ""), http.StatusUnprocessableEntity)
}

func TestTheEffectOfACourseIsAFile(t *testing.T) {
	t.Parallel()
	r := trained(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+"/v1/courses/basics/effect/file?area_id=hlj.harbin", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer coordinator")
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, errors.Join(err, res.Body.Close()))
	require.Equal(t, `attachment; filename="effect-basics.csv"`, res.Header.Get("Content-Disposition"))
	lines := strings.Split(strings.TrimSpace(strings.TrimPrefix(string(body), "\ufeff")), "\n")
	require.Len(t, lines, 4)
	require.Regexp(t, `^acceptance,100,100,60,0\.6,0\.50\d*,0\.6\d*,100,100,30,0\.3,.*,higher,,7\s*$`, lines[1])
	require.Regexp(t, `^retention,100,100,60,[^,]*,[^,]*,[^,]*,,,,,,,,,,none,not_yet_trained,7\s*$`, lines[2])
}
