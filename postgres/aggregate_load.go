package postgres

import (
	"context"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// aggregateRows are the rows that help requests are put together from.
type aggregateRows struct {
	requests []db.RequestRowsRow
	roles    []db.RequestRole
	offers   []db.Offer
	pairings []db.Pairing
	visits   []db.Visit
	apart    []db.SeparationsOfRequestsRow
	beside   []db.BesideOfRequestsRow
	excluded []db.ExclusionsOfRequestsRow
	vetted   []db.VettedOfRequestsRow
}

// queue adds the queries for the requests of these ids.
func (a *aggregateRows) queue(b *batch, ids []string) {
	collect(b, &a.requests, db.RequestRows, ids)
	collect(b, &a.roles, db.RolesOfRequests, ids)
	collect(b, &a.offers, db.OffersOfRequests, ids)
	collect(b, &a.pairings, db.PairingsOfRequests, ids)
	collect(b, &a.visits, db.VisitsOfRequests, ids)
	collect(b, &a.apart, db.SeparationsOfRequests, ids)
	collect(b, &a.beside, db.BesideOfRequests, ids)
	collect(b, &a.excluded, db.ExclusionsOfRequests, ids)
	collect(b, &a.vetted, db.VettedOfRequests, ids)
}

// loadRequests gives the requests of these ids in their order, leaving out those
// that do not exist, in one round trip.
func loadRequests(ctx context.Context, from sender, ids []aid.RequestID) ([]*aid.HelpRequest, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var b batch
	var rows aggregateRows
	rows.queue(&b, texts(ids))
	if err := b.send(ctx, from); err != nil {
		return nil, mapped(err)
	}
	return rows.inOrder(ids), nil
}

func (a *aggregateRows) inOrder(ids []aid.RequestID) []*aid.HelpRequest {
	byID := make(map[aid.RequestID]*aid.HelpRequest, len(a.requests))
	for _, row := range a.requests {
		byID[row.ID] = requestOf(row)
	}
	// A part whose request is gone was written between the statements.
	for _, row := range a.roles {
		if r := byID[row.RequestID]; r != nil {
			r.Roles = append(r.Roles, aid.RequestRole{
				Name: row.Name, Skills: row.Skills, Wishes: row.Wishes, Courses: row.Courses, People: int(row.People),
				Lead: row.Lead,
			})
		}
	}
	for _, row := range a.excluded {
		if r := byID[row.RequestID]; r != nil {
			r.Excluded = append(r.Excluded, row.VolunteerID)
		}
	}
	for _, row := range a.offers {
		if r := byID[row.RequestID]; r != nil {
			r.Offers = append(r.Offers, offerOf(row))
		}
	}
	for _, row := range a.pairings {
		if r := byID[row.RequestID]; r != nil {
			r.Pairings = append(r.Pairings, pairingOf(row))
		}
	}
	for _, row := range a.visits {
		if r := byID[row.RequestID]; r != nil {
			r.Visits = append(r.Visits, visitOf(row))
		}
	}
	for _, row := range a.apart {
		if r := byID[row.RequestID]; r != nil {
			r.Apart = append(r.Apart, aid.Separation{Volunteer: row.VolunteerID, From: aid.VolunteerID(row.OtherVolunteerID)})
		}
	}
	for _, row := range a.beside {
		if r := byID[row.RequestID]; r != nil {
			r.Beside = append(r.Beside, row.VolunteerID)
		}
	}
	a.vet(byID)
	out := make([]*aid.HelpRequest, 0, len(ids))
	for _, id := range ids {
		if r := byID[id]; r != nil {
			out = append(out, r)
		}
	}
	return out
}

func requestOf(row db.RequestRowsRow) *aid.HelpRequest {
	return &aid.HelpRequest{
		ID: row.ID,
		Need: aid.Need{
			Beneficiary: row.BeneficiaryID, Location: aid.Point{Lat: row.Lat, Lng: row.Lng}, Category: row.Category,
			MinPeople: int(row.MinPeople), Urgency: row.Urgency, Window: aid.Window{StartsAt: row.StartsAt, EndsAt: row.EndsAt}, Notes: row.Notes,
			Cadence: row.Cadence, Serves: row.Serves, Risk: row.Risk, OnlyAsks: row.OnlyAsks,
		},
		OpenedBy: row.OpenedBy, Area: row.AreaID, AreaPath: row.Path, Cell: row.Cell, Status: row.Status,
		OpenedAt: row.OpenedAt, EndedAt: time.Time(row.EndedAt), SearchOver: row.SearchOver, Unmet: row.Unmet,
		Ahead: row.Ahead, Review: row.Review, Reach: aid.Reach(row.Reach), ReachedAt: row.ReachedAt,
	}
}

func offerOf(row db.Offer) aid.Offer {
	return aid.Offer{
		ID: row.ID, Request: row.RequestID, Role: int(row.RoleNo), Volunteer: row.VolunteerID, Status: row.Status, Round: row.RoundID,
		Cost:   aid.Cost{Distance: row.Distance, SpareSkills: row.SpareSkills},
		MadeAt: row.MadeAt, ExpiresAt: row.ExpiresAt, AnsweredAt: time.Time(row.AnsweredAt), Reason: row.Reason,
		Through: time.Time(row.Through), Chance: row.Chance,
	}
}

func pairingOf(row db.Pairing) aid.Pairing {
	return aid.Pairing{
		ID: row.ID, Request: row.RequestID, Role: int(row.RoleNo), Seat: int(row.SeatNo), Volunteer: row.VolunteerID,
		Beneficiary: row.BeneficiaryID, Offer: row.OfferID, Status: row.Status,
		MadeAt: row.MadeAt, ConfirmedAt: time.Time(row.ConfirmedAt), EndedAt: time.Time(row.EndedAt), Reason: row.Reason,
	}
}
