// Package apptest is a small world in memory for tests of the use cases and of
// what presents them: it keeps people and help requests by the rules of aid and
// answers every port of app. It is safe for concurrent use.
package apptest
