package app

import (
	"context"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/merit"
)

// RecordStore keeps service records, by their visit. Record and ChangeRecord are
// [aid.NotFound] for a visit without one. ChangeRecord has fn judge a record under
// its lock, as [VisitStore] has it.
type RecordStore interface {
	RequestReader
	Records(ctx context.Context, f merit.Filter, p aid.Page) (aid.PageOf[merit.Record], error)
	Record(ctx context.Context, visit aid.VisitID) (merit.Record, error)
	ChangeRecord(ctx context.Context, visit aid.VisitID, fn func(r *merit.Record, now time.Time) error) (merit.Record, error)
}

// Records are the use cases of service records.
type Records struct {
	Store RecordStore
}

// List lists a volunteer's own service records, or those of the caller's areas,
// the latest first.
func (u *Records) List(ctx context.Context, by Caller, standings []merit.Standing, p aid.Page) (aid.PageOf[merit.Record], error) {
	if err := policy.Allow(by.Account, policy.ListServiceRecords, policy.Resource{}); err != nil {
		return aid.PageOf[merit.Record]{}, err
	}
	f := merit.Filter{Standings: standings}
	if by.Role == aid.RoleVolunteer {
		f.Volunteer = by.Volunteer
	} else {
		f.Areas = by.Areas
	}
	return u.Store.Records(ctx, f, p)
}

// Read gives the service record of one visit: the caller's own, or of their areas.
func (u *Records) Read(ctx context.Context, by Caller, visit aid.VisitID) (merit.Record, error) {
	return u.allowed(ctx, by, policy.ReadServiceRecord, visit)
}

// Dispute contests the caller's own record, with one of [merit.DisputeReasons].
// It counts for nothing until it is settled.
func (u *Records) Dispute(ctx context.Context, by Caller, visit aid.VisitID, reason string) (merit.Record, error) {
	return u.judge(ctx, by, policy.DisputeServiceRecord, visit, func(r *merit.Record, now time.Time) error {
		return r.Dispute(reason, by.ID, now)
	})
}

// Settle decides a dispute with one of [merit.Outcomes].
func (u *Records) Settle(ctx context.Context, by Caller, visit aid.VisitID, as merit.Standing) (merit.Record, error) {
	return u.judge(ctx, by, policy.SettleServiceRecord, visit, func(r *merit.Record, now time.Time) error {
		return r.Settle(as, by.ID, now)
	})
}

func (u *Records) judge(ctx context.Context, by Caller, action policy.Action, visit aid.VisitID, fn func(*merit.Record, time.Time) error) (merit.Record, error) {
	if _, err := u.allowed(ctx, by, action, visit); err != nil {
		return merit.Record{}, err
	}
	return u.Store.ChangeRecord(ctx, visit, fn)
}

// allowed reads a record on which the caller may take an action.
func (u *Records) allowed(ctx context.Context, by Caller, action policy.Action, visit aid.VisitID) (merit.Record, error) {
	if err := policy.Role(by.Role, action); err != nil {
		return merit.Record{}, err
	}
	record, err := u.Store.Record(ctx, visit)
	if err != nil {
		return merit.Record{}, hidden(err, "service record")
	}
	r, err := u.Store.Request(ctx, record.Request)
	if err != nil {
		return merit.Record{}, err
	}
	if err := policy.Allow(by.Account, action, policy.Resource{Area: r.AreaPath, Volunteer: record.Volunteer}); err != nil {
		return merit.Record{}, hidden(err, "service record")
	}
	return record, nil
}
