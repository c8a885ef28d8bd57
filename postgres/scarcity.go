package postgres

import (
	"context"
	"math"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// keepScarcity puts the scarcity of a round in place of what its shard had.
func keepScarcity(ctx context.Context, tx pgx.Tx, r aid.Round) error {
	if err := db.New(tx).ForgetScarcity(ctx, r.Shard); err != nil || len(r.Scarcity) == 0 {
		return err
	}
	rows := db.KeepScarcityParams{Shard: r.Shard, AsOf: r.StartedAt}
	for _, s := range r.Scarcity {
		rows.Areas = append(rows.Areas, string(s.Area))
		rows.Cells = append(rows.Cells, int64(s.Cell))
		rows.Skills = append(rows.Skills, strings.Join(texts(s.Skills), ";"))
		rows.OpenSeats = append(rows.OpenSeats, int32(s.OpenSeats))
		rows.Savings = append(rows.Savings, s.Saving)
	}
	return db.New(tx).KeepScarcity(ctx, rows)
}

// saving is a place in the list of scarcities. Ids break ties.
type saving struct {
	Saving int64 `json:"saving"`
	ID     int64 `json:"id"`
}

// Scarcity gives what the last rounds of all shards, a day back at most, say of
// volunteers who are missed, the largest saving first. A round that is held
// meanwhile takes the place of its shard's, so that pages are of one instant each.
func (s *Store) Scarcity(ctx context.Context, f aid.ScarcityFilter, p aid.Page) (aid.PageOf[aid.Scarcity], error) {
	after := saving{math.MaxInt64, math.MaxInt64}
	if p.After != "" {
		after = saving{}
		if err := readCursor(p.After, &after); err != nil || after.Saving <= 0 || after.ID <= 0 {
			return aid.PageOf[aid.Scarcity]{}, malformedCursor()
		}
	}
	if err := checkLimit(p); err != nil {
		return aid.PageOf[aid.Scarcity]{}, err
	}
	rows, err := s.queries().ListScarcity(ctx, db.ListScarcityParams{
		BelowSaving: after.Saving, BelowID: after.ID, Areas: texts(f.Areas), Area: string(f.Area), Skill: string(f.Skill),
		AtMost: int32(p.Limit) + 1,
	})
	if err != nil {
		return aid.PageOf[aid.Scarcity]{}, mapped(err)
	}
	return onePage(rows, p.Limit, func(r db.ListScarcityRow) any { return saving{r.Saving, r.ID} }, scarcityOf), nil
}

func scarcityOf(row db.ListScarcityRow) aid.Scarcity {
	return aid.Scarcity{
		Area: row.AreaID, Cell: row.Cell, Skills: row.Skills, OpenSeats: int(row.OpenSeats), Saving: row.Saving, AsOf: row.AsOf,
	}
}
