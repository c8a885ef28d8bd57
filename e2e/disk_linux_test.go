package e2e

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/embedded"
)

// disk is that of the private Postgres, which a test can fill.
type disk struct {
	t    *testing.T
	flag string
}

func (d disk) fill()  { require.NoError(d.t, os.WriteFile(d.flag, nil, 0o644)) }
func (d disk) empty() { require.NoError(d.t, os.Remove(d.flag)) }

// startOnDisk starts a system whose Postgres stands on a disk that can be full.
func startOnDisk(t *testing.T, args ...string) (*system, disk) {
	t.Helper()
	dir, err := os.MkdirTemp("", "linli-e2e-disk-") // Postgres may run as an account that cannot reach the test's own
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	require.NoError(t, os.Chmod(dir, 0o755))
	d := disk{t, filepath.Join(dir, "full")}
	shim := filepath.Join(dir, "fulldisk.so")
	out, err := exec.CommandContext(t.Context(), "gcc", "-shared", "-fPIC", "-o", shim, "testdata/fulldisk.c", "-ldl").CombinedOutput()
	require.NoError(t, err, "%s", out)
	programs, err := embedded.FindPostgres(t.Context())
	require.NoError(t, err)
	bin := filepath.Join(dir, "bin")
	require.NoError(t, os.Mkdir(bin, 0o755))
	require.NoError(t, os.Symlink(filepath.Join(programs, "initdb"), filepath.Join(bin, "initdb")))
	script := fmt.Sprintf("#!/bin/sh\nexport LD_PRELOAD='%s' LINLI_FULL_DISK='%s'\nexec '%s' \"$@\"\n", shim, d.flag, filepath.Join(programs, "postgres"))
	require.NoError(t, os.WriteFile(filepath.Join(bin, "postgres"), []byte(script), 0o755))
	return startWith(t, []string{embedded.BinariesVariable + "=" + bin}, args...), d
}

// On a full disk whoever writes is told so, nothing is half-written, and with
// room again all goes on.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	s, disk := startOnDisk(t, "--round-interval", "200ms")
	b, at, people := s.village(1)
	body := need(b, at, "urgent", 1, 1)
	file := filepath.Join(t.TempDir(), "V.csv")
	require.NoError(t, os.WriteFile(file, []byte(crowd(5000)), 0o600))
	rejects := file + ".rejected.csv"
	require.NoError(t, os.WriteFile(rejects, []byte("of the run before\n"), 0o600))

	disk.fill()
	_, err := s.Command(t.Context(), "import", "volunteers", file, "--area", "hlj")
	require.ErrorContains(t, err, "nothing was imported")
	require.ErrorContains(t, err, "disk is full")
	kept, err := os.ReadFile(rejects)
	require.NoError(t, err)
	require.Equal(t, "of the run before\n", string(kept), "what was there is not lost")
	opened, refused := 0, Answer{}
	for key := 0; refused.Status == 0; key++ {
		require.Less(t, key, 2000, "the disk is never full")
		a, err := s.openOnce(fmt.Sprintf("full-%d", key), body)
		require.NoError(t, err)
		if a.Status != http.StatusCreated {
			refused = a
			break
		}
		opened++
	}
	saysAway(t, "open", refused)
	require.Contains(t, refused.Body["detail"], "disk is full")
	require.Equal(t, http.StatusOK, s.probe("/healthz"))
	a, err := s.get("/v1/help-requests?limit=1")
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, a.Status, "reading goes on")
	disk.empty()

	again := s.until503Ends(func() (Answer, error) { return s.openOnce(fmt.Sprintf("full-%d", opened), body) })
	require.Equal(t, http.StatusCreated, again.Status)
	require.Equal(t, opened+1, s.count(s.Tokens["caseworker"], "/v1/help-requests?limit=200&beneficiary_id="+b))
	out := s.command("import", "volunteers", file, "--area", "hlj")
	require.Contains(t, out, "5000 added, 0 changed, 0 unchanged, 1 rejected")
	require.Len(t, readCSV(t, rejects), 2)
	require.Contains(t, s.command("import", "volunteers", file, "--area", "hlj"), "0 added, 0 changed, 5000 unchanged, 1 rejected")
	s.await("an offer", func() bool { return s.count(people[0].token, "/v1/offers") > 0 })
	s.command("audit")
}

// A Postgres that has no room for its log ends, and cannot come up. The program
// lives, says so, and goes on when there is room.
func TestDiskTooFullForPostgres(t *testing.T) {
	t.Parallel()
	s, disk := startOnDisk(t, "--round-interval", "200ms")
	b, at, people := s.village(1)
	id := s.open(need(b, at, "urgent", 1, 1))
	v, offer := s.awaitOffer(people, id)
	disk.fill()
	conn, err := pgx.Connect(t.Context(), s.PostgresURL)
	require.NoError(t, err)
	_, _ = conn.Exec(t.Context(), "SELECT pg_switch_wal()") // whatever is written next needs a new file, and may be this
	_ = conn.Close(t.Context())
	s.await("the end of Postgres", func() bool { return s.Logged("a private service is away") })
	s.saysReady(http.StatusServiceUnavailable, "postgres")
	a, err := s.acceptOnce("k", v, offer)
	require.NoError(t, err)
	saysAway(t, "accept", a)
	disk.empty()

	require.Equal(t, http.StatusOK, s.until503Ends(func() (Answer, error) { return s.acceptOnce("k", v, offer) }).Status)
	require.Equal(t, "paired", s.request(id)["status"])
	s.command("audit")
}

// crowd is a file of n good volunteers and one that cannot be taken.
func crowd(n int) string {
	var b strings.Builder
	b.WriteString("id,lat,lng,skills,max_km,capacity,trained,available_from,available_to\n")
	for i := range n {
		fmt.Fprintf(&b, "crowd-%d,45.75,126.65,,5,1,,,\n", i)
	}
	b.WriteString("crowd-bad,95.75,126.65,,5,1,,,\n")
	return b.String()
}
