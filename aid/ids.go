package aid

import (
	"regexp"
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
	RoundID        string
	CourseID       string
)

// Skill is the identifier of a skill in the catalogue, such as "first_aid".
type Skill string

// MaxIDLength is the longest identifier, in bytes.
const MaxIDLength = 64

var idForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// ValidID tells whether s has the form of an identifier.
func ValidID[T ~string](s T) bool { return idForm.MatchString(string(s)) }

// writable tells whether s is text that every store and reader can take: UTF-8
// without the NUL character.
func writable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
