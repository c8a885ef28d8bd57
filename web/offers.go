package web

import (
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/linli/linli/aid"
)

func (p *Pages) accept(w http.ResponseWriter, r *http.Request) {
	card, err := p.UseCases.Offers.Accept(r.Context(), onceBy(r), aid.OfferID(chi.URLParam(r, "id")))
	switch {
	case err != nil:
		p.showHome(w, r, err)
	case card.Filled():
		http.Redirect(w, r, "/?done=filled", http.StatusSeeOther)
	default:
		http.Redirect(w, r, "/?done=accepted", http.StatusSeeOther)
	}
}

func (p *Pages) decline(w http.ResponseWriter, r *http.Request) {
	refusal, err := refusalOf(r)
	if err != nil {
		p.showHome(w, r, err)
		return
	}
	if _, err := p.UseCases.Offers.Decline(r.Context(), onceBy(r), aid.OfferID(chi.URLParam(r, "id")), refusal); err != nil {
		p.showHome(w, r, err)
		return
	}
	http.Redirect(w, r, "/?done=declined", http.StatusSeeOther)
}

// refusalOf reads why somebody declines. The day that they may give counts with the
// words that a day goes with.
func refusalOf(r *http.Request) (aid.Refusal, error) {
	refusal := aid.Refusal{Reason: r.PostFormValue("reason")}
	until := r.PostFormValue("until")
	if until == "" || !slices.Contains(lasting, refusal.Reason) {
		return refusal, nil
	}
	var c aid.Check
	at, err := time.ParseInLocation(time.DateOnly, until, clock(aid.DefaultZone))
	c.That(err == nil, "until", "must be a day such as 2026-11-30")
	refusal.Until = at
	return refusal, c.Err("form")
}

// lasting are the words that last for a while.
var lasting = []string{string(aid.ParkBusy), string(aid.ParkUnwell), string(aid.ParkAskLater)}
