package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

func vettingOf(checkedOn, birthDate, consentUntil pgtype.Date) aid.Vetting {
	return aid.Vetting{CheckedOn: dateOf(checkedOn), BirthDate: dateOf(birthDate), ConsentUntil: dateOf(consentUntil)}
}

// vet puts into the requests what is known of those whom they bind.
func (a *aggregateRows) vet(byID map[aid.RequestID]*aid.HelpRequest) {
	for _, row := range a.vetted {
		r := byID[row.RequestID]
		if r == nil {
			continue
		}
		if r.Vetted == nil {
			r.Vetted = map[aid.VolunteerID]aid.Vetted{}
		}
		r.Vetted[row.ID] = aid.Vetted{
			Active: row.Active, Skills: row.Skills, Courses: coursesOf(row.Courses, row.CoursesUntil),
			Vetting: vettingOf(row.CheckedOn, row.BirthDate, row.GuardianConsentUntil),
		}
	}
}

func vettedOf(row db.VettedVolunteersRow) aid.Vetted {
	return aid.Vetted{
		Active: row.Active, Skills: row.Skills, Courses: coursesOf(row.Courses, row.CoursesUntil),
		Vetting: vettingOf(row.CheckedOn, row.BirthDate, row.GuardianConsentUntil),
	}
}

// keepBack takes those of the picks out who are kept from coming by what is known
// of them now that they are locked, or who do not come as far any more.
func keepBack(free map[aid.VolunteerID]bool, r *aid.HelpRequest, picks []aid.Pick, known []db.VettedVolunteersRow) {
	for _, row := range known {
		who := vettedOf(row)
		far := r.Location.Distance(aid.Point{Lat: row.Lat, Lng: row.Lng}) > float64(row.MaxDistance)
		if far || slices.ContainsFunc(picks, func(k aid.Pick) bool { return k.Volunteer == row.ID && r.Bars(who, k.Role) != "" }) {
			free[row.ID] = false
		}
	}
}

// comes tells whether somebody's hours cover all of some windows.
func comes(a aid.Availability, windows []aid.Window) bool {
	return !slices.ContainsFunc(windows, func(w aid.Window) bool { return !a.Covers(w) })
}

// VettingRow is what a file says of a volunteer; a zero date says nothing.
type VettingRow struct {
	Volunteer aid.VolunteerID
	aid.Vetting
}

// ImportVettings notes when volunteers were checked and born, and until when their
// guardians consent. What a row leaves empty stays as it is. The requests that bind
// them learn of it in the same transaction. All good rows are written, or none; rows whose
// volunteer is not known, or that came before, are left out and reported.
func (s *Store) ImportVettings(ctx context.Context, rows Rows[VettingRow], watch ImportWatch) (ImportCount, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return ImportCount{}, err
	}
	plan := importPlan[VettingRow]{
		columns: []string{"volunteer_id text", "checked_on date", "birth_date date", "consent_until date"},
		values:  func(v VettingRow) ([]any, error) { return stagedVetting(v, now) },
		checks: []check{
			once("volunteer_id"),
			{"volunteer_id", "SELECT row, 'is not registered' AS message FROM staged s WHERE NOT EXISTS (SELECT FROM volunteers v WHERE v.id = s.volunteer_id)"},
		},
		concerns: "SELECT v.id FROM staged s JOIN volunteers v ON v.id = s.volunteer_id WHERE v.load > 0 AND " + vettingDiffers,
		merge: []string{
			"SELECT FROM volunteers v JOIN staged s ON s.volunteer_id = v.id WHERE " + vettingDiffers + " ORDER BY v.id FOR NO KEY UPDATE OF v",
			`UPDATE volunteers v SET checked_on = coalesce(s.checked_on, v.checked_on), birth_date = coalesce(s.birth_date, v.birth_date),
				guardian_consent_until = coalesce(s.consent_until, v.guardian_consent_until)
			FROM staged s WHERE s.volunteer_id = v.id AND ` + vettingDiffers,
			`SELECT 0, count(*) FROM staged s JOIN volunteers v ON v.id = s.volunteer_id WHERE v.changed_in = pg_current_xact_id()`,
		},
	}
	return importRows(ctx, s, plan, rows, watch)
}

// vettingDiffers compares a row s of the file with the record v, as far as the
// file speaks.
const vettingDiffers = `(coalesce(s.checked_on, v.checked_on), coalesce(s.birth_date, v.birth_date), coalesce(s.consent_until, v.guardian_consent_until))
	IS DISTINCT FROM (v.checked_on, v.birth_date, v.guardian_consent_until)`

func stagedVetting(v VettingRow, now time.Time) ([]any, error) {
	if err := v.Vetting.Validate(now); err != nil {
		return nil, err
	}
	return []any{string(v.Volunteer), dateTo(v.CheckedOn), dateTo(v.BirthDate), dateTo(v.ConsentUntil)}, nil
}
