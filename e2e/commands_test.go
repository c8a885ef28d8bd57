package e2e

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// An administrator sets up an empty system by the commands alone, and the people
// whom they import are asked.
func TestAnEmptySystemIsFilledByCommands(t *testing.T) {
	t.Parallel()
	s := start(t, "--seed", "none", "--round-interval", "200ms")
	require.Empty(t, s.Tokens, "demo accounts exist with demo data only")

	out := s.command("migrate", "status")
	require.Contains(t, out, "00001_core.sql")
	require.NotContains(t, out, "pending")

	s.imports("areas", "id,parent,level,name_zh,name_en\ncity.east,city,county,东区,East\ncity,,prefecture,市,City\n", "2 added")
	orphans := filepath.Join(t.TempDir(), "orphans.csv")
	require.NoError(t, os.WriteFile(orphans, []byte("id,parent,level,name_zh,name_en\nx,nowhere,county,区,X\n"), 0o600))
	_, err := s.Command(t.Context(), "import", "areas", orphans)
	require.ErrorContains(t, err, "exit status 2")
	require.ErrorContains(t, err, "nothing was imported")
	require.Len(t, readCSV(t, orphans+".rejected.csv"), 2)
	s.imports("skills", "id,name_zh,name_en\nreading,读报,Reading\n", "1 added")
	s.imports("skills", "id,name_zh,name_en\nreading,读报,Reading aloud\n", "0 added, 1 changed")
	s.imports("skills", "id,name_zh,name_en\nreading,读报,Reading aloud\n", "0 added, 0 changed, 1 unchanged")
	s.imports("courses", "id,name_zh,name_en\nbasics,基础,Basics\n", "1 added")
	volunteers := "id,lat,lng,skills,max_km,capacity,trained,available_from,available_to\r\n" +
		"v1,45.75,126.65,reading,5,2,basics:2090-05-31,,\r\n" +
		"v2,126.65,45.75,reading,5,1,,,\r\n" +
		"v3,45.75,126.65,flying,5,1,,,\r\n"
	file := s.imports("volunteers", "\ufeff"+volunteers, "1 added, 0 changed, 0 unchanged, 2 rejected", "--area", "city.east")
	rejected := readCSV(t, file+".rejected.csv")
	require.Len(t, rejected, 3)
	require.Equal(t, "reason", rejected[0][9])
	require.Contains(t, rejected[1][9], "swapped")
	require.Contains(t, rejected[2][9], "flying")
	_, err = s.Command(t.Context(), "import", "volunteers", file, "--area", "nowhere")
	require.ErrorContains(t, err, `--area: "nowhere" is not known`)
	s.imports("volunteers", volunteers, "0 added, 0 changed, 1 unchanged, 2 rejected", "--area", "city.east")
	s.imports("completions", "volunteer_id,course_id,holds_until\nv1,basics,2091-01-01\n", "0 added, 1 changed")
	s.imports("risk-classes", "id,name_zh,name_en,check_months,minors,two_deep,course,categories\nhome,入户,At home,,barred,no,,visit\n", "1 added")
	moved := filepath.Join(t.TempDir(), "moved.csv")
	require.NoError(t, os.WriteFile(moved, []byte("id,name_zh,name_en,check_months,minors,two_deep,course,categories\n"+
		"home,入户,At home,,barred,no,,meals\nout,外出,Outside,two,barred,no,,Visit\n"), 0o600))
	_, err = s.Command(t.Context(), "import", "risk-classes", moved)
	require.ErrorContains(t, err, "none of its 2 rows can be taken")
	require.Contains(t, readCSV(t, moved+".rejected.csv")[1][8], "visit: would be of no class")
	s.imports("checks", "volunteer_id,checked_on,birth_date,guardian_consent_until\nv1,2026-01-31,1980-02-29,\n", "0 added, 1 changed")
	s.imports("organisations", "id,parent,tree,tier,area_id,name_zh,name_en\no1,,regional,station,,站,Station\n", "1 added", "--area", "city")

	_, err = s.Command(t.Context(), "token", "create", "--account", "carol", "--role", "caseworker")
	require.ErrorContains(t, err, "--area")
	carol := s.command("token", "create", "--account", "carol", "--role", "caseworker", "--area", "city")
	v1 := s.command("token", "create", "--volunteer", "v1")
	requests := "id,lat,lng,skills,people,min_people,courses,urgency,starts_at,ends_at\n" +
		"r1,45.75,126.65,reading,1,,basics,soon,2090-03-01T09:00:00+08:00,2090-03-01T11:00:00+08:00\n"
	path := filepath.Join(t.TempDir(), "R.csv")
	require.NoError(t, os.WriteFile(path, []byte(requests), 0o600))
	_, err = s.Command(t.Context(), "import", "requests", path, "--area", "city.east", "--account", "nobody")
	require.ErrorContains(t, err, "--account: does not exist")
	s.imports("requests", requests, "1 added", "--area", "city.east", "--account", "carol")

	who := volunteer{"v1", v1}
	_, offer := s.awaitOffer([]volunteer{who}, "r1")
	require.Equal(t, http.StatusOK, s.accept(who, offer).Status)
	require.Equal(t, "paired", s.do(http.StatusOK, carol, "GET", "/v1/help-requests/r1", nil)["status"])
	require.Equal(t, "every invariant holds", s.command("audit"))

	s.command("token", "revoke", v1)
	s.await("the token's end", func() bool {
		a, err := s.Call(t.Context(), v1, "GET", "/v1/offers", nil)
		return err == nil && a.Status == http.StatusUnauthorized
	})
}

// An import that cannot be read to its end changes nothing.
func TestAnImportIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	path := filepath.Join(t.TempDir(), "V.csv")
	require.NoError(t, os.WriteFile(path, []byte("id,lat,lng,skills,max_km,capacity,trained,available_from,available_to\n"+
		"w1,45.75,126.65,,5,1,,,\nw2,45.75,126.65,\""+strings.Repeat("x", 100_000)), 0o600))
	_, err := s.Command(t.Context(), "import", "volunteers", path, "--area", "hlj")
	require.ErrorContains(t, err, "nothing was imported")
	a, err := s.Call(t.Context(), s.Tokens["coordinator"], "GET", "/v1/volunteers/w1", nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusNotFound, a.Status)
}

func (s *system) command(args ...string) string {
	s.t.Helper()
	out, err := s.Command(s.t.Context(), args...)
	require.NoError(s.t, err)
	return out
}

// imports runs an import of a text and requires what it says at its end.
func (s *system) imports(kind, text, want string, flags ...string) (path string) {
	s.t.Helper()
	path = filepath.Join(s.t.TempDir(), kind+".csv")
	require.NoError(s.t, os.WriteFile(path, []byte(text), 0o600))
	require.Contains(s.t, s.command(append([]string{"import", kind, path}, flags...)...), want)
	return path
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	return rows
}

// What ready.json holds opens the system, so only its owner may read it, and it
// is gone when nothing serves.
func TestReadyFile(t *testing.T) {
	t.Parallel()
	s := start(t)
	path := filepath.Join(s.Dir, "ready.json")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	var r struct {
		URL    string
		Tokens map[string]string
	}
	require.NoError(t, json.Unmarshal(b, &r))
	require.True(t, strings.HasPrefix(r.URL, "http://127.0.0.1:"))
	require.Len(t, r.Tokens, 4)
	for role, token := range r.Tokens {
		require.Equal(t, role, s.do(http.StatusOK, token, "GET", "/v1/me", nil)["role"])
	}
	require.NoError(t, s.Stop())
	require.NoFileExists(t, path)
	s.run()
	require.Equal(t, r.Tokens, s.Tokens, "tokens stay from start to start")
}
