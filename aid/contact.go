package aid

import (
	"fmt"
	"slices"
	"time"
)

// Language is a language that people read notices in, by its BCP 47 tag.
type Language string

// The languages.
const (
	Chinese Language = "zh-CN"
	English Language = "en"
)

// Languages lists every language; the first is that of who has chosen none.
var Languages = []Language{Chinese, English}

// Channel is a way by which notices are sent, beside the list that everybody
// can read.
type Channel string

// The channels.
const (
	ChannelEmail   Channel = "email"
	ChannelWebhook Channel = "webhook" // to a program
	ChannelPush    Channel = "push"    // to browsers
)

// Channels lists every channel.
var Channels = []Channel{ChannelEmail, ChannelWebhook, ChannelPush}

// DefaultZone is where the clock of people hangs who have told none, and by which
// help for one window has its civil day.
const DefaultZone = "Asia/Shanghai"

// Contact is how an account wants to be told.
type Contact struct {
	Account  AccountID
	Language Language
	Zone     string     // IANA name: the volunteer's own, else [DefaultZone]
	Channels []Channel  // those chosen, each once
	Quiet    DailyHours // by the contact's clock; what is not urgent waits for their end

	Email           string // personal; empty until an address was verified
	EmailUnverified string // personal; an address whose code has not come back
	Webhook         Webhook
	Push            []PushSubscription // newest first, at most [MaxPush]
}

// MaxPush is how many browsers an account can have notices pushed to.
const MaxPush = 10

// PushSubscription is a browser in which notices are shown, as the Push API of
// the web names it. Its parts are secret.
type PushSubscription struct {
	Endpoint string // URL at the browser's push service
	P256dh   string // base64url: the browser's public key
	Auth     string // base64url
}

// String hides all of it.
func (PushSubscription) String() string { return "a browser" }

// GoString hides all of it from %#v too.
func (PushSubscription) GoString() string { return "a browser" }

// Webhook is where a program is told of an account's notices. The zero value is
// none. It formats without the secrets.
type Webhook struct {
	URL       string
	Secret    string // of the Standard Webhooks form, whsec_…
	OldSecret string // counts for a while after a new one was made; empty otherwise
}

// String hides the secrets.
func (w Webhook) String() string { return w.URL }

// GoString hides them from %#v too.
func (w Webhook) GoString() string { return w.URL }

// Validate refuses a choice that nobody could be reached by.
func (k Contact) Validate() error {
	var c Check
	c.That(slices.Contains(Languages, k.Language), "language", "must be one of zh-CN, en")
	for i, channel := range k.Channels {
		at := fmt.Sprintf("channels[%d]", i)
		c.That(slices.Contains(Channels, channel), at, "must be one of %v", Channels)
		c.That(!slices.Contains(k.Channels[:i], channel), at, "is given twice")
	}
	c.Within("quiet", k.Quiet.Validate())
	return c.Err("contact")
}

// Reached tells whether a channel is chosen and leads somewhere.
func (k Contact) Reached(by Channel) bool { return slices.Contains(k.Channels, by) && k.Leads(by) }

// Leads tells whether there is an address behind a channel, chosen or not.
func (k Contact) Leads(by Channel) bool {
	switch by {
	case ChannelEmail:
		return k.Email != ""
	case ChannelWebhook:
		return k.Webhook.URL != ""
	case ChannelPush:
		return len(k.Push) > 0
	}
	return false
}

// Clock is where the contact's clock hangs; [DefaultZone] if their own zone
// cannot be loaded.
func (k Contact) Clock() *time.Location {
	for _, zone := range []string{k.Zone, DefaultZone} {
		if loc, err := location(zone); err == nil && zone != "" {
			return loc
		}
	}
	return time.UTC
}

// DailyHours is a stretch of every day, in minutes of wall-clock time from
// midnight, half-open: {1320, 420} is 22:00 to 07:00, across midnight. Equal
// ends are no hours.
type DailyHours struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Validate refuses minutes that no day has.
func (h DailyHours) Validate() error {
	var c Check
	c.That(h.From >= 0 && h.From < minutesADay, "from", "is %d, must lie in 0 to %d minutes", h.From, minutesADay-1)
	c.That(h.To >= 0 && h.To < minutesADay, "to", "is %d, must lie in 0 to %d minutes", h.To, minutesADay-1)
	return c.Err("hours")
}

// Until is when the hours end that hold at an instant, by the clock that it
// carries; false if none do. An end that the clocks skip comes as much later as
// they skip.
func (h DailyHours) Until(at time.Time) (time.Time, bool) {
	minute := at.Hour()*60 + at.Minute()
	within := h.From <= minute && minute < h.To
	if h.From > h.To {
		within = h.From <= minute || minute < h.To
	}
	if !within {
		return time.Time{}, false
	}
	year, month, day := at.Date()
	end := time.Date(year, month, day, 0, h.To, 0, 0, at.Location())
	if !end.After(at) {
		end = time.Date(year, month, day+1, 0, h.To, 0, 0, at.Location())
	}
	return end, true
}
