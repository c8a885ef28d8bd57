package words

import (
	"fmt"
	"time"

	"github.com/linli/linli/aid"
)

var weekdays = [...]string{"日", "一", "二", "三", "四", "五", "六"}

// Day is a civil day as people write it.
func Day(t time.Time, l aid.Language) string {
	if l == aid.Chinese {
		return fmt.Sprintf("%d年%d月%d日（周%s）", t.Year(), t.Month(), t.Day(), weekdays[t.Weekday()])
	}
	return t.Format("Mon 2 Jan 2006")
}

// Moment is an instant by a clock on the wall.
func Moment(t time.Time, clock *time.Location, l aid.Language) string {
	t = t.In(clock)
	return Day(t, l) + gap(l) + t.Format("15:04")
}

// Span is a stretch of time, with one day if it ends on the day it begins.
func Span(w aid.Window, clock *time.Location, l aid.Language) string {
	from, to := w.StartsAt.In(clock), w.EndsAt.In(clock)
	if from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		return Moment(from, clock, l) + "–" + to.Format("15:04")
	}
	return Moment(from, clock, l) + " – " + Moment(to, clock, l)
}

func gap(l aid.Language) string {
	if l == aid.Chinese {
		return ""
	}
	return ", "
}
