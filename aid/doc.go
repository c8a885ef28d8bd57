// Package aid is the domain of giving help: people, places, help requests,
// offers and pairings, their rules and their transitions. It imports nothing
// but the standard library and does no I/O, so that every rule can be read and
// tested here alone.
//
// The aggregate is [HelpRequest]: the need itself with its roles, the offers
// made for it and the pairings that came of them. Every change goes through
// one of its methods, which check the rule, change the aggregate and append the
// [Event] values that say what happened. A store loads the aggregate under a
// lock, calls one method and writes the difference; its constraints are the
// last guard, never the first.
//
//	         Offer            last seat taken          window begins        window ends
//	open ───────────► offered ───────────────► paired ───────────────► in_service ───────► completed
//	 ▲ ▲  last answer   │  ▲                     │ │                        │
//	 │ └────────────────┘  └─────────────────────┘ │ withdrawals below      │
//	 │                        (seats re-offered)   │ the quorum             │
//	 └─────────────────────────────────────────────┘                        │
//	any of them but the ended ─────────► cancelled ◄────────────────────────┘
//	open, offered ── nobody left to ask ► unfilled
//
// Units: distances are metres on a sphere of radius [EarthRadius], coordinates
// WGS84 degrees, instants UTC; weekly hours are wall-clock minutes in the
// volunteer's own time zone.
package aid
