package apptest

import (
	"context"

	"github.com/linli/linli/aid"
)

// AskAlong asks one volunteer along to a visit.
func (w *World) AskAlong(ctx context.Context, pairing aid.RequestID, overlap *aid.HelpRequest, _ aid.Cell, k aid.Pick, by aid.AccountID, p aid.SearchPolicy) error {
	leave, err := w.enter(ctx, "AskAlong")
	if err != nil {
		return err
	}
	defer leave()
	r, o := copied(w.requests[pairing]), w.requests[overlap.ID]
	known := o != nil
	if !known {
		o = overlap
	}
	o = copied(o)
	if err := r.MadeTogether(o, w.now); err != nil {
		return err
	}
	if _, err := o.AskAlong(k, p, by, w.now); err != nil {
		return err
	}
	w.note(r)
	w.note(o)
	w.requests[r.ID], w.requests[o.ID] = r, o
	if !known {
		w.opened = append(w.opened, o.ID)
	}
	return nil
}
