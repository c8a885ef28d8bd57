package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"

	"github.com/linli/linli/aid"
)

// ready is what `linli dev` leaves in its directory while it serves: how to
// reach it and its parts. Only its owner may read it, since it holds tokens.
type ready struct {
	URL               string            `json:"url"`
	Tokens            map[string]string `json:"tokens"`
	PostgresURL       string            `json:"postgres_url"`
	TemporalAddress   string            `json:"temporal_address"`
	TemporalNamespace string            `json:"temporal_namespace"`
}

// urlOf is how to reach an address from this machine. One that stands for all of
// the machine's addresses cannot be called itself.
func urlOf(a net.Addr) string {
	at, err := netip.ParseAddrPort(a.String())
	if err == nil && at.Addr().IsUnspecified() {
		return "http://" + netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port()).String()
	}
	return "http://" + a.String()
}

func readyPath(dir string) string { return filepath.Join(dir, "ready.json") }

// writeReady puts the file in place at once: a reader sees all of it or none.
func writeReady(dir string, r ready) error {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return writePrivate(readyPath(dir), append(b, '\n'))
}

// writePrivate writes a file that only its owner may read, whole or not at all.
func writePrivate(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// removeReady takes the file away: nobody serves.
func removeReady(dir string) error {
	if err := os.Remove(readyPath(dir)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// readReady fails with aid.Invalid when the file is not whole.
func readReady(dir string) (ready, error) {
	var r ready
	b, err := os.ReadFile(readyPath(dir))
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(b, &r); err != nil || r.PostgresURL == "" {
		return r, aid.Errorf(aid.Invalid, "%s is damaged; stop 'linli dev' and start 'linli dev' again, or give --postgres-url", readyPath(dir))
	}
	return r, nil
}

// SystemFlags say which running system a command works on.
type SystemFlags struct {
	Data string `default:".linli" type:"path" help:"Directory of a running 'linli dev', used when no --postgres-url is given."`
	PostgresFlags
	TemporalFlags
}

// resolve fills in what was not given from the running 'linli dev'.
func (f *SystemFlags) resolve() error {
	if f.PostgresURL != "" {
		return nil
	}
	r, err := readReady(f.Data)
	if errors.Is(err, fs.ErrNotExist) {
		return aid.Errorf(aid.Invalid, "no system to work on: start 'linli dev' (looked in %s), or give --postgres-url", f.Data)
	}
	if err != nil {
		return err
	}
	f.PostgresURL = r.PostgresURL
	if f.TemporalAddress == "" {
		f.TemporalAddress = r.TemporalAddress
		if f.TemporalNamespace == "" {
			f.TemporalNamespace = r.TemporalNamespace
		}
	}
	return nil
}
