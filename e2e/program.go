package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// StopWithin is how long `linli dev` may take to stop cleanly.
const StopWithin = 10 * time.Second

// Program is one running `linli dev`. Its methods are safe for concurrent use
// while it runs; Run, Stop and Kill are for one caller.
type Program struct {
	Binary string   // the linli program
	Dir    string   // its --data directory; the log stands beside it
	Args   []string // further flags
	Env    []string // further environment
	URL    string
	Tokens map[string]string // by role

	PostgresURL       string `json:"postgres_url"`
	TemporalAddress   string `json:"temporal_address"`
	TemporalNamespace string `json:"temporal_namespace"`

	cmd    *exec.Cmd
	exited chan struct{}
}

// Build compiles linli into dir and gives the path of the program.
func Build(ctx context.Context, dir string) (string, error) {
	binary := filepath.Join(dir, "linli")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "github.com/linli/linli/cmd/linli").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build linli: %w\n%s", err, out)
	}
	return binary, nil
}

// Run starts the program on its directory, which may hold the state of a run
// before, and waits until it serves.
func (p *Program) Run(ctx context.Context) error {
	log, err := os.OpenFile(p.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	ready := filepath.Join(p.Dir, "ready.json")
	if err := os.Remove(ready); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	p.cmd = exec.Command(p.Binary, append([]string{"dev", "--data", p.Dir, "--listen", "127.0.0.1:0"}, p.Args...)...)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.Env = append(os.Environ(), p.Env...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		return errors.Join(err, log.Close())
	}
	exited := make(chan struct{})
	p.exited = exited
	go func(cmd *exec.Cmd) {
		_ = cmd.Wait() // how it ended is read from its state
		_ = log.Close()
		close(exited)
	}(p.cmd)

	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for {
		b, err := os.ReadFile(ready)
		if err == nil {
			return json.Unmarshal(b, p)
		}
		select {
		case <-ctx.Done():
			_ = p.Kill()
			return fmt.Errorf("linli dev did not get ready: %w\n%s", ctx.Err(), p.LogTail())
		case <-exited:
			return fmt.Errorf("linli dev ended before it was ready\n%s", p.LogTail())
		case <-poll.C:
		}
	}
}

// Stop ends the program as Ctrl-C does. It fails when that takes too long.
func (p *Program) Stop() error {
	if p.cmd == nil {
		return nil
	}
	_ = p.cmd.Process.Signal(syscall.SIGINT)
	select {
	case <-p.exited:
		return nil
	case <-time.After(StopWithin):
		return errors.Join(fmt.Errorf("linli dev took more than %s to stop\n%s", StopWithin, p.LogTail()), p.Kill())
	}
}

// Kill ends the program as a crash does.
func (p *Program) Kill() error {
	err := p.cmd.Process.Kill()
	<-p.exited
	return err
}

// PID is the process of the program.
func (p *Program) PID() int { return p.cmd.Process.Pid }

// LogTail is the end of what the program logged.
func (p *Program) LogTail() string {
	b, err := os.ReadFile(p.logFile())
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(lines[max(0, len(lines)-60):], "\n")
}

// Logged tells whether the program has logged a text, in this run or before.
func (p *Program) Logged(text string) bool {
	b, err := os.ReadFile(p.logFile())
	return err == nil && bytes.Contains(b, []byte(text))
}

func (p *Program) logFile() string { return p.Dir + ".log" }

// Command runs another command of linli against this system and gives what it
// printed.
func (p *Program) Command(ctx context.Context, args ...string) (string, error) {
	return p.Offline(ctx, append(args, "--data", p.Dir)...)
}

// Offline runs a command of linli that needs no system.
func (p *Program) Offline(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, p.Binary, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("linli %s: %w: %s%s", args[0], err, out, stderr.String())
	}
	return strings.TrimSpace(string(out)), err
}

// Object is a JSON object.
type Object = map[string]any

// Answer is what came back from the API.
type Answer struct {
	Status int
	Header http.Header
	Body   Object
}

// Call sends a request and reads the answer, whatever its status.
func (p *Program) Call(ctx context.Context, token, method, path string, body any) (Answer, error) {
	return p.CallOnce(ctx, "", token, method, path, body)
}

// CallOnce is Call with an idempotency key, if that is not empty.
func (p *Program) CallOnce(ctx context.Context, key, token, method, path string, body any) (Answer, error) {
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return Answer{}, err
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, p.URL+path, r)
	if err != nil {
		return Answer{}, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer res.Body.Close()
	a := Answer{Status: res.StatusCode, Header: res.Header}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return a, err
	}
	if len(b) > 0 {
		if err := json.Unmarshal(b, &a.Body); err != nil {
			return a, fmt.Errorf("%s %s: %q: %w", method, path, b, err)
		}
	}
	return a, nil
}
