package aid

import (
	"fmt"
	"slices"
)

// AreaSplit is what becomes an area of its own. Whatever is named lies in the area that
// is split, and not below it.
type AreaSplit struct {
	New           Area     // its id and names; it takes level and parent of the other
	Areas         []AreaID // go along with all that lies in them
	Organisations []OrganisationID
	Cells         []Cell // whose volunteers and beneficiaries go along
	Volunteers    []VolunteerID
	Beneficiaries []BeneficiaryID // with their help requests
}

// MaxSplit is the most that one list of a split may name.
const MaxSplit = 5000

// Validate names every field that is wrong.
func (s *AreaSplit) Validate() error {
	var c Check
	c.That(ValidID(s.New.ID), "id", "must be 1 to %d letters, digits, '.', '_' or '-'", MaxIDLength)
	c.That(s.New.NameZh != "" || s.New.NameEn != "", "name_zh", "or name_en must be given")
	c.That(writable(s.New.NameZh) && len(s.New.NameZh) <= MaxChangeReason, "name_zh", "must be UTF-8, of %d bytes at most", MaxChangeReason)
	c.That(writable(s.New.NameEn) && len(s.New.NameEn) <= MaxChangeReason, "name_en", "must be UTF-8, of %d bytes at most", MaxChangeReason)
	idsOf(&c, "areas", s.Areas)
	idsOf(&c, "organisations", s.Organisations)
	idsOf(&c, "volunteers", s.Volunteers)
	idsOf(&c, "beneficiaries", s.Beneficiaries)
	c.That(len(s.Cells) <= MaxSplit, "cells", "must be %d at most", MaxSplit)
	all := len(s.Areas) + len(s.Organisations) + len(s.Cells) + len(s.Volunteers) + len(s.Beneficiaries)
	c.That(all > 0, "", "name what goes to the new area: areas, organisations, cells, volunteers or beneficiaries")
	return c.Err("split")
}

func idsOf[T ~string](c *Check, field string, ids []T) {
	c.That(len(ids) <= MaxSplit, field, "must be %d at most", MaxSplit)
	for i, id := range ids {
		c.That(ValidID(id), fmt.Sprintf("%s[%d]", field, i), "%q is not an id", id)
	}
}

// Known refuses a split that names what does not lie in the area itself, given those
// that do by list.
func (s *AreaSplit) Known(area AreaID, known map[string][]string) error {
	var c Check
	knownOf(&c, "areas", s.Areas, known, area)
	knownOf(&c, "organisations", s.Organisations, known, area)
	knownOf(&c, "volunteers", s.Volunteers, known, area)
	knownOf(&c, "beneficiaries", s.Beneficiaries, known, area)
	return c.Err("split")
}

func knownOf[T ~string](c *Check, field string, ids []T, known map[string][]string, area AreaID) {
	for i, id := range ids {
		c.That(slices.Contains(known[field], string(id)), fmt.Sprintf("%s[%d]", field, i), "%q does not lie in %q itself", id, area)
	}
}
