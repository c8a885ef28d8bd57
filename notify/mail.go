package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/linli/linli/aid"
)

// MailSettings say through which server mail is sent.
type MailSettings struct {
	Address  string // host:port of the server
	Username string // empty for a server that asks for none
	Password string
	From     string // address that mail comes from
	TLS      MailTLS
}

// MailTLS is how the connection to the server is kept private.
type MailTLS string

// The ways.
const (
	StartTLS    MailTLS = "starttls" // refuses servers that do not offer it
	ImplicitTLS MailTLS = "tls"
	PlainMail   MailTLS = "none" // for a server on the same machine
)

// mailTime bounds each step of talking to the server.
const mailTime = 10 * time.Second

// Mailer sends e-mail, each over a connection of its own. It is safe for
// concurrent use.
type Mailer struct {
	from    *mail.Address
	domain  string // for Message-IDs
	host    string
	options []gomail.Option
	texts   *Catalogue
}

// NewMailer checks the settings; the server is first asked when mail is sent.
func NewMailer(s MailSettings, texts *Catalogue) (*Mailer, error) {
	var c aid.Check
	host, portText, err := net.SplitHostPort(s.Address)
	port, portErr := strconv.Atoi(portText)
	c.That(err == nil && host != "" && portErr == nil && port > 0 && port < 1<<16, "--smtp-address", "must be host:port")
	from, err := mail.ParseAddress(s.From)
	c.That(err == nil, "--smtp-from", "must be an e-mail address")
	policy, implicit := gomail.TLSMandatory, false
	switch s.TLS {
	case StartTLS:
	case ImplicitTLS:
		implicit = true
	case PlainMail:
		policy = gomail.NoTLS
	default:
		c.That(false, "--smtp-tls", "must be starttls, tls or none")
	}
	if err := c.Err("mail settings"); err != nil {
		return nil, err
	}
	m := &Mailer{from: from, host: host, texts: texts, options: []gomail.Option{
		gomail.WithPort(port), gomail.WithTimeout(mailTime), gomail.WithTLSPolicy(policy),
	}}
	if implicit {
		m.options = append(m.options, gomail.WithSSL())
	}
	if s.Username != "" {
		m.options = append(m.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.Username), gomail.WithPassword(s.Password))
	}
	m.domain = from.Address[strings.LastIndexByte(from.Address, '@')+1:]
	return m, nil
}

// Send mails a notice. Its Message-ID follows from the notice, so that programs
// which read mail show one that comes twice once.
func (m *Mailer) Send(ctx context.Context, to aid.Contact, n aid.Notice, text aid.NoticeText) error {
	return m.send(ctx, letter{
		to: to.Email, id: string(n.ID), language: to.Language, at: n.At, title: text.Title, body: text.Body,
		urgent: n.Urgent, footer: "mail.footer",
	})
}

// SendCode mails the code that proves that an address is the account's own.
func (m *Mailer) SendCode(ctx context.Context, to aid.Contact, address, code string) error {
	title, err := m.texts.texts.Text(to.Language, "mail.code.title", nil)
	if err != nil {
		return err
	}
	body, err := m.texts.texts.Text(to.Language, "mail.code.body", struct{ Code string }{code})
	if err != nil {
		return err
	}
	return m.send(ctx, letter{to: address, language: to.Language, at: time.Now(), title: title, body: body})
}

// letter is one mail.
type letter struct {
	to, id      string // id may be empty: one is made
	language    aid.Language
	at          time.Time
	title, body string
	urgent      bool
	footer      string // message id; may be empty
}

func (m *Mailer) send(ctx context.Context, l letter) error {
	if l.footer != "" {
		footer, err := m.texts.texts.Text(l.language, l.footer, nil)
		if err != nil {
			return err
		}
		l.body += "\n\n-- \n" + footer
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(m.from)
	if err := msg.To(l.to); err != nil {
		return &aid.Error{Kind: aid.Invalid, Message: "the address is not one that mail can be sent to", Err: err}
	}
	msg.Subject(l.title)
	msg.SetDateWithValue(l.at)
	if l.id == "" {
		msg.SetMessageID()
	} else {
		msg.SetMessageIDWithValue(l.id + "@" + m.domain)
	}
	msg.SetGenHeader("Content-Language", string(l.language))
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence note is to answer it
	if l.urgent {
		msg.SetImportance(gomail.ImportanceHigh)
	}
	msg.SetBodyString(gomail.TypeTextPlain, l.body+"\n")
	client, err := gomail.NewClient(m.host, m.options...)
	if err != nil {
		return &aid.Error{Kind: aid.Internal, Message: "the mail settings cannot be used", Err: err}
	}
	return refusalOf(client.DialAndSendWithContext(ctx, msg))
}

// refusalOf gives an error of the server its kind: 5xx on the recipient or the
// message is final, all else may pass. The server's words stay behind, since they
// may quote the address.
func refusalOf(err error) error {
	if err == nil {
		return nil
	}
	refused, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return &aid.Error{Kind: aid.Unavailable, Message: "the mail server could not be reached", Err: err}
	}
	kind := aid.Unavailable
	final := refused.Reason == gomail.ErrSMTPRcptTo || refused.Reason == gomail.ErrSMTPDataClose
	if final && !refused.IsTemp() && refused.ErrorCode() >= 500 {
		kind = aid.Invalid
	}
	return &aid.Error{Kind: kind, Message: fmt.Sprintf("the mail server refused the message (%d)", refused.ErrorCode()), Err: err}
}
