package aid

// YearsOn is the same day some years later, or 28 February for the 29th in a year
// that has none.
func (d Date) YearsOn(years int) Date { return d.addMonths(12 * years) }
