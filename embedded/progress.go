package embedded

import (
	"bytes"
	"fmt"
	"sync"
	"time"
)

const (
	// packagesToCompile is how many packages a build with an empty cache
	// compiles.
	packagesToCompile = 1750

	progressInterval = time.Second

	// shownFailure bounds how much of the compiler's output an error quotes.
	shownFailure = 4 << 10
)

// BuildProgress tells how far the build of the Temporal server has come.
type BuildProgress struct {
	Elapsed    time.Duration
	Downloaded int  // modules
	Compiled   int  // packages; those that the Go build cache holds do not count
	IsWaiting  bool // for another process that is building it
	IsDone     bool
}

// String is a line for a terminal. It does not claim to know how much is left,
// since that depends on what the build cache holds.
func (p BuildProgress) String() string {
	elapsed := p.Elapsed.Round(time.Second)
	switch {
	case p.IsDone:
		return fmt.Sprintf("built the Temporal server in %s", elapsed)
	case p.IsWaiting:
		return fmt.Sprintf("waiting for another process that is building the Temporal server: %s", elapsed)
	case p.Compiled == 0 && p.Downloaded > 0:
		return fmt.Sprintf("building the Temporal server, this once: %s, %d modules downloaded", elapsed, p.Downloaded)
	default:
		return fmt.Sprintf("building the Temporal server, this once: %s, %d of up to %d packages compiled",
			elapsed, p.Compiled, packagesToCompile)
	}
}

// buildMeter reads what go build -v writes, one line for each package that it
// compiles, and reports.
type buildMeter struct {
	report func(BuildProgress)
	start  time.Time

	mu       sync.Mutex
	progress BuildProgress
	unread   []byte // a line that is not complete yet
	output   []byte // what is neither a package nor a download
	reported time.Time
}

func newBuildMeter(report func(BuildProgress)) *buildMeter {
	if report == nil {
		report = func(BuildProgress) {}
	}
	return &buildMeter{report: report, start: time.Now()}
}

// Write takes a piece of the compiler's standard error.
func (m *buildMeter) Write(piece []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unread = append(m.unread, piece...)
	for {
		line, rest, isComplete := bytes.Cut(m.unread, []byte("\n"))
		if !isComplete {
			return len(piece), nil
		}
		m.read(line)
		m.unread = rest
	}
}

func (m *buildMeter) read(line []byte) {
	switch {
	case bytes.HasPrefix(line, []byte("go: downloading ")):
		m.progress.Downloaded++
	case len(line) > 0 && !bytes.ContainsAny(line, " \t#:"):
		m.progress.Compiled++
	default:
		m.output = append(append(m.output, line...), '\n')
		m.output = m.output[max(0, len(m.output)-shownFailure):]
	}
}

// failure is what the compiler had to say beside its progress.
func (m *buildMeter) failure() []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append(bytes.Clone(m.output), m.unread...)
}

// waiting reports, at most once in an interval, that another process builds.
func (m *buildMeter) waiting() {
	if time.Since(m.reported) < progressInterval {
		return
	}
	m.reported = time.Now()
	m.report(BuildProgress{Elapsed: time.Since(m.start), IsWaiting: true})
}

// during reports in every interval while run runs, and once more when it has
// succeeded.
func (m *buildMeter) during(run func() error) error {
	ended := make(chan error, 1)
	go func() { ended <- run() }()
	tick := time.NewTicker(progressInterval)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			if err == nil {
				m.report(m.snapshot(true))
			}
			return err
		case <-tick.C:
			m.report(m.snapshot(false))
		}
	}
}

func (m *buildMeter) snapshot(isDone bool) BuildProgress {
	m.mu.Lock()
	defer m.mu.Unlock()
	progress := m.progress
	progress.Elapsed, progress.IsDone = time.Since(m.start), isDone
	return progress
}
