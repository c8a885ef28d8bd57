package main

import (
	"time"

	"github.com/linli/linli/activities"
	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/notify"
)

// NoticeFlags say by which channels notices are sent.
type NoticeFlags struct {
	SMTPAddress  string         `name:"smtp-address" env:"LINLI_SMTP_ADDRESS" placeholder:"HOST:PORT" help:"Mail server; without it no e-mail is sent, and nobody can choose it."`
	SMTPUsername string         `name:"smtp-username" env:"LINLI_SMTP_USERNAME" placeholder:"NAME" help:"Account at the mail server, if it asks for one."`
	SMTPPassword string         `name:"smtp-password" env:"LINLI_SMTP_PASSWORD" placeholder:"SECRET" help:"Its password; better given by the variable, since flags can be seen."`
	SMTPFrom     string         `name:"smtp-from" env:"LINLI_SMTP_FROM" placeholder:"ADDRESS" help:"Address that mail comes from."`
	SMTPTLS      notify.MailTLS `name:"smtp-tls" env:"LINLI_SMTP_TLS" enum:"starttls,tls,none" default:"starttls" help:"How the connection to the mail server is kept private: starttls, tls, or none for one on this machine."`

	OutwardPrivate bool `name:"outward-private" env:"LINLI_OUTWARD_PRIVATE" help:"Let webhooks lead to private addresses too, and by plain http; for tests, and for receivers on one's own network."`
}

// channels are the ways by which notices are sent, as far as they are set up.
type channels struct {
	texts  *notify.Catalogue
	mailer *notify.Mailer // nil when no mail is sent
	hooks  *notify.Webhooks
}

func (f NoticeFlags) channels() (channels, error) {
	var c channels
	var err error
	if c.texts, err = notify.NewCatalogue(); err != nil {
		return c, err
	}
	c.hooks = &notify.Webhooks{Outward: notify.NewOutward(f.OutwardPrivate), Now: time.Now}
	if f.SMTPAddress != "" {
		c.mailer, err = notify.NewMailer(notify.MailSettings{
			Address: f.SMTPAddress, Username: f.SMTPUsername, Password: f.SMTPPassword, From: f.SMTPFrom, TLS: f.SMTPTLS,
		}, c.texts)
	}
	return c, err
}

func (c channels) senders() map[aid.Channel]activities.NoticeSender {
	out := map[aid.Channel]activities.NoticeSender{aid.ChannelWebhook: c.hooks}
	if c.mailer != nil {
		out[aid.ChannelEmail] = c.mailer
	}
	return out
}

// contacts are the use cases of choosing among the channels.
func (c channels) contacts(store app.ContactStore) *app.Contacts {
	u := &app.Contacts{Store: store, Hooks: c.hooks}
	for _, channel := range aid.Channels {
		if _, ok := c.senders()[channel]; ok {
			u.SetUp = append(u.SetUp, channel)
		}
	}
	if c.mailer != nil {
		u.Codes = c.mailer
	}
	return u
}
