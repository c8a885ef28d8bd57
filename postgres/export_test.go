package postgres

// Mapped lets the tests of the constraints see what their errors become.
var Mapped = mapped
