package apptest

import (
	"context"
	"slices"

	"github.com/linli/linli/aid"
)

// KeepApart keeps two people apart, in open requests too.
func (w *World) KeepApart(ctx context.Context, d aid.DoNotMatch) (aid.DoNotMatch, error) {
	leave, err := w.enter(ctx, "KeepApart")
	if err != nil {
		return d, err
	}
	defer leave()
	d = d.InOrder()
	d.EnteredAt = w.now
	if slices.ContainsFunc(w.apart, func(o aid.DoNotMatch) bool {
		return o.ID == d.ID || o.LiftedBy == "" && o.Separation() == d.Separation() && o.Beneficiary == d.Beneficiary
	}) {
		return d, taken()
	}
	w.apart = append(w.apart, d)
	for _, r := range w.requests {
		if d.Beneficiary == "" || d.Beneficiary == r.Beneficiary {
			r.KeepApart(d.Separation(), w.now)
			w.note(r)
		}
	}
	return d, nil
}

// DoNotMatch reads a do-not-match.
func (w *World) DoNotMatch(ctx context.Context, id aid.DoNotMatchID) (aid.DoNotMatch, error) {
	leave, err := w.enter(ctx, "DoNotMatch")
	if err != nil {
		return aid.DoNotMatch{}, err
	}
	defer leave()
	if i := w.apartAt(id); i >= 0 {
		return w.apart[i], nil
	}
	return aid.DoNotMatch{}, missing("do-not-match")
}

// DoNotMatches lists who is kept apart, newest first.
func (w *World) DoNotMatches(ctx context.Context, f aid.DoNotMatchFilter, p aid.Page) (aid.PageOf[aid.DoNotMatch], error) {
	leave, err := w.enter(ctx, "DoNotMatches")
	if err != nil {
		return aid.PageOf[aid.DoNotMatch]{}, err
	}
	defer leave()
	var all []aid.DoNotMatch
	for _, d := range slices.Backward(w.apart) {
		if (holds(f.Areas, d.AreaPath) || holds(f.Areas, d.OtherPath)) && (f.Lifted || d.LiftedBy == "") &&
			(f.Volunteer == "" || f.Volunteer == d.Volunteer || f.Volunteer == d.Other) &&
			(f.Beneficiary == "" || f.Beneficiary == d.Beneficiary) {
			all = append(all, d)
		}
	}
	return page(all, p)
}

// LiftDoNotMatch lets two people meet again.
func (w *World) LiftDoNotMatch(ctx context.Context, id aid.DoNotMatchID, by aid.AccountID) error {
	leave, err := w.enter(ctx, "LiftDoNotMatch")
	if err != nil {
		return err
	}
	defer leave()
	if i := w.apartAt(id); i >= 0 && w.apart[i].LiftedBy == "" {
		w.apart[i].LiftedBy, w.apart[i].LiftedAt = by, w.now
	}
	return nil
}

func (w *World) apartAt(id aid.DoNotMatchID) int {
	return slices.IndexFunc(w.apart, func(d aid.DoNotMatch) bool { return d.ID == id })
}
