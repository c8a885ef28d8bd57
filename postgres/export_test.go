package postgres

// Mapped lets the tests of the constraints see what their errors become.
var Mapped = mapped

// AdultFrom is how the audit tells from when on somebody is of age.
const AdultFrom = adultFrom

// DayOfComing is how the audit tells on which day somebody comes.
const DayOfComing = dayOfComing
