package postgres

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/workflows/contract"
)

// snapshot is what a request was when it was loaded, to write only the difference.
type snapshot struct {
	status     aid.RequestStatus
	searchOver bool
	unmet      aid.ReasonCounts
	reach      aid.Reach
	reachedAt  time.Time
	endedAt    time.Time
	offers     map[aid.OfferID]aid.Offer
	pairings   map[aid.PairingID]aid.Pairing
	visits     map[aid.VisitID]aid.Visit
	bookings   []aid.Booking
	excluded   []aid.VolunteerID
	cadence    *aid.Cadence
	review     aid.Review
	ahead      int // how many visits existed ahead, and when the first and the last begin
	edges      [2]time.Time
}

func snapshotOf(r *aid.HelpRequest) snapshot {
	s := snapshot{
		status: r.Status, searchOver: r.SearchOver, unmet: r.Unmet, reach: r.Reach, reachedAt: r.ReachedAt, endedAt: r.EndedAt, bookings: r.Bookings(), excluded: r.Excluded,
		cadence: r.Cadence, review: r.Review, ahead: len(r.Ahead), edges: edges(r.Ahead),
		offers: make(map[aid.OfferID]aid.Offer, len(r.Offers)), pairings: make(map[aid.PairingID]aid.Pairing, len(r.Pairings)),
		visits: make(map[aid.VisitID]aid.Visit, len(r.Visits)),
	}
	for _, o := range r.Offers {
		s.offers[o.ID] = o
	}
	for _, p := range r.Pairings {
		s.pairings[p.ID] = p
	}
	for _, v := range r.Visits {
		s.visits[v.ID] = v
	}
	return s
}

// queueDifference adds the statements that bring the rows of r from the snapshot
// to what it is now, and tells whether there are any.
func (s snapshot) queueDifference(ctx context.Context, b *batch, r *aid.HelpRequest) (changed bool, err error) {
	if err := r.Check(); err != nil {
		return false, caused(aid.Internal, "", err, "a change would leave the help request unsound; nothing was written")
	}
	released, reserved := without(s.bookings, r.Bookings(), aid.Booking.Same), without(r.Bookings(), s.bookings, aid.Booking.Same)
	w := writing{b.queries(), ctx}
	if concerned := append(volunteersOf(slices.Concat(released, reserved)), s.accepted(r)...); len(concerned) > 0 {
		b.statements.Queue(db.LockVolunteers, texts(concerned))
	}
	if s.status != r.Status || s.searchOver != r.SearchOver || s.unmet != r.Unmet || !s.endedAt.Equal(r.EndedAt) ||
		s.reach != r.Reach || !s.reachedAt.Equal(r.ReachedAt) || s.cadence != r.Cadence || s.review != r.Review || s.ahead != len(r.Ahead) || s.edges != edges(r.Ahead) {
		w.updateRequest(r)
	}
	for _, o := range r.Offers {
		if before, ok := s.offers[o.ID]; !ok {
			w.insertOffer(o)
		} else if before != o {
			w.updateOffer(o)
		}
	}
	for _, p := range r.Pairings {
		if before, ok := s.pairings[p.ID]; ok && before != p {
			w.updatePairing(p)
		}
	}
	// New pairings come last: a seat that this change frees can be taken in it.
	for _, p := range r.Pairings {
		if _, ok := s.pairings[p.ID]; !ok {
			w.insertPairing(p)
		}
	}
	same := func(x, y aid.VolunteerID) bool { return x == y }
	if out, back := without(r.Excluded, s.excluded, same), without(s.excluded, r.Excluded, same); len(out)+len(back) > 0 {
		_ = w.rows.Exclude(ctx, db.ExcludeParams{Request: r.ID, Volunteers: texts(out)})
		_ = w.rows.Readmit(ctx, db.ReadmitParams{Request: r.ID, Volunteers: texts(back)})
	}
	w.visits(s.visits, r)
	w.reserve(r.ID, released, reserved)
	w.insertEvents(r, r.TakeEvents())
	for _, p := range r.TakeParks() {
		w.keepPark(p)
	}
	return b.statements.Len() > 0, nil
}

// edges are when the first and the last of some windows begin. The windows ahead
// are cut off in front and added to behind, so that these and their number tell
// whether they changed.
func edges(ahead []aid.Window) [2]time.Time {
	if len(ahead) == 0 {
		return [2]time.Time{}
	}
	return [2]time.Time{ahead[0].StartsAt.UTC(), ahead[len(ahead)-1].StartsAt.UTC()}
}

// without gives what of a is not in b.
func without[T any](a, b []T, same func(x, y T) bool) []T {
	return slices.DeleteFunc(slices.Clone(a), func(x T) bool {
		return slices.ContainsFunc(b, func(y T) bool { return same(x, y) })
	})
}

// volunteersOf gives whose the bookings are, each once.
func volunteersOf(bookings []aid.Booking) []aid.VolunteerID {
	var out []aid.VolunteerID
	for _, k := range bookings {
		if !slices.Contains(out, k.Volunteer) {
			out = append(out, k.Volunteer)
		}
	}
	return out
}

// accepted are the volunteers who have accepted an offer since the snapshot: what
// waits for their answer is one less.
func (s snapshot) accepted(r *aid.HelpRequest) []aid.VolunteerID {
	var out []aid.VolunteerID
	for _, o := range r.Offers {
		if o.Status == aid.OfferAccepted && s.offers[o.ID].Status != aid.OfferAccepted {
			out = append(out, o.Volunteer)
		}
	}
	return out
}

// writing queues the rows of an aggregate's parts. Queueing cannot fail: errors
// come when the batch is sent.
type writing struct {
	rows *db.Queries
	ctx  context.Context
}

func (w writing) insertRequest(r *aid.HelpRequest, shard aid.Cell) {
	_ = w.rows.InsertRequest(w.ctx, db.InsertRequestParams{
		ID: r.ID, BeneficiaryID: r.Beneficiary, OpenedBy: r.OpenedBy, AreaID: r.Area, Lat: r.Location.Lat, Lng: r.Location.Lng,
		Cell: r.Cell, Shard: shard, Category: r.Category, MinPeople: int32(r.MinPeople), Urgency: r.Urgency,
		StartsAt: r.Window.StartsAt, EndsAt: r.Window.EndsAt, Notes: r.Notes, Status: r.Status, SearchOver: r.SearchOver,
		Unmet: r.Unmet, OpenedAt: r.OpenedAt, EndedAt: zeronull.Timestamptz(r.EndedAt),
		Cadence: r.Cadence, Ahead: aheadOf(r), Review: r.Review, Serves: r.Serves,
		Reach: int16(r.Reach), ReachedAt: r.ReachedAt, Risk: r.Risk, OnlyAsks: r.OnlyAsks,
	})
	for i, role := range r.Roles {
		_ = w.rows.InsertRole(w.ctx, db.InsertRoleParams{
			RequestID: r.ID, RoleNo: int32(i), Name: role.Name, People: int32(role.People), Lead: role.Lead,
			Skills: append([]aid.Skill{}, role.Skills...), Wishes: append([]aid.Skill{}, role.Wishes...), Courses: append([]aid.CourseID{}, role.Courses...),
		})
	}
	if len(r.Excluded) > 0 {
		_ = w.rows.Exclude(w.ctx, db.ExcludeParams{Request: r.ID, Volunteers: texts(r.Excluded)})
	}
}

func (w writing) updateRequest(r *aid.HelpRequest) {
	_ = w.rows.UpdateRequest(w.ctx, db.UpdateRequestParams{
		ID: r.ID, Status: r.Status, SearchOver: r.SearchOver, Unmet: r.Unmet, EndedAt: zeronull.Timestamptz(r.EndedAt),
		Cadence: r.Cadence, Ahead: aheadOf(r), Review: r.Review, Reach: int16(r.Reach), ReachedAt: r.ReachedAt,
	})
}

// aheadOf is never nil, which the column would not take.
func aheadOf(r *aid.HelpRequest) []aid.Window { return append([]aid.Window{}, r.Ahead...) }

func (w writing) insertOffer(o aid.Offer) {
	_ = w.rows.InsertOffer(w.ctx, db.InsertOfferParams{
		ID: o.ID, RequestID: o.Request, RoleNo: int32(o.Role), VolunteerID: o.Volunteer, Status: o.Status, RoundID: o.Round,
		Distance: o.Cost.Distance, SpareSkills: o.Cost.SpareSkills, MadeAt: o.MadeAt, ExpiresAt: o.ExpiresAt,
		AnsweredAt: zeronull.Timestamptz(o.AnsweredAt), Reason: o.Reason, Chance: o.Chance, Through: zeronull.Timestamptz(o.Through),
	})
}

func (w writing) updateOffer(o aid.Offer) {
	_ = w.rows.UpdateOffer(w.ctx, db.UpdateOfferParams{
		ID: o.ID, Status: o.Status, AnsweredAt: zeronull.Timestamptz(o.AnsweredAt), Reason: o.Reason,
	})
}

func (w writing) insertPairing(p aid.Pairing) {
	_ = w.rows.InsertPairing(w.ctx, db.InsertPairingParams{
		ID: p.ID, RequestID: p.Request, RoleNo: int32(p.Role), SeatNo: int32(p.Seat), VolunteerID: p.Volunteer,
		BeneficiaryID: p.Beneficiary, OfferID: p.Offer, Status: p.Status, MadeAt: p.MadeAt,
		ConfirmedAt: zeronull.Timestamptz(p.ConfirmedAt), EndedAt: zeronull.Timestamptz(p.EndedAt), Reason: p.Reason,
	})
}

func (w writing) updatePairing(p aid.Pairing) {
	_ = w.rows.UpdatePairing(w.ctx, db.UpdatePairingParams{
		ID: p.ID, Status: p.Status, ConfirmedAt: zeronull.Timestamptz(p.ConfirmedAt), EndedAt: zeronull.Timestamptz(p.EndedAt), Reason: p.Reason,
	})
}

func (w writing) reserve(id aid.RequestID, released, reserved []aid.Booking) {
	for _, k := range released {
		_ = w.rows.Release(w.ctx, db.ReleaseParams{Request: id, Volunteer: k.Volunteer, During: rangeOf(k.During)})
	}
	for _, k := range reserved {
		_ = w.rows.Reserve(w.ctx, db.ReserveParams{Request: id, Volunteer: k.Volunteer, During: rangeOf(k.During), Counts: k.Counts})
	}
}

// rangeOf writes a window as Postgres does; the zero window is the empty range.
func rangeOf(w aid.Window) string {
	if w.StartsAt.IsZero() {
		return "empty"
	}
	return "[" + w.StartsAt.UTC().Format(time.RFC3339Nano) + "," + w.EndsAt.UTC().Format(time.RFC3339Nano) + ")"
}

// rangesOf writes windows as a multirange.
func rangesOf(windows []aid.Window) string {
	ranges := make([]string, len(windows))
	for i, w := range windows {
		ranges[i] = rangeOf(w)
	}
	return "{" + strings.Join(ranges, ",") + "}"
}

// insertEvents writes the events of one change of r, each followed by the
// notices that tell of it.
func (w writing) insertEvents(r *aid.HelpRequest, events []aid.Event) {
	tellings := r.Tellings(events)
	for i, e := range events {
		_ = w.rows.InsertEvent(w.ctx, db.InsertEventParams{
			RequestID: e.Request, Kind: e.Kind, At: e.At, OfferID: e.Offer, PairingID: e.Pairing, VisitID: e.Visit,
			VolunteerID: e.Volunteer, Actor: e.Actor, Reason: e.Reason,
		})
		for _, t := range tellings[i] {
			w.insertNotices(r, e, t)
		}
	}
}

func (w writing) insertNotices(r *aid.HelpRequest, e aid.Event, t aid.Telling) {
	_ = w.rows.InsertNotices(w.ctx, db.InsertNoticesParams{
		Kind: t.Kind, Urgent: t.Urgent, Request: e.Request, Offer: e.Offer, Pairing: e.Pairing, Reason: e.Reason,
		At: e.At, Until: t.Until, Volunteers: texts(t.Volunteers), Account: string(t.Account), Areas: texts(r.AreaPath.Above()), Coordinators: t.Coordinators,
		Wake: contract.OutboxNoticesDue,
	})
}

func (w writing) keepPark(p aid.Parked) {
	row := db.KeepParkParams{
		VolunteerID: p.Volunteer, Kind: p.Kind, Category: p.Category, Until: zeronull.Timestamptz(p.Until), OfferID: p.Offer, Since: p.Since,
	}
	if p.Category != "" {
		row.Within = int4(&p.Within)
	}
	_ = w.rows.KeepPark(w.ctx, row)
}

func (w writing) insertOutbox(kind, key string, payload []byte) {
	_ = w.rows.InsertOutbox(w.ctx, db.InsertOutboxParams{Kind: kind, Key: key, Payload: payload})
}
