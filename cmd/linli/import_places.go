package main

import (
	"context"
	"io"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/files"
	"github.com/linli/linli/postgres"
)

// ImportAreas is `linli import areas`.
type ImportAreas struct{ ImportFlags }

// Run imports areas. One that exists already stays as it is, since everything
// below it is found by its place in the tree.
func (c *ImportAreas) Run(ctx context.Context, streams Streams) error {
	return importFile(ctx, streams, c.ImportFlags, files.NewAreas, asItIs[aid.Area],
		func(s *postgres.Store, rows postgres.Rows[aid.Area], w postgres.ImportWatch) (postgres.ImportCount, error) {
			return s.ImportAreas(ctx, rows, w)
		})
}

// ImportSkills is `linli import skills`.
type ImportSkills struct{ ImportFlags }

// Run imports the catalogue of skills.
func (c *ImportSkills) Run(ctx context.Context, streams Streams) error {
	return importCatalogue(ctx, streams, c.ImportFlags, "skills", (*postgres.Store).Skills, (*postgres.Store).AddSkills)
}

// ImportCourses is `linli import courses`.
type ImportCourses struct{ ImportFlags }

// Run imports the catalogue of courses.
func (c *ImportCourses) Run(ctx context.Context, streams Streams) error {
	return importCatalogue(ctx, streams, c.ImportFlags, "courses", (*postgres.Store).Courses, (*postgres.Store).AddCourses)
}

// importCatalogue adds entries and brings the names of known ones up to the file.
func importCatalogue(ctx context.Context, streams Streams, f ImportFlags, what string,
	known func(*postgres.Store, context.Context) ([]aid.Named, error),
	add func(*postgres.Store, context.Context, []aid.Named) error,
) error {
	open := func(r io.Reader) (*files.Reader[aid.Named], error) { return files.NewNamed(r, what) }
	return importFile(ctx, streams, f, open, asItIs[aid.Named],
		func(s *postgres.Store, rows postgres.Rows[aid.Named], _ postgres.ImportWatch) (postgres.ImportCount, error) {
			before, err := known(s, ctx)
			if err != nil {
				return postgres.ImportCount{}, err
			}
			entries := make(map[string]aid.Named, len(before))
			for _, n := range before {
				entries[n.ID] = n
			}
			var count postgres.ImportCount
			var all []aid.Named
			for row, err := range rows {
				if err != nil {
					return postgres.ImportCount{}, err
				}
				switch old, there := entries[row.Value.ID]; {
				case !there:
					count.Added++
				case old != row.Value:
					count.Changed++
				default:
					count.Unchanged++
				}
				all = append(all, row.Value)
			}
			return count, add(s, ctx, all)
		})
}

// asItIs converts nothing.
func asItIs[T any](v T) (T, error) { return v, nil }
