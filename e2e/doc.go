// Package e2e drives the real program from outside: it builds linli, starts
// `linli dev` on a directory of its own with real Postgres and real Temporal,
// and does over HTTP what caseworkers and volunteers do.
package e2e
