package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

// QuietHours are hours of every day.
type QuietHours struct {
	From string `json:"from" example:"22:00" doc:"Hours and minutes, 00:00 to 23:59."`
	To   string `json:"to" example:"07:00" doc:"Of the next day where it comes first; the same as from for none."`
}

// Limits are how much a volunteer is asked.
type Limits struct {
	Pending    int        `json:"pending" doc:"Most offers that wait for an answer at one time."`
	Weekly     int        `json:"weekly" doc:"Most offers in any seven days."`
	Quiet      QuietHours `json:"quiet" doc:"No offer is made in these hours."`
	Zone       string     `json:"zone" doc:"In which the quiet hours are: that of the availability." example:"Asia/Shanghai"`
	CoolDown   int        `json:"cool_down_minutes" doc:"No offer is made so long after one was declined."`
	Own        []string   `json:"own" doc:"Which of these the volunteer chose; the others follow the settings." enum:"pending,weekly,quiet,cool_down"`
	Waiting    int        `json:"waiting" doc:"Offers that wait for an answer now."`
	ThisWeek   int        `json:"this_week" doc:"Offers made in the last seven days."`
	RestsUntil *time.Time `json:"rests_until,omitempty" doc:"Before which no offer is made, quiet hours aside. Left out when one may be made, and while as many wait as the volunteer takes."`
}

// LimitsPatch holds what is to change; what is left out or null stays.
type LimitsPatch struct {
	Pending  *int        `json:"pending,omitempty" maximum:"1000000" doc:"1 to 20."`
	Weekly   *int        `json:"weekly,omitempty" maximum:"1000000" doc:"1 to 100."`
	Quiet    *QuietHours `json:"quiet,omitempty"`
	CoolDown *int        `json:"cool_down_minutes,omitempty" minimum:"0" maximum:"43200"`
	Defaults []string    `json:"defaults,omitempty" maxItems:"4" enum:"pending,weekly,quiet,cool_down" doc:"These go back to the settings."`
}

func (p LimitsPatch) domain() (app.LimitsChange, error) {
	var c aid.Check
	ch := app.LimitsChange{
		OwnLimits: aid.OwnLimits{Pending: p.Pending, Weekly: p.Weekly},
		Defaults:  mapped(p.Defaults, func(s string) app.LimitName { return app.LimitName(s) }),
	}
	if p.Quiet != nil {
		ch.Quiet = &aid.QuietHours{From: clock(&c, "quiet.from", p.Quiet.From), To: clock(&c, "quiet.to", p.Quiet.To)}
	}
	if p.CoolDown != nil {
		d := time.Duration(*p.CoolDown) * time.Minute
		ch.CoolDown = &d
	}
	for name, given := range map[app.LimitName]bool{
		app.LimitPending: p.Pending != nil, app.LimitWeekly: p.Weekly != nil, app.LimitQuiet: p.Quiet != nil, app.LimitCoolDown: p.CoolDown != nil,
	} {
		c.That(!given || !slices.Contains(ch.Defaults, name), "defaults", "names %s, for which a value is given too", name)
	}
	return ch, c.Err("limits")
}

// clock reads a time of day, in minutes from midnight, and notes a malformed one.
func clock(c *aid.Check, field, s string) int {
	t, err := time.Parse("15:04", s)
	c.That(err == nil, field, "%q is not a time of day; write it as 22:00", s)
	return t.Hour()*60 + t.Minute()
}

func clockOf(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

func limitsOf(c app.LimitsCard) Limits {
	out := Limits{
		Pending: c.Pending, Weekly: c.Weekly, Quiet: QuietHours{clockOf(c.Quiet.From), clockOf(c.Quiet.To)},
		Zone: cmp.Or(c.Zone, aid.DefaultZone), CoolDown: int(c.CoolDown / time.Minute), Own: []string{}, Waiting: c.Waiting, ThisWeek: c.ThisWeek,
	}
	for _, l := range []struct {
		name app.LimitName
		own  bool
	}{
		{app.LimitPending, c.Own.Pending != nil},
		{app.LimitWeekly, c.Own.Weekly != nil},
		{app.LimitQuiet, c.Own.Quiet != nil},
		{app.LimitCoolDown, c.Own.CoolDown != nil},
	} {
		if l.own {
			out.Own = append(out.Own, string(l.name))
		}
	}
	if !c.RestsUntil.Equal(aid.Indefinitely) {
		out.RestsUntil = moment(c.RestsUntil)
	}
	return out
}

func (a *API) serveLimits() {
	const (
		one = "/v1/volunteers/{id}/limits"
		tag = "volunteers"
	)
	u := a.UseCases.Limits
	type answer struct{ Body Limits }

	handle(a, http.MethodGet, one, policy.ReadLimits, describe{"Read how much a volunteer is asked", 0, tag},
		func(ctx context.Context, by app.Caller, in *Item) (*answer, error) {
			card, err := u.Get(ctx, by, aid.VolunteerID(in.ID))
			if err != nil {
				return nil, err
			}
			return &answer{limitsOf(card)}, nil
		})

	handle(a, http.MethodPatch, one, policy.UpdateLimits, describe{"Change how much a volunteer is asked", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body LimitsPatch
		},
		) (*answer, error) {
			change, err := in.Body.domain()
			if err != nil {
				return nil, err
			}
			card, err := u.Change(ctx, by, aid.VolunteerID(in.ID), change)
			if err != nil {
				return nil, err
			}
			return &answer{limitsOf(card)}, nil
		})
}
