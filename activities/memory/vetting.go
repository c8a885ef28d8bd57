package memory

import (
	"slices"

	"github.com/linli/linli/aid"
)

// vet puts into a request what is known of those whom it binds, as the database
// does when it reads one.
func (s *Store) vet(r *aid.HelpRequest) {
	r.Vetted = map[aid.VolunteerID]aid.Vetted{}
	for _, v := range r.Bound() {
		r.Vetted[v] = s.vetted(v)
	}
}

// vetted is what is known of a volunteer. Who was never added is active, and has
// nothing else.
func (s *Store) vetted(id aid.VolunteerID) aid.Vetted {
	i := slices.IndexFunc(s.volunteers, func(v aid.Volunteer) bool { return v.ID == id })
	if i < 0 {
		return aid.Vetted{Active: true}
	}
	return s.volunteers[i].Vetted()
}
