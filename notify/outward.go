package notify

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"github.com/linli/linli/aid"
)

// Outward calls addresses that people gave, and so trusts none of them: only
// https, only hosts of the public internet, no redirects, little time. It is
// looked at where the connection is made, after the name was resolved, so that a
// name cannot lead inside. It is safe for concurrent use.
type Outward struct {
	client  *http.Client
	private bool
}

const (
	outwardTime  = 10 * time.Second // of one call in all
	outwardReply = 64 << 10         // bytes of an answer that are read at most
	maxURL       = 2000             // bytes
)

var errInside = errors.New("the address does not lie in the public internet")

// NewOutward makes the client. private lets it call any address, also by plain
// http: for tests, and for receivers on one's own network.
func NewOutward(private bool) *Outward {
	dialer := &net.Dialer{Timeout: outwardTime}
	if !private {
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil || !public(at.Addr()) {
				return errInside
			}
			return nil
		}
	}
	return &Outward{private: private, client: &http.Client{
		Timeout: outwardTime,
		Transport: &http.Transport{
			DialContext:         dialer.DialContext, // and no proxy, which would look up the name itself
			TLSHandshakeTimeout: outwardTime, ResponseHeaderTimeout: outwardTime, MaxIdleConns: 100, IdleConnTimeout: time.Minute,
			ForceAttemptHTTP2: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// special are the ranges that are not of the public internet and that netip does
// not tell (IANA's special-purpose registries).
var special = func() []netip.Prefix {
	var out []netip.Prefix
	for _, p := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
	} {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}()

func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// Check refuses a URL that would never be called, in words for whoever gave it.
func (o *Outward) Check(text string) error {
	var c aid.Check
	u, err := url.Parse(text)
	c.That(err == nil && len(text) <= maxURL && u.Host != "" && u.User == nil, "url", "must be a URL with a host and without a user, at most %d bytes", maxURL)
	if err == nil {
		c.That(u.Scheme == "https" || o.private && u.Scheme == "http", "url", "must begin with https://")
		if at, err := netip.ParseAddr(u.Hostname()); err == nil && !o.private {
			c.That(public(at), "url", "must lie in the public internet")
		}
	}
	return c.Err("address")
}

// Do makes one call. Whoever calls reads no more of the answer than they need,
// and closes it.
func (o *Outward) Do(r *http.Request) (*http.Response, error) {
	if err := o.Check(r.URL.String()); err != nil {
		return nil, aid.Errorf(aid.Invalid, "the address is one that is not called")
	}
	res, err := o.client.Do(r) //nolint:gosec // the dialer looks at every address that it resolves to
	switch {
	case errors.Is(err, errInside):
		return nil, &aid.Error{Kind: aid.Invalid, Message: "the address does not lie in the public internet", Err: err}
	case err != nil:
		return nil, &aid.Error{Kind: aid.Unavailable, Message: "the receiver could not be reached", Err: err}
	}
	return res, nil
}

// status makes one call and throws the answer's text away.
func (o *Outward) status(r *http.Request) (int, error) {
	res, err := o.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()                                             //nolint:errcheck // only read
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, outwardReply)) // so that the connection can be used again
	return res.StatusCode, nil
}

// verdict gives a status its kind: 2xx is well, 410 means that there is nobody
// any more, and all else may pass.
func verdict(status int) error {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusGone:
		return aid.Errorf(aid.NotFound, "the receiver is gone (410)")
	case status >= 300 && status < 400:
		return aid.Errorf(aid.Unavailable, "the receiver answered with a redirect (%d), which is not followed", status)
	}
	return &aid.Error{Kind: aid.Unavailable, Message: fmt.Sprintf("the receiver answered %d", status)}
}
