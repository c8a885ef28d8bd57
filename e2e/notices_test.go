package e2e

import (
	"io"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/mail"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// letter is a mail as it arrived.
type letter struct{ to, id, body string }

// postOffice is a mail server that keeps what it is given.
type postOffice struct {
	mu      sync.Mutex
	letters []letter
}

func (o *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return &clerk{office: o}, nil }

func (o *postOffice) arrived() []letter {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]letter{}, o.letters...)
}

// clerk takes one connection's mail.
type clerk struct {
	office *postOffice
	to     string
}

func (c *clerk) Mail(string, *smtp.MailOptions) error { return nil }
func (c *clerk) Reset()                               {}
func (c *clerk) Logout() error                        { return nil }

func (c *clerk) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = to
	return nil
}

func (c *clerk) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		return err
	}
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	c.office.letters = append(c.office.letters, letter{c.to, m.Header.Get("Message-Id"), string(body)})
	return nil
}

// openOffice runs a post office until the test ends and gives its address.
func openOffice(t *testing.T) (*postOffice, string) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	o := &postOffice{}
	server := smtp.NewServer(o)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(listener) // ends with the server
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-ended
	})
	return o, listener.Addr().String()
}

// TestAnOfferIsMailed: from the address that is verified to the notices of an
// offer and of the confirmed pairing, and the calendar that shows it.
func TestAnOfferIsMailed(t *testing.T) {
	t.Parallel()
	office, address := openOffice(t)
	s := start(t, "--smtp-address", address, "--smtp-from", "notices@linli.example", "--smtp-tls", "none", "--round-interval", "200ms")
	b, at, people := s.village(1)
	v := people[0]
	s.do(http.StatusOK, v.token, "POST", "/v1/contact/email", Object{"address": "lin@example.org"})
	code := regexp.MustCompile(`[0-9]{6}`).FindString(office.arrived()[0].body)
	s.do(http.StatusOK, v.token, "POST", "/v1/contact/email/verify", Object{"code": code})
	s.do(http.StatusOK, v.token, "PUT", "/v1/contact", Object{"language": "en", "channels": []string{"email"}})
	calendar := s.do(http.StatusOK, v.token, "POST", "/v1/contact/calendar", nil)["url"].(string)

	id := s.open(need(b, at, "routine", 1, 1))
	s.await("the mail of the offer", func() bool { return len(office.arrived()) == 2 })
	_, offer := s.awaitOffer(people, id)
	require.Equal(t, http.StatusOK, s.accept(v, offer).Status)
	s.await("the mail of the pairing", func() bool { return len(office.arrived()) == 3 })

	notices := s.do(http.StatusOK, v.token, "GET", "/v1/notices", nil)
	require.EqualValues(t, 2, notices["unread"])
	for i, item := range notices["items"].([]any) { // newest first
		notice, mailed := item.(Object), office.arrived()[2-i]
		require.Equal(t, "lin@example.org", mailed.to)
		require.Equal(t, "<"+notice["id"].(string)+"@linli.example>", mailed.id)
		require.True(t, strings.HasPrefix(mailed.body, notice["body"].(string)), mailed.body)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, calendar, nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Contains(t, string(text), "STATUS:CONFIRMED\r\n")
	out, err := s.Command(t.Context(), "audit")
	require.NoError(t, err, out)
}
