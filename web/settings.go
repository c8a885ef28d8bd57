package web

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/linli/linli/aid"
)

// settingsData is how somebody wants to be told.
type settingsData struct {
	aid.Contact
	SetUp    []aid.Channel // that this system can send by and a person can choose here
	PushKey  string        // empty: nothing can be pushed
	Calendar string        // an address that was just made
	Done     string
	Fault    string
}

func (d settingsData) has(c aid.Channel) bool { return slices.Contains(d.SetUp, c) }

// clockTime is a minute of the day as a browser writes it.
func clockTime(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

func (p *Pages) settings(w http.ResponseWriter, r *http.Request) { p.showSettings(w, r, "", nil) }

// showSettings shows the settings, with a calendar's address that was just made or
// what went wrong, if any.
func (p *Pages) showSettings(w http.ResponseWriter, r *http.Request, calendar string, fault error) {
	v := p.viewOf(r)
	contact, err := p.UseCases.Contacts.Get(r.Context(), callerOf(r))
	if err != nil {
		p.refused(w, r, err)
		return
	}
	data := settingsData{Contact: contact, PushKey: p.UseCases.Contacts.PushKey(), Calendar: calendar, Done: doneIn(r)}
	for _, c := range p.UseCases.Contacts.SetUp {
		if c != aid.ChannelWebhook { // for programs, which use the API
			data.SetUp = append(data.SetUp, c)
		}
	}
	status := http.StatusOK
	if fault != nil {
		p.note(r, fault)
		data.Fault, status = v.fault(fault), statusOf(fault)
	}
	p.show(w, r, status, v, settingsPage(v, data))
}

// settled comes back to the settings after a change, or says what went wrong.
func (p *Pages) settled(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		p.showSettings(w, r, "", err)
		return
	}
	http.Redirect(w, r, "/settings?done=saved", http.StatusSeeOther)
}

func (p *Pages) saveSettings(w http.ResponseWriter, r *http.Request) {
	contact, err := p.UseCases.Contacts.Get(r.Context(), callerOf(r))
	if err == nil {
		contact, err = chosen(r, contact)
	}
	if err == nil {
		_, err = p.UseCases.Contacts.Put(r.Context(), callerOf(r), contact)
	}
	if err == nil {
		setCookie(w, r, languageCookie, string(contact.Language), languageLife)
	}
	p.settled(w, r, err)
}

// chosen is a contact with what the form says of it. A webhook that was chosen
// elsewhere stays.
func chosen(r *http.Request, contact aid.Contact) (aid.Contact, error) {
	var c aid.Check
	minutes := func(field string) int {
		at, err := time.Parse("15:04", r.PostFormValue(field))
		c.That(err == nil, field, "must be a time such as 22:00")
		return at.Hour()*60 + at.Minute()
	}
	contact.Quiet = aid.DailyHours{From: minutes("quiet_from"), To: minutes("quiet_to")}
	contact.Language = aid.Language(r.PostFormValue("language"))
	contact.Channels = slices.DeleteFunc(slices.Clone(contact.Channels), func(c aid.Channel) bool { return c != aid.ChannelWebhook })
	for _, channel := range r.PostForm["channel"] {
		contact.Channels = append(contact.Channels, aid.Channel(channel))
	}
	return contact, c.Err("form")
}

func (p *Pages) addPush(w http.ResponseWriter, r *http.Request) {
	contact, err := p.UseCases.Contacts.AddPush(r.Context(), callerOf(r), aid.PushSubscription{
		Endpoint: r.PostFormValue("endpoint"), P256dh: r.PostFormValue("p256dh"), Auth: r.PostFormValue("auth"),
	})
	p.settled(w, r, p.alsoBy(r, contact, aid.ChannelPush, err))
}

func (p *Pages) setEmail(w http.ResponseWriter, r *http.Request) {
	_, err := p.UseCases.Contacts.SetEmail(r.Context(), callerOf(r), r.PostFormValue("address"))
	p.settled(w, r, err)
}

func (p *Pages) verifyEmail(w http.ResponseWriter, r *http.Request) {
	contact, err := p.UseCases.Contacts.VerifyEmail(r.Context(), callerOf(r), digits(r.PostFormValue("code")))
	p.settled(w, r, p.alsoBy(r, contact, aid.ChannelEmail, err))
}

// alsoBy chooses a channel that was just set up: why else would somebody have.
func (p *Pages) alsoBy(r *http.Request, contact aid.Contact, channel aid.Channel, err error) error {
	if err != nil || slices.Contains(contact.Channels, channel) {
		return err
	}
	contact.Channels = append(contact.Channels, channel)
	_, err = p.UseCases.Contacts.Put(r.Context(), callerOf(r), contact)
	return err
}

func (p *Pages) openCalendar(w http.ResponseWriter, r *http.Request) {
	secret, err := p.UseCases.Calendars.Open(r.Context(), callerOf(r))
	if err != nil {
		p.showSettings(w, r, "", err)
		return
	}
	p.showSettings(w, r, siteOf(r)+"/calendar/"+secret+".ics", nil)
}

func (p *Pages) closeCalendar(w http.ResponseWriter, r *http.Request) {
	p.settled(w, r, p.UseCases.Calendars.Close(r.Context(), callerOf(r)))
}
