package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/files"
	"github.com/linli/linli/postgres"
)

// Import takes over people and needs from CSV files.
type Import struct {
	Volunteers    ImportVolunteers    `cmd:"" help:"Register volunteers: id,lat,lng,skills,max_km,capacity,trained,available_from,available_to."`
	Requests      ImportRequests      `cmd:"" help:"Open help requests: id,lat,lng,skills,people,min_people,courses,urgency,starts_at,ends_at."`
	Areas         ImportAreas         `cmd:"" help:"Take over areas: id,parent,level,name_zh,name_en."`
	Skills        ImportSkills        `cmd:"" help:"Take over the catalogue of skills: id,name_zh,name_en."`
	Courses       ImportCourses       `cmd:"" help:"Take over the catalogue of courses: id,name_zh,name_en."`
	RiskClasses   ImportRiskClasses   `cmd:"" help:"Take over the risk classes: id,name_zh,name_en,check_months,minors,two_deep,course,categories."`
	Checks        ImportChecks        `cmd:"" help:"Note background checks and ages: volunteer_id,checked_on,birth_date,guardian_consent_until."`
	Organisations ImportOrganisations `cmd:"" help:"Take over organisations: id,parent,tree,tier,area_id,name_zh,name_en."`
	Completions   ImportCompletions   `cmd:"" help:"Take over completed courses: volunteer_id,course_id,holds_until."`
}

// Help is the longer text of --help.
func (Import) Help() string {
	return `Files are UTF-8 CSV with a header row; lists are separated by ';'. Rows that
cannot be taken are written to FILE.rejected.csv with the reason, all others are
taken in one transaction: an import that stops half-way has changed nothing. A
file of which no row can be taken, or with more than 100000 that cannot, has
imported nothing and ends with exit code 2. The same file again changes nothing;
a corrected one brings the records up to it.`
}

// ImportFlags are what every import takes.
type ImportFlags struct {
	SystemFlags
	File  string `arg:"" type:"existingfile" help:"The CSV file."`
	Quiet bool   `short:"q" help:"Print nothing but errors."`
}

// ImportVolunteers is `linli import volunteers`.
type ImportVolunteers struct {
	ImportFlags
	Area aid.AreaID `required:"" placeholder:"ID" help:"Area that the volunteers belong to, such as hlj.harbin."`
}

// Run imports volunteers.
func (c *ImportVolunteers) Run(ctx context.Context, streams Streams) error {
	return importFile(ctx, streams, c.ImportFlags, files.NewVolunteers, func(v files.Volunteer) (aid.Volunteer, error) {
		cell, err := homeCell(v.Home)
		return aid.Volunteer{
			ID: v.ID, Home: v.Home, Cell: cell, Skills: v.Skills, Courses: v.Courses, Availability: v.Availability,
			Capacity: v.Capacity, MaxDistance: int(v.MaxDistance), Active: true,
		}, err
	}, func(s *postgres.Store, rows postgres.Rows[aid.Volunteer], w postgres.ImportWatch) (postgres.ImportCount, error) {
		return s.ImportVolunteers(ctx, c.Area, rows, w)
	})
}

// ImportRequests is `linli import requests`.
type ImportRequests struct {
	ImportFlags
	Area     aid.AreaID    `required:"" placeholder:"ID" help:"Area that the requests belong to."`
	Account  aid.AccountID `required:"" placeholder:"ID" help:"Account in whose name they are opened, such as demo-caseworker."`
	Category string        `default:"visit" help:"Kind of help that the requests ask for."`
}

// Run imports help requests.
func (c *ImportRequests) Run(ctx context.Context, streams Streams) error {
	var check aid.Check
	check.That(aid.ValidID(c.Category), "--category", "must be 1 to %d letters, digits, '.', '_' or '-'", aid.MaxIDLength)
	if err := check.Err("import"); err != nil {
		return err
	}
	return importFile(ctx, streams, c.ImportFlags, files.NewRequests, func(r files.Request) (postgres.RequestRow, error) {
		cell, err := homeCell(r.Place)
		return postgres.RequestRow{ID: r.ID, Cell: cell, Shard: shardOf(cell), Need: aid.Need{
			Location: r.Place, Category: c.Category, MinPeople: r.MinPeople, Urgency: r.Urgency, Window: r.Window,
			Roles: []aid.RequestRole{{Name: "volunteer", Skills: r.Skills, Courses: r.Courses, People: r.People}},
		}}, err
	}, func(s *postgres.Store, rows postgres.Rows[postgres.RequestRow], w postgres.ImportWatch) (postgres.ImportCount, error) {
		return s.ImportRequests(ctx, c.Area, c.Account, rows, w)
	})
}

// ImportOrganisations is `linli import organisations`.
type ImportOrganisations struct {
	ImportFlags
	Area aid.AreaID `required:"" placeholder:"ID" help:"Area of the organisations that name none."`
}

// Run imports organisations.
func (c *ImportOrganisations) Run(ctx context.Context, streams Streams) error {
	return importFile(ctx, streams, c.ImportFlags, files.NewOrganisations, asItIs[aid.Organisation],
		func(s *postgres.Store, rows postgres.Rows[aid.Organisation], w postgres.ImportWatch) (postgres.ImportCount, error) {
			return s.ImportOrganisations(ctx, c.Area, rows, w)
		})
}

// ImportCompletions is `linli import completions`.
type ImportCompletions struct{ ImportFlags }

// Run imports completed courses.
func (c *ImportCompletions) Run(ctx context.Context, streams Streams) error {
	return importFile(ctx, streams, c.ImportFlags, files.NewCompletions, func(k files.Completion) (postgres.Completion, error) {
		return postgres.Completion(k), nil
	}, func(s *postgres.Store, rows postgres.Rows[postgres.Completion], w postgres.ImportWatch) (postgres.ImportCount, error) {
		return s.ImportCompletions(ctx, rows, w)
	})
}

// importFlags name the flags from which fields of every row are filled.
var importFlags = map[string]string{"area_id": "--area", "opened_by": "--account"}

// importFile reads a file, hands its good rows to the store, and writes those
// that were left out beside it.
func importFile[In, Out any](ctx context.Context, streams Streams, f ImportFlags,
	open func(io.Reader) (*files.Reader[In], error), convert func(In) (Out, error),
	write func(*postgres.Store, postgres.Rows[Out], postgres.ImportWatch) (postgres.ImportCount, error),
) error {
	store, err := f.SystemFlags.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	file, err := os.Open(f.File)
	if err != nil {
		return &aid.Error{Kind: aid.Invalid, Message: err.Error(), Err: err}
	}
	defer file.Close() //nolint:errcheck // only read
	info, err := file.Stat()
	if err != nil {
		return err
	}
	rows, err := open(file)
	if err != nil {
		return fmt.Errorf("%s: %w", f.File, err)
	}
	rejected := rejects{}
	bar := newMeter(streams.Err, "kB", f.Quiet)
	count, err := write(store, goodRows(ctx, rows, convert, rejected), postgres.ImportWatch{
		Rejected: rejected.add,
		Refused:  func() int { return len(rejected) },
		Progress: func(int) {
			at, _ := file.Seek(0, io.SeekCurrent) // only shown
			bar.show(at>>10, info.Size()>>10)
		},
	})
	bar.done()
	err = byFlag(err, importFlags)
	if errors.Is(err, errTooManyRejected) {
		err = errors.Join(err, saveRejected(f.File, rows.Header(), rejected))
	}
	if err != nil {
		return fmt.Errorf("%s: nothing was imported: %w", f.File, err)
	}
	if err := saveRejected(f.File, rows.Header(), rejected); err != nil {
		return fmt.Errorf("%d added and %d changed, but the %d rejected rows could not be written to %s (import the file again to get them): %w",
			count.Added, count.Changed, len(rejected), rejectedPath(f.File), err)
	}
	return f.conclude(streams.Out, count, rejected)
}

// conclude says what became of the rows. A file of which none could be taken is
// an error, since whoever sent it has something to correct; one of which some
// could is not, and neither is the same file a second time.
func (f ImportFlags) conclude(to io.Writer, count postgres.ImportCount, rejected rejects) error {
	if len(rejected) > 0 && count.Added+count.Changed+count.Unchanged == 0 {
		row := slices.Min(slices.Collect(maps.Keys(rejected)))
		return aid.Errorf(aid.Invalid, "%s: nothing was imported: none of its %d rows can be taken; %s says why, row %d for: %s",
			f.File, len(rejected), rejectedPath(f.File), row, reasonText(rejected[row]))
	}
	if f.Quiet {
		return nil
	}
	_, err := fmt.Fprintf(to, "%d added, %d changed, %d unchanged, %d rejected\n",
		count.Added, count.Changed, count.Unchanged, len(rejected))
	if err == nil && len(rejected) > 0 {
		_, err = fmt.Fprintf(to, "rejected rows and reasons are in %s\n", rejectedPath(f.File))
	}
	return err
}

// goodRows gives the rows that can be taken and notes the others.
func goodRows[In, Out any](ctx context.Context, r *files.Reader[In], convert func(In) (Out, error), rejected rejects) postgres.Rows[Out] {
	return func(yield func(postgres.Numbered[Out], error) bool) {
		for row, err := range r.Rows() {
			value, why, err := taken(row, err, convert)
			if why != nil {
				err = rejected.add(row.Row, why)
			}
			if err == nil {
				err = ctx.Err()
			}
			if err == nil && why != nil {
				continue
			}
			if !yield(postgres.Numbered[Out]{Row: row.Row, Value: value}, err) || err != nil {
				return
			}
		}
	}
}

// taken gives what a row says, or why this row cannot be taken, or why no more
// can be read.
func taken[In, Out any](row files.Row[In], err error, convert func(In) (Out, error)) (value Out, why, broken error) {
	if _, ofRow := errors.AsType[*files.RowError](err); ofRow {
		return value, err, nil
	}
	if err != nil {
		return value, nil, err
	}
	value, why = convert(row.Value)
	return value, why, nil
}
