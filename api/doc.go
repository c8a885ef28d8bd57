// Package api serves the product as JSON over HTTP, described by an OpenAPI 3.1
// document that is made from the code and checked in as openapi.yaml.
//
//	request ─► id, log, metrics, recover ─► who (token) ─► rate ─► Idempotency-Key
//	        ─► role (policy) ─► form (JSON, schema) ─► use case (app) ─► JSON or problem+json
//
// Invariants:
//   - Every route under /v1 is registered by [handle] with the action of policy
//     that it stands for, and is refused before its body is looked at when the
//     caller's role never takes that action.
//   - Every error is an RFC 9457 problem whose status follows from its kind in
//     one map ([statusOf]), but for 412. The text of an error without a kind never leaves.
//   - Logs hold route, status, duration and ids: no query, no body, no token.
//
// Units on the wire: WGS84 degrees, metres (fields ending in _m), kilometres
// (max_km), RFC 3339 times in UTC, minutes of wall-clock time in weekly hours.
package api
