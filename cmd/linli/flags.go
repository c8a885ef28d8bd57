package main

import (
	"errors"

	"github.com/linli/linli/aid"
)

// byFlag gives err with the names of the flags in place of those of the fields
// that were filled from them, which whoever typed the command never saw.
func byFlag(err error, flags map[string]string) error {
	e, ok := errors.AsType[*aid.Error](err)
	if !ok || len(e.Problems) == 0 {
		return err
	}
	named := *e
	named.Problems = nil
	for _, p := range e.Problems {
		if flag, known := flags[p.Field]; known {
			p.Field = flag
		}
		named.Problems = append(named.Problems, p)
	}
	return &named
}
