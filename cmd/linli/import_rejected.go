package main

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/files"
)

// mostRejected is how many rows of a file can be left out. A file of which more
// are bad is not what it is taken for, and would fill memory and disk with
// reasons.
const mostRejected = 100_000

var errTooManyRejected = aid.Errorf(aid.Invalid, "more than %d rows cannot be taken; correct what those in the rejects file have in common", mostRejected)

// rejects are the rows that are left out, by number, with the reason.
type rejects map[int]error

// add notes a row, and fails when there are too many.
func (r rejects) add(row int, why error) error {
	if len(r) == mostRejected {
		return errTooManyRejected
	}
	r[row] = why
	return nil
}

func rejectedPath(file string) string { return file + ".rejected.csv" }

// saveRejected writes the rows that were left out, as they stand in the file,
// with the reason as one more column. With none of them an old file goes away.
func saveRejected(path string, header []string, rejected rejects) error {
	if len(rejected) == 0 {
		if err := os.Remove(rejectedPath(path)); !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	table, err := files.OpenTable(file, "rejected", header)
	if err != nil {
		return err
	}
	return files.Save(rejectedPath(path), func(w io.Writer) error {
		out := csv.NewWriter(w)
		_ = out.Write(append(header, "reason")) // Error tells
		for written := 0; written < len(rejected); {
			record, err := table.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if _, one := errors.AsType[*files.RowError](err); err != nil && !one {
				return err
			}
			why := rejected[record.Row]
			if why == nil {
				continue
			}
			fields := append(make([]string, 0, len(header)+1), record.Fields...)
			for len(fields) < len(header) {
				fields = append(fields, "")
			}
			_ = out.Write(append(fields, reasonText(why)))
			written++
		}
		out.Flush()
		return out.Error()
	})
}

// reasonText says what is wrong without the row, which the line itself is.
func reasonText(err error) string {
	e, ok := errors.AsType[*aid.Error](err)
	if !ok || len(e.Problems) == 0 {
		return err.Error()
	}
	var words []string
	for _, p := range e.Problems {
		words = append(words, strings.TrimSpace(p.Field+" "+p.Message))
	}
	return strings.Join(words, "; ")
}
