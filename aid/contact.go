package aid

import (
	"slices"
	"time"
)

// Language is a language that people read notices in, by its BCP 47 tag.
type Language string

// The languages.
const (
	Chinese Language = "zh-CN"
	English Language = "en"
)

// Languages lists every language; the first is that of who has chosen none.
var Languages = []Language{Chinese, English}

// DefaultZone is where the clock of people hangs who have told none.
const DefaultZone = "Asia/Shanghai"

// Contact is how an account wants to be told.
type Contact struct {
	Account  AccountID
	Language Language
	Zone     string // IANA name: the volunteer's own, else [DefaultZone]
}

// Validate refuses what nobody could be reached by.
func (k Contact) Validate() error {
	var c Check
	c.That(slices.Contains(Languages, k.Language), "language", "must be one of zh-CN, en")
	return c.Err("contact")
}

// Clock is where the contact's clock hangs; [DefaultZone] if their own zone
// cannot be loaded.
func (k Contact) Clock() *time.Location {
	for _, zone := range []string{k.Zone, DefaultZone} {
		if loc, err := location(zone); err == nil && zone != "" {
			return loc
		}
	}
	return time.UTC
}
