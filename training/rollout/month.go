package rollout

import (
	"time"

	"github.com/linli/linli/aid"
)

// Month is a calendar month, counted from January of the year 0. The zero value
// stands for one that was not given.
type Month int32

// BadMonth is what a text that names no month is read as.
const BadMonth Month = -1

// NewMonth is a month of a year.
func NewMonth(year int, month time.Month) Month { return Month(12*year + int(month) - 1) }

// MonthOf is the month of an instant where the classrooms are, in [aid.DefaultZone].
func MonthOf(at time.Time) Month {
	local := aid.InZone(at, aid.DefaultZone)
	return NewMonth(local.Year(), local.Month())
}

// Begins is the first instant of a month there.
func (m Month) Begins() time.Time {
	first := time.Date(int(m/12), m.Calendar(), 1, 0, 0, 0, 0, time.UTC)
	return time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, aid.InZone(first, aid.DefaultZone).Location())
}

// Calendar is which month of the year it is.
func (m Month) Calendar() time.Month { return time.Month(m%12 + 1) }

const monthLayout = "2006-01"

// String looks like 2016-03.
func (m Month) String() string {
	if m <= 0 {
		return ""
	}
	return time.Date(int(m/12), m.Calendar(), 1, 0, 0, 0, 0, time.UTC).Format(monthLayout)
}

// MarshalText writes what UnmarshalText reads.
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads 2016-03. Another text becomes [BadMonth], which
// [Rollout.Validate] names together with everything else that is wrong.
func (m *Month) UnmarshalText(text []byte) error {
	*m = BadMonth
	if at, err := time.Parse(monthLayout, string(text)); err == nil && at.Year() > 0 {
		*m = NewMonth(at.Year(), at.Month())
	}
	return nil
}
