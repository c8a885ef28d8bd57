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

	VAPIDPublicKey  string `name:"vapid-public-key" env:"LINLI_VAPID_PUBLIC_KEY" placeholder:"KEY" help:"Public key by which push services know this system, base64url; without it nothing is pushed to browsers."`
	VAPIDPrivateKey string `name:"vapid-private-key" env:"LINLI_VAPID_PRIVATE_KEY" placeholder:"KEY" help:"The private key to it; better given by the variable, since flags can be seen."`
	VAPIDSubject    string `name:"vapid-subject" env:"LINLI_VAPID_SUBJECT" placeholder:"ADDRESS" help:"Whom push services can ask about this system: mailto: or https: address."`

	OutwardPrivate bool `name:"outward-private" env:"LINLI_OUTWARD_PRIVATE" help:"Let webhooks lead to private addresses too, and by plain http; for tests, and for receivers on one's own network."`
}

// channels are the ways by which notices are sent, as far as they are set up.
type channels struct {
	texts  *notify.Catalogue
	mailer *notify.Mailer // nil when no mail is sent
	hooks  *notify.Webhooks
	push   *notify.Push // nil when nothing is pushed
}

func (f NoticeFlags) channels() (channels, error) {
	var c channels
	var err error
	if c.texts, err = notify.NewCatalogue(); err != nil {
		return c, err
	}
	outward := notify.NewOutward(f.OutwardPrivate)
	c.hooks = &notify.Webhooks{Outward: outward, Now: time.Now}
	if f.VAPIDPublicKey != "" {
		c.push = &notify.Push{Outward: outward, Now: time.Now, PushSettings: notify.PushSettings{
			PublicKey: f.VAPIDPublicKey, PrivateKey: f.VAPIDPrivateKey, Subject: f.VAPIDSubject,
		}}
		if err := c.push.Validate(); err != nil {
			return c, err
		}
	}
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
	if c.push != nil {
		out[aid.ChannelPush] = c.push
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
	if c.push != nil {
		u.Push = c.push
	}
	return u
}
