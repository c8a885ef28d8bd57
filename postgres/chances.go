package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// estimate gives the picks with the chance that each says yes: by their own
// record, shrunk to that of the request's area and category.
func estimate(ctx context.Context, tx pgx.Tx, r *aid.HelpRequest, picks []aid.Pick) error {
	ids := make([]string, len(picks))
	for i, k := range picks {
		ids[i] = string(k.Volunteer)
	}
	var b batch
	var own []db.RecordsOfVolunteersRow
	var all []db.RecordOfCategoryRow
	collect(&b, &own, db.RecordsOfVolunteers, ids)
	collect(&b, &all, db.RecordOfCategory, r.Area, r.Category)
	if err := b.send(ctx, tx); err != nil {
		return err
	}
	rate := aid.Record{Yes: int(all[0].Yes), Asked: int(all[0].Asked)}.Rate()
	records := make(map[aid.VolunteerID]aid.Record, len(own))
	for _, row := range own {
		records[row.VolunteerID] = aid.Record{Yes: int(row.Yes), Asked: int(row.Asked)}
	}
	for i := range picks {
		picks[i].Chance = records[picks[i].Volunteer].Chance(rate)
	}
	return nil
}
