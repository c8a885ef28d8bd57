// Package cadence reads the rule of a standing pairing: which visits it makes,
// and whether it makes sense.
//
// Rules are iCalendar recurrence rules (RFC 5545) of whole days, weeks, months or
// years. Visits keep their time on the clocks of the cadence's zone: one at 09:00
// stays at 09:00 when the clocks change. A time that a change of the clocks skips
// becomes the one that it stands for on the new clock; of a time that comes twice
// the first counts.
package cadence
