// Package processes is the way to the workflows from outside: it starts them,
// tells them what changed, and puts answers to them as updates, so that a
// volunteer learns at once whether theirs counts.
//
// Everything here may be called twice: workflow ids are fixed by what they are
// for, and an update carries the id of the answer it brings. When Temporal is
// away the error is aid.Unavailable, and the answer may or may not have counted:
// sending the same again gives the same outcome.
package processes
