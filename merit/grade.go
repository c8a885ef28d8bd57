package merit

import "github.com/linli/linli/aid"

// Grade says how well a service record is witnessed.
type Grade string

// The grades.
const (
	BothSides   Grade = "both_sides"  // the volunteer and the beneficiary's side
	Beneficiary Grade = "beneficiary" // the beneficiary's side alone
	CrewLead    Grade = "crew_lead"   // who led the crew
	OwnWord     Grade = "own_word"    // the volunteer alone
)

// Grades lists every grade, best first.
var Grades = []Grade{BothSides, Beneficiary, CrewLead, OwnWord}

// rank is the place of a grade, 0 for the best.
func (g Grade) rank() int {
	for i, other := range Grades {
		if g == other {
			return i
		}
	}
	return len(Grades)
}

// Above tells whether g is the better evidence.
func (g Grade) Above(o Grade) bool { return g.rank() < o.rank() }

// GradeOf is the grade of a visit that is done: that of the end which is
// witnessed worse. A confirmation adds the word of the beneficiary's side, and the
// lead of the crew stands above the volunteer's own word.
func GradeOf(v aid.Visit) Grade {
	in, out := gradeOf(v.In), gradeOf(v.Out)
	switch {
	case !v.ConfirmedAt.IsZero() && (in == Beneficiary && out == Beneficiary):
		return Beneficiary
	case !v.ConfirmedAt.IsZero():
		return BothSides
	case in.Above(out):
		in = out
	}
	if !v.VouchedAt.IsZero() && CrewLead.Above(in) {
		return CrewLead
	}
	return in
}

// gradeOf is what one end of a visit is worth. A code takes both: the beneficiary
// who shows it and the volunteer who enters it.
func gradeOf(m aid.Mark) Grade {
	switch m.Means {
	case aid.MeansCode:
		return BothSides
	case aid.MeansCaseworker:
		return Beneficiary
	case aid.MeansPosition:
	}
	return OwnWord
}
