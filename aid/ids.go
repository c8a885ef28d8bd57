package aid

import (
	"strings"
	"unicode/utf8"
)

// Identifiers are opaque text of one to 64 letters, digits, '.', '_' and '-',
// each with a type of its own so that one cannot stand for another. They come
// from an import or are made by the application; they never hold personal data.
type (
	VolunteerID    string
	BeneficiaryID  string
	AccountID      string
	AreaID         string
	OrganisationID string
	RequestID      string
	OfferID        string
	PairingID      string
	VisitID        string
	RoundID        string
	CourseID       string
	DoNotMatchID   string
	ParkID         string
	RiskClassID    string
	RolloutID      string
	CohortID       string
	AreaChangeID   string
)

// Skill is the identifier of a skill in the catalogue, such as "first_aid".
type Skill string

// MaxIDLength is the longest identifier, in bytes.
const MaxIDLength = 64

// ValidID tells whether s has the form of an identifier.
func ValidID[T ~string](s T) bool {
	if s == "" || len(s) > MaxIDLength {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && (i == 0 || c != '.' && c != '_' && c != '-') {
			return false
		}
	}
	return true
}

// writable tells whether s is text that every store and reader can take: UTF-8
// without the NUL character.
func writable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
