// Package scenario makes up volunteers and requests for trying, measuring and
// demonstrating: as many as wanted, from a seed, the same on every machine.
//
// The built-in territory is modelled on a province of north-east China: 13
// prefectures with the places and sizes of their seats, each a city, a ring of
// towns and the country between. Another one can be given as a territory pack
// ([ReadTerritory]). Nothing here is a real person or need.
//
//	territory ─┬─ prefecture (weight) ─┬─ city core    half of the people, σ = spread_km
//	           │                       ├─ towns        four in ten, 24 towns within σ = 8 × spread_km
//	           └─ …                    └─ country      one in ten, σ = 8 × spread_km
//
// Everything is drawn in integers (micro-degrees, metres, minutes, days) from
// PCG streams of their own for towns, volunteers and requests, and time counts
// from [BaseDate], never from a clock. Hence the files are identical to the
// byte for the same arguments, and the first n volunteers do not depend on how
// many there are.
package scenario
