package apptest

import (
	"context"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/merit"
)

// Code is the code of every visit.
const Code = "246810"

// Change has fn change a request.
func (w *World) Change(ctx context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, now time.Time) error) (*aid.HelpRequest, error) {
	leave, err := w.enter(ctx, "Change")
	if err != nil {
		return nil, err
	}
	defer leave()
	if w.requests[id] == nil {
		return nil, missing("request")
	}
	r := copied(w.requests[id])
	if err := fn(r, w.now); err != nil {
		return nil, err
	}
	w.note(r)
	w.requests[id] = r
	return copied(r), nil
}

// ChangeAndTell is [World.Change]: here the processes need not be told.
func (w *World) ChangeAndTell(ctx context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, now time.Time) error) (*aid.HelpRequest, error) {
	return w.Change(ctx, id, fn)
}

// earn issues the codes of new visits and keeps the service records. The lock
// must be held.
func (w *World) earn(r *aid.HelpRequest) {
	for i := range r.Visits {
		v := &r.Visits[i]
		v.Code = Code
		if !w.records[v.ID].DisputedAt.IsZero() {
			continue
		}
		if record, earned := merit.Earned(*v); earned {
			w.records[v.ID] = record
		} else {
			delete(w.records, v.ID)
		}
	}
}

// Visits lists visits.
func (w *World) Visits(ctx context.Context, f aid.VisitFilter, p aid.Page) (aid.PageOf[aid.Visit], error) {
	leave, err := w.enter(ctx, "Visits")
	if err != nil {
		return aid.PageOf[aid.Visit]{}, err
	}
	defer leave()
	var all []aid.Visit
	for _, r := range w.newest() {
		for _, v := range r.Visits {
			mine := f.Volunteer != "" && v.Volunteer == f.Volunteer || f.Volunteer == "" && holds(f.Areas, r.AreaPath)
			if mine && (f.Request == "" || f.Request == r.ID) && (len(f.Statuses) == 0 || slices.Contains(f.Statuses, v.Status)) &&
				v.Window.EndsAt.After(f.From) && (f.Until.IsZero() || v.Window.StartsAt.Before(f.Until)) {
				all = append(all, v)
			}
		}
	}
	return page(all, p)
}

// RequestOfVisit finds the request of a visit.
func (w *World) RequestOfVisit(ctx context.Context, id aid.VisitID) (aid.RequestID, aid.VolunteerID, error) {
	leave, err := w.enter(ctx, "RequestOfVisit")
	if err != nil {
		return "", "", err
	}
	defer leave()
	for _, r := range w.requests {
		for _, v := range r.Visits {
			if v.ID == id {
				return r.ID, v.Volunteer, nil
			}
		}
	}
	return "", "", missing("visit")
}

// Records lists service records, by their visits.
func (w *World) Records(ctx context.Context, f merit.Filter, p aid.Page) (aid.PageOf[merit.Record], error) {
	leave, err := w.enter(ctx, "Records")
	if err != nil {
		return aid.PageOf[merit.Record]{}, err
	}
	defer leave()
	var all []merit.Record
	for _, r := range w.newest() {
		for _, v := range r.Visits {
			record, earned := w.records[v.ID]
			mine := f.Volunteer != "" && v.Volunteer == f.Volunteer || f.Volunteer == "" && holds(f.Areas, r.AreaPath)
			if earned && mine && (len(f.Standings) == 0 || slices.Contains(f.Standings, record.Standing)) {
				all = append(all, record)
			}
		}
	}
	return page(all, p)
}

// Record reads a service record.
func (w *World) Record(ctx context.Context, visit aid.VisitID) (merit.Record, error) {
	leave, err := w.enter(ctx, "Record")
	if err != nil {
		return merit.Record{}, err
	}
	defer leave()
	if r, ok := w.records[visit]; ok {
		return r, nil
	}
	return merit.Record{}, missing("record")
}

// ChangeRecord has fn judge a service record.
func (w *World) ChangeRecord(ctx context.Context, visit aid.VisitID, fn func(r *merit.Record, now time.Time) error) (merit.Record, error) {
	leave, err := w.enter(ctx, "ChangeRecord")
	if err != nil {
		return merit.Record{}, err
	}
	defer leave()
	r, ok := w.records[visit]
	if !ok {
		return merit.Record{}, missing("record")
	}
	if err := fn(&r, w.now); err != nil {
		return merit.Record{}, err
	}
	for _, e := range r.TakeEvents() {
		w.events = append(w.events, aid.Entry{Seq: int64(len(w.events) + 1), Event: e, AreaPath: w.requests[r.Request].AreaPath})
	}
	w.records[visit] = r
	return r, nil
}
