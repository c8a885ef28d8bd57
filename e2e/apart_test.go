package e2e

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/embedded"
)

// The production parts run apart, on a database and a namespace of their own,
// and an answer goes through all of them. Without a worker nothing is lost: it
// finds the request when it comes.
func TestServeAndWorkerApart(t *testing.T) {
	t.Parallel()
	s := start(t, "--seed", "none")
	database := strings.Replace(s.PostgresURL, "/linli?", "/apart?", 1)
	conn, err := pgx.Connect(t.Context(), s.PostgresURL)
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), "CREATE DATABASE apart")
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))
	require.NoError(t, embedded.CreateNamespace(t.Context(), s.TemporalAddress, "apart"))
	flags := []string{"--postgres-url", database, "--temporal-address", s.TemporalAddress, "--temporal-namespace", "apart"}
	linli := func(args ...string) string {
		out, err := s.Offline(t.Context(), append(args, flags...)...)
		require.NoError(t, err)
		return out
	}

	require.Contains(t, linli("migrate", "status"), "pending")
	require.Contains(t, linli("migrate", "up"), "applied")
	areas := filepath.Join(t.TempDir(), "areas.csv")
	require.NoError(t, os.WriteFile(areas, []byte("id,parent,level,name_zh,name_en\ncity,,prefecture,市,City\n"), 0o600))
	linli("import", "areas", areas)
	carol := linli("token", "create", "--account", "carol", "--role", "coordinator", "--area", "city")

	said := s.runPart("serve", append(flags, "--listen", "127.0.0.1:0")...)
	address := awaitWord(t, said, "address=")
	apart := &system{&Program{URL: "http://" + address, Tokens: map[string]string{"caseworker": carol, "coordinator": carol}}, t, s.rooms}
	apart.saysReady(http.StatusOK, "")
	at := corner
	apart.do(http.StatusCreated, carol, "POST", "/v1/beneficiaries", Object{"id": "b", "name": "试验", "area_id": "city", "home": at.json()})
	apart.do(http.StatusCreated, carol, "POST", "/v1/volunteers", Object{
		"id": "v", "name": "志愿者", "area_id": "city", "home": at.json(), "skills": []string{}, "max_km": 5, "capacity": 1,
	})
	id := apart.open(need("b", at, "urgent", 1, 1))
	require.Equal(t, "open", apart.request(id)["status"], "no worker runs yet")

	said = s.runPart("worker", append(flags, "--listen", "127.0.0.1:0")...)
	behind := &system{&Program{URL: "http://" + awaitWord(t, said, "address=")}, t, s.rooms}
	behind.saysReady(http.StatusOK, "")
	require.Equal(t, http.StatusOK, behind.probe("/healthz"))
	who := volunteer{"v", linli("token", "create", "--volunteer", "v")}
	_, offer := apart.awaitOffer([]volunteer{who}, id)
	require.Equal(t, http.StatusOK, apart.accept(who, offer).Status)
	require.Equal(t, "paired", apart.request(id)["status"])
	for _, figure := range []string{
		`linli_step_duration_seconds_count{kind="",step="AcceptOffer"} 1`, "linli_index_volunteers 1", "linli_index_loaded 1",
		"linli_outbox_messages 0", "linli_outbox_oldest_seconds 0", "linli_postgres_connections_max 16",
	} {
		require.Contains(t, behind.figures(), figure)
	}
	require.Equal(t, "every invariant holds", linli("audit"))
}

// runPart runs a part of the program until the test ends and gives what it logs.
func (s *system) runPart(part string, flags ...string) io.Reader {
	s.t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(s.t.Context()), s.Binary, append([]string{part}, flags...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	said, err := cmd.StderrPipe()
	require.NoError(s.t, err)
	require.NoError(s.t, cmd.Start())
	s.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		stopped := make(chan error, 1)
		go func() { stopped <- cmd.Wait() }()
		select {
		case err := <-stopped:
			require.NoError(s.t, err, "%s ends in order when it is told to", part)
		case <-time.After(StopWithin):
			_ = cmd.Process.Kill()
			s.t.Errorf("%s took more than %s to stop", part, StopWithin)
		}
	})
	return said
}

// awaitWord reads a log up to the word that begins so, gives its rest, and goes
// on reading so that the writer never waits.
func awaitWord(t *testing.T, log io.Reader, begin string) string {
	t.Helper()
	words := bufio.NewScanner(log)
	words.Split(bufio.ScanWords)
	for words.Scan() {
		if rest, ok := strings.CutPrefix(words.Text(), begin); ok {
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return rest
		}
	}
	require.FailNow(t, "the log never said "+begin)
	return ""
}

// figures is the text of /metrics.
func (s *system) figures() string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.URL+"/metrics", http.NoBody)
	require.NoError(s.t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(s.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	return string(text)
}
