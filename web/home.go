package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/words"
)

// What the start page shows: visits from a day back, since they can be reported
// that late, for a volunteer as far ahead as visits exist, for others of the day.
const (
	lookBack     = aid.ReportWithin
	lookAhead    = aid.Horizon
	lookAheadAll = 24 * time.Hour
	lookedFor    = 30 * 24 * time.Hour // of what is over
	atMost       = 100
	atMostOver   = 10
)

// homeData is the start page of whoever is signed in.
type homeData struct {
	Offers []offerItem
	Visits []visitItem // the next first
	More   bool        // there are more than are shown
	Over   []visitItem // of a volunteer, the latest first
	Done   string      // what was just done, as the id of a text
	Fault  string      // what went wrong
}

type offerItem struct {
	app.OfferCard
	Area   string
	Skills []string // by their names
}

type visitItem struct {
	app.VisitCard
	Area string
}

// done are the ids of texts that may stand at the top of a page.
var done = []string{"accepted", "filled", "declined", "checked_in", "checked_out", "confirmed", "withdrawn", "disputed", "saved", "enrolled", "waiting", "given_up", "attended", "noted"}

func doneIn(r *http.Request) string {
	if at := slices.Index(done, r.URL.Query().Get("done")); at >= 0 {
		return "done." + done[at]
	}
	return ""
}

// home is where somebody begins: who teaches, with their cohorts.
func (p *Pages) home(w http.ResponseWriter, r *http.Request) {
	if callerOf(r).Role == aid.RoleTrainer {
		http.Redirect(w, r, "/training", http.StatusSeeOther)
		return
	}
	p.showHome(w, r, nil)
}

// showHome shows the start page, with what went wrong if anything did.
func (p *Pages) showHome(w http.ResponseWriter, r *http.Request, fault error) {
	v, by := p.viewOf(r), callerOf(r)
	data, err := p.homeOf(r.Context(), v, by)
	if err != nil {
		p.refused(w, r, err)
		return
	}
	status := http.StatusOK
	data.Done = doneIn(r)
	if fault != nil {
		p.note(r, fault)
		data.Fault, status = v.fault(fault), statusOf(fault)
	}
	p.show(w, r, status, v, homePage(v, data))
}

func (p *Pages) homeOf(ctx context.Context, v *view, by app.Caller) (homeData, error) {
	var data homeData
	if by.Role == aid.RoleTrainer {
		return data, nil // nothing here is theirs
	}
	names := p.namesFor(ctx, v, by)
	ahead := lookAheadAll
	if by.Role == aid.RoleVolunteer {
		ahead = lookAhead
		offers, err := p.UseCases.Offers.List(ctx, by, app.OfferQuery{Statuses: []aid.OfferStatus{aid.OfferPending}}, aid.Page{Limit: atMost})
		if err != nil {
			return data, err
		}
		skills, err := p.UseCases.Territory.Skills(ctx, by)
		if err != nil {
			return data, err
		}
		for _, o := range offers.Items {
			data.Offers = append(data.Offers, offerItem{o, names(o.Area), named(v, skills, o.Role.Skills)})
		}
		over := app.VisitQuery{Statuses: []aid.VisitStatus{aid.VisitDone}, From: v.Now.Add(-lookedFor)}
		if data.Over, _, err = p.visits(ctx, by, names, over, atMostOver); err != nil {
			return data, err
		}
	}
	coming := app.VisitQuery{
		Statuses: []aid.VisitStatus{aid.VisitPlanned, aid.VisitBegun, aid.VisitMissed, aid.VisitHandedOver},
		From:     v.Now.Add(-lookBack), Until: v.Now.Add(ahead),
	}
	var err error
	data.Visits, data.More, err = p.visits(ctx, by, names, coming, atMost)
	slices.Reverse(data.Visits)
	slices.SortStableFunc(data.Visits, func(a, b visitItem) int { return int(b.Alarm - a.Alarm) }) // alarms before all
	return data, err
}

// named are the names of skills or courses; one that has none goes by its id.
func named[T ~string](v *view, all []aid.Named, wanted []T) []string {
	var out []string
	for _, id := range wanted {
		name := string(id)
		if i := slices.IndexFunc(all, func(n aid.Named) bool { return n.ID == string(id) }); i >= 0 {
			name = words.Name(all[i].NameZh, all[i].NameEn, v.Language)
		}
		out = append(out, name)
	}
	return out
}

func (p *Pages) visits(ctx context.Context, by app.Caller, names func(aid.AreaID) string, q app.VisitQuery, limit int) ([]visitItem, bool, error) {
	page, err := p.UseCases.Visits.List(ctx, by, q, aid.Page{Limit: limit})
	if err != nil {
		return nil, false, err
	}
	var out []visitItem
	for _, c := range page.Items {
		out = append(out, visitItem{c, names(c.Area)})
	}
	return out, page.Next != "", nil
}

// namesFor names areas with the one above them, each read once. One that cannot be
// read goes by its id: it is not worth the page.
func (p *Pages) namesFor(ctx context.Context, v *view, by app.Caller) func(aid.AreaID) string {
	known := map[aid.AreaID]string{}
	name := func(id aid.AreaID) (string, aid.AreaID) {
		a, err := p.UseCases.Territory.Area(ctx, by, id)
		if err != nil {
			return string(id), ""
		}
		return words.Name(a.NameZh, a.NameEn, v.Language), a.Parent
	}
	return func(id aid.AreaID) string {
		if _, ok := known[id]; !ok {
			text, above := name(id)
			if above != "" {
				over, _ := name(above)
				text = over + " · " + text
			}
			known[id] = text
		}
		return known[id]
	}
}
