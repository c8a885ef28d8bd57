// Package files reads and writes the files that people exchange with Linli:
// volunteers and requests as CSV, the pairs of a plan as CSV, its report as JSON.
//
// # Form
//
// UTF-8 with or without a byte-order mark, RFC 4180, lines ended by LF or CRLF,
// a header row, columns in any order. A column that is missing, unknown or named
// twice is refused. Lists are separated by ';'. A row is at most [MaxRow] bytes,
// so that a file that is no table is refused before it fills the memory.
//
//	volunteers  id,lat,lng,skills,max_km,capacity,trained,available_from,available_to
//	requests    id,lat,lng,skills,people,min_people,courses,urgency,starts_at,ends_at
//	pairs       request_id,volunteer_id,distance_m,cost
//
// # Speed
//
// A file is read in blocks of whole rows, which are parsed on all processors and
// given in their order, for as long as no quote comes; from there on encoding/csv
// reads. What is given is the same either way.
//
// # Errors
//
// What makes the whole file unreadable (its encoding, its header, an endless
// row) ends the reading with an [aid.Invalid] error. What is wrong with one row
// is a [*RowError], which names the row and every field that is wrong; reading
// goes on, so that the caller may collect them or stop. Rows are numbered by the
// line on which they begin; the header is row 1.
//
// # Units
//
// Coordinates are WGS84 degrees, max_km decimal kilometres, distance_m whole
// metres, times RFC 3339, days YYYY-MM-DD. A course counts on the day in UTC on
// which the window begins.
package files
