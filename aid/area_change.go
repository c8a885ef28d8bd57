package aid

import (
	"strings"
	"time"
)

// AreaChangeKind says what was done to an area.
type AreaChangeKind string

// The kinds of change.
const (
	AreaMerged   AreaChangeKind = "merge" // it is part of another now, also in the past
	AreaSplitOff AreaChangeKind = "split" // part of it is an area of its own, also in the past
)

// AreaChange is one change of the administrative tree: who made it, when and why.
type AreaChange struct {
	ID     AreaChangeID
	Kind   AreaChangeKind
	Area   AreaID // that was merged or split
	Into   AreaID // its successor, or the new one
	Reason string
	By     AccountID
	At     time.Time
	AreaChangeResult
}

// AreaChangeResult is what came of a change.
type AreaChangeResult struct {
	Moved    AreaMoved         `json:"moved"`
	Rollouts []RestatedRollout `json:"rollouts"`
}

// AreaMoved counts what lies in the other area since a change.
type AreaMoved struct {
	Areas         int `json:"areas"` // below the area, at any depth
	Organisations int `json:"organisations"`
	Volunteers    int `json:"volunteers"`
	Beneficiaries int `json:"beneficiaries"`
	Requests      int `json:"help_requests"`
	Accounts      int `json:"accounts"` // that act in the other area and did not before
}

// RestatedRollout is a rollout whose file was amended by a change, with the version in
// force since.
type RestatedRollout struct {
	Rollout RolloutID `json:"rollout_id"`
	Version int       `json:"version"`
}

// MaxChangeReason is the longest reason for a change of areas, in bytes.
const MaxChangeReason = 1000

// CheckChangeReason refuses a reason that nobody could read later.
func CheckChangeReason(reason string) error {
	var c Check
	ok := strings.TrimSpace(reason) != "" && len(reason) <= MaxChangeReason && writable(reason)
	c.That(ok, "reason", "must have 1 to %d bytes of UTF-8", MaxChangeReason)
	return c.Err("change of areas")
}

// MergeArea says whether an area may become part of another: of the same level and under
// the same parent, so that no figure of anything above changes.
func MergeArea(a, into Area) error {
	if a.MergedInto != "" {
		return Because(Conflict, ReasonSettled, "area %q has been merged into %q already", a.ID, a.MergedInto)
	}
	var c Check
	switch {
	case into.MergedInto != "":
		c.That(false, "into_id", "%q has been merged into %q; name that", into.ID, into.MergedInto)
	case a.ID == into.ID:
		c.That(false, "into_id", "is the area itself")
	case a.Path.Holds(into.Path):
		c.That(false, "into_id", "lies in %q; an area cannot be merged into what is below it", a.ID)
	case a.Level != into.Level:
		c.That(false, "into_id", "is a %s, and %q a %s; only areas of one level can be merged", into.Level, a.ID, a.Level)
	case a.Parent != into.Parent:
		c.That(false, "into_id", "lies under another parent than %q; only areas under one parent can be merged", a.ID)
	}
	return c.Err("merge")
}
