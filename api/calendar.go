package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

// CalendarOrder says what is to become of one's calendar.
type CalendarOrder struct {
	Revoke bool `json:"revoke,omitempty" doc:"Let nobody read it any more; otherwise a new address is made and the one before is void."`
}

// CalendarAddress is where a calendar program reads.
type CalendarAddress struct {
	URL string `json:"url,omitempty" doc:"Whoever has it can read the calendar. It is shown this once."`
}

// reached is where the caller found this system.
type reached struct{ base string }

// Resolve looks at the request.
func (r *reached) Resolve(c huma.Context) []error {
	request, _ := humachi.Unwrap(c)
	r.base = baseOf(request)
	return nil
}

const calendarPath = "/calendar/"

func (a *API) serveCalendarOrders() {
	type addressAnswer struct{ Body CalendarAddress }
	u := a.UseCases.Calendars
	d := describe{"Have one's engagements at a secret address for calendar programs, or no more", 0, "notices"}
	handle(a, http.MethodPost, "/v1/contact/calendar", policy.OpenCalendar, d,
		func(ctx context.Context, by app.Caller, in *struct {
			reached
			Body *CalendarOrder
		},
		) (*addressAnswer, error) {
			aboutOf(ctx).unkept = true
			if in.Body != nil && in.Body.Revoke {
				return &addressAnswer{}, u.Close(ctx, by)
			}
			secret, err := u.Open(ctx, by)
			return &addressAnswer{CalendarAddress{in.base + calendarPath + secret + ".ics"}}, err
		})
}

// calendar serves an iCalendar stream to whoever has its secret.
func (a *API) calendar(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), a.Timeout)
	defer cancel()
	text, err := a.UseCases.Calendars.Read(ctx, chi.URLParam(r, "secret"))
	if err != nil {
		a.problemOf(r.Context(), err, "").write(w)
		return
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	_, _ = w.Write(text) //nolint:gosec // a calendar, which nosniff keeps from being taken for a page; whoever hung up does not read it
}
