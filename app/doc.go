// Package app holds the use cases: what caseworkers, volunteers, trainers and
// coordinators do with the product. Each authorises, validates and acts, in
// this order, and gives back only what its caller may see, so that whoever
// presents it (JSON today) cannot show too much.
//
//	Caller ──► policy.Allow ──► rules of aid ──► a port: store, processes, matcher
//
// Ports are small and stand beside the use case that needs them. The store
// owns facts; every answer to an offer and every end of a request goes through
// [Processes], which serialise them per help request.
//
// Repeats: a [Caller] may carry an idempotency key. The id of what is created
// and the id of what is asked of a process then derive from account, key and
// kind, so that a repeat after a crash is the same thing once more.
//
// All types are safe for concurrent use once built.
package app
