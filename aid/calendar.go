package aid

import "time"

// EntryStatus is how firm an entry of a calendar is.
type EntryStatus string

// The statuses of entries.
const (
	EntryTentative EntryStatus = "tentative" // accepted; the crew has not reached its quorum
	EntryConfirmed EntryStatus = "confirmed"
	EntryCancelled EntryStatus = "cancelled"
)

// CalendarEntry is a stretch of time that a volunteer has agreed to, as their
// calendar shows it: without an exact place and without a name.
type CalendarEntry struct {
	ID       VisitID // stays the same for as long as it is the same engagement
	Window   Window
	Status   EntryStatus
	Revision int // never less in a later state of the entry
	Category string
	Area     AreaNames
}

// How much of a calendar is shown.
const (
	CalendarPast = 90 * 24 * time.Hour
	CalendarMost = 1000 // entries, the latest
)

// EntryOfVisit is how a visit stands in a calendar.
func EntryOfVisit(s VisitStatus) EntryStatus {
	if s == VisitCancelled || s == VisitHandedOver { // somebody else is sought
		return EntryCancelled
	}
	return EntryConfirmed
}

// EntryOfPairing is how a pairing without visits stands in a calendar.
func EntryOfPairing(s PairingStatus) EntryStatus {
	switch s {
	case PairingForming:
		return EntryTentative
	case PairingConfirmed, PairingCompleted:
		return EntryConfirmed
	case PairingWithdrawn, PairingCancelled:
	}
	return EntryCancelled
}
