// Package web is the pages for people: what a volunteer does on a phone (answer
// offers, find the way, check in and out) and what a caseworker does beside it.
// Pages are whole without a script; the script adds the phone's position and the
// link by which somebody signs in. See docs/architecture/pages.md.
package web
