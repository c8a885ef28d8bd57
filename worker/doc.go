// Package worker runs what happens behind the API: the processes with their
// steps, the match rounds over the index, and the relay that carries committed
// work to Temporal.
//
//	outbox ──► Relay ──► Temporal ──► queue linli-processes ──► workflows, Requests
//	                         └──────► queue linli-matching  ──► Rounds ──► index ◄── feed
//
// A Sweep brings back processes that were lost, so that what the facts call for
// happens even when nothing new comes in.
//
// Any number of workers may run at one time, each with everything. What one
// leaves behind when it dies, the others take up: workflow tasks after seconds, a
// round after half a minute without a heartbeat, outbox rows at once.
package worker
