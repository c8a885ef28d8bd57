package notify

import (
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
	gomail "github.com/wneessen/go-mail"

	"github.com/linli/linli/aid"
)

// sink is a mail server that keeps what it is given.
type sink struct {
	mu       sync.Mutex
	messages []*mail.Message
	bodies   []string
	to       []string
	refuse   func(to string) error // at RCPT
	spoil    error                 // at the end of DATA
	address  string
}

func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return &visit{sink: s}, nil }

// visit is one connection to the sink.
type visit struct {
	sink *sink
	to   string
}

func (v *visit) Mail(string, *smtp.MailOptions) error { return nil }
func (v *visit) Reset()                               {}
func (v *visit) Logout() error                        { return nil }

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.to = to
	if v.sink.refuse != nil {
		return v.sink.refuse(to)
	}
	return nil
}

func (v *visit) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	v.sink.mu.Lock()
	defer v.sink.mu.Unlock()
	if v.sink.spoil != nil {
		return v.sink.spoil
	}
	v.sink.messages, v.sink.bodies, v.sink.to = append(v.sink.messages, m), append(v.sink.bodies, string(body)), append(v.sink.to, v.to)
	return nil
}

// serve runs the sink on a loopback port and gives a mailer that uses it.
func (s *sink) serve(t *testing.T) *Mailer {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := smtp.NewServer(s)
	server.Domain = "sink.example"
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // ends with the server
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	s.address = listener.Addr().String()
	return mailer(t, s.address)
}

func mailer(t *testing.T, address string) *Mailer {
	t.Helper()
	m, err := NewMailer(MailSettings{Address: address, From: "邻里 <notices@linli.example>", TLS: PlainMail}, catalogue(t))
	require.NoError(t, err)
	return m
}

// decoded undoes the transfer encoding of a body.
func decoded(t *testing.T, encoding, body string) string {
	t.Helper()
	require.Equal(t, "quoted-printable", encoding)
	text, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body)))
	require.NoError(t, err)
	return string(text)
}

var lin = aid.Contact{Account: "v.v-1", Language: aid.Chinese, Zone: aid.DefaultZone, Email: "lin@example.org"}

func send(t *testing.T, m *Mailer, n aid.Notice, to aid.Contact) error {
	t.Helper()
	text, err := catalogue(t).Write(n, to)
	require.NoError(t, err)
	return m.Send(t.Context(), to, n, text)
}

func header(t *testing.T, m *mail.Message, name string) string {
	t.Helper()
	text, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get(name))
	require.NoError(t, err)
	return text
}

func TestANoticeIsMailed(t *testing.T) {
	t.Parallel()
	s := &sink{}
	m := s.serve(t)
	n := sample(aid.NoticeOfferMade)
	n.Urgent = true
	require.NoError(t, send(t, m, n, lin))
	require.NoError(t, send(t, m, n, lin))
	require.Len(t, s.messages, 2)
	got := s.messages[0]
	require.Equal(t, []string{"lin@example.org", "lin@example.org"}, s.to)
	require.Equal(t, "有一个帮扶邀请等您答复", header(t, got, "Subject"))
	require.Equal(t, "<n-1@linli.example>", got.Header.Get("Message-Id"))
	require.Equal(t, got.Header.Get("Message-Id"), s.messages[1].Header.Get("Message-Id"), "twice is the same mail")
	require.Equal(t, "zh-CN", got.Header.Get("Content-Language"))
	require.Equal(t, "auto-generated", got.Header.Get("Auto-Submitted"))
	require.Equal(t, "high", got.Header.Get("Importance"))
	at, err := got.Header.Date()
	require.NoError(t, err)
	require.True(t, at.Equal(n.At))
	kind, with, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "text/plain", kind)
	require.Equal(t, "utf-8", strings.ToLower(with["charset"]))
	body := decoded(t, got.Header.Get("Content-Transfer-Encoding"), s.bodies[0])
	text, err := catalogue(t).Write(n, lin)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(body, text.Body), body)
	require.Contains(t, body, "\r\n-- \r\n邻里志愿服务平台")
}

func TestACodeIsMailed(t *testing.T) {
	t.Parallel()
	s := &sink{}
	to := aid.Contact{Language: aid.English}
	require.NoError(t, s.serve(t).SendCode(t.Context(), to, "new@example.org", "012345"))
	require.Equal(t, []string{"new@example.org"}, s.to)
	require.Equal(t, "Your code for Linli", header(t, s.messages[0], "Subject"))
	require.Contains(t, decoded(t, s.messages[0].Header.Get("Content-Transfer-Encoding"), s.bodies[0]), "Your code is 012345.")
	require.NotEmpty(t, s.messages[0].Header.Get("Message-Id"))
}

func TestWhatTheServerSaysDecidesWhetherItIsTriedAgain(t *testing.T) {
	t.Parallel()
	unknown := &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user lin@example.org"}
	busy := &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "greylisted"}
	for what, c := range map[string]struct {
		sink *sink
		want aid.Kind
	}{
		"unknown address": {&sink{refuse: func(string) error { return unknown }}, aid.Invalid},
		"try later":       {&sink{refuse: func(string) error { return busy }}, aid.Unavailable},
		"refused message": {&sink{spoil: &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "no"}}, aid.Invalid},
		"full for now":    {&sink{spoil: &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "full"}}, aid.Unavailable},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			err := send(t, c.sink.serve(t), sample(aid.NoticeOfferMade), lin)
			require.Equal(t, c.want, aid.KindOf(err), "%v", err)
			require.NotContains(t, err.Error(), "lin@", "the server's words may quote the address")
		})
	}
}

func TestAServerThatIsAwayIsTriedAgain(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	err = send(t, mailer(t, address), sample(aid.NoticeOfferMade), lin)
	require.Equal(t, aid.Unavailable, aid.KindOf(err))

	silent, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0") // accepts, and says nothing
	require.NoError(t, err)
	defer silent.Close()
	m := mailer(t, silent.Addr().String())
	m.options = append(m.options, gomail.WithTimeout(100*time.Millisecond))
	require.Equal(t, aid.Unavailable, aid.KindOf(send(t, m, sample(aid.NoticeOfferMade), lin)))
}

// A server that offers no TLS gets neither password nor mail unless it is allowed to.
func TestMailGoesOverTLSUnlessToldOtherwise(t *testing.T) {
	t.Parallel()
	s := &sink{}
	s.serve(t)
	private, err := NewMailer(MailSettings{Address: s.address, From: "a@example.org", TLS: StartTLS}, catalogue(t))
	require.NoError(t, err)
	require.Equal(t, aid.Unavailable, aid.KindOf(send(t, private, sample(aid.NoticeOfferMade), lin)))
	require.Empty(t, s.messages)
}

func TestMailSettingsAreChecked(t *testing.T) {
	t.Parallel()
	sound := MailSettings{Address: "mail.example:587", From: "a@example.org", TLS: StartTLS}
	_, err := NewMailer(sound, catalogue(t))
	require.NoError(t, err)
	for field, change := range map[string]func(*MailSettings){
		"--smtp-address": func(s *MailSettings) { s.Address = "mail.example" },
		"--smtp-from":    func(s *MailSettings) { s.From = "nobody" },
		"--smtp-tls":     func(s *MailSettings) { s.TLS = "perhaps" },
	} {
		s := sound
		change(&s)
		_, err := NewMailer(s, catalogue(t))
		e, ok := errors.AsType[*aid.Error](err)
		require.True(t, ok)
		require.Equal(t, field, e.Problems[0].Field)
	}
}
