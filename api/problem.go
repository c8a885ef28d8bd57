package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/linli/linli/aid"
)

// Problem is the RFC 9457 body of every error.
type Problem struct {
	Type   string   `json:"type" doc:"Stable name of this kind of problem: urn:linli:problem: and the reason, or the kind where there is no reason." example:"urn:linli:problem:seat_taken"`
	Title  string   `json:"title" doc:"What this kind of problem means."`
	Status int      `json:"status" doc:"The HTTP status."`
	Detail string   `json:"detail" doc:"What happened here and what to do."`
	Reason string   `json:"reason,omitempty" doc:"A word to branch on." example:"seat_taken"`
	Errors []Detail `json:"errors,omitempty" doc:"Every field that is wrong."`

	headers http.Header
}

// Detail is one thing wrong with one field.
type Detail struct {
	Location string `json:"location" doc:"Where: body, query or path, and the field." example:"body.roles[0].people"`
	Message  string `json:"message" doc:"What is wrong and what would be right."`
}

// Error gives what happened.
func (p *Problem) Error() string { return p.Detail }

// GetStatus gives the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders gives headers that belong to the answer, such as Retry-After.
func (p *Problem) GetHeaders() http.Header { return p.headers }

// ContentType says that this is a problem.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// statusOf maps each kind of error to its HTTP status. It and problemOf, for the
// one reason that HTTP has a status of its own for, are where this is decided.
var statusOf = map[aid.Kind]int{
	aid.Invalid:     http.StatusUnprocessableEntity,
	aid.NotFound:    http.StatusNotFound,
	aid.Conflict:    http.StatusConflict,
	aid.Forbidden:   http.StatusForbidden,
	aid.Unknown:     http.StatusUnauthorized,
	aid.Unavailable: http.StatusServiceUnavailable,
	aid.Internal:    http.StatusInternalServerError,
}

var titleOf = map[int]string{
	http.StatusBadRequest:            "The request could not be read",
	http.StatusUnauthorized:          "The caller is not known",
	http.StatusForbidden:             "The caller may not do this",
	http.StatusNotFound:              "Not found",
	http.StatusMethodNotAllowed:      "The method is not served here",
	http.StatusRequestTimeout:        "The body was too slow",
	http.StatusConflict:              "Overtaken by another change",
	http.StatusPreconditionFailed:    "Not what was seen before",
	http.StatusRequestEntityTooLarge: "The body is too large",
	http.StatusUnsupportedMediaType:  "The body is not JSON",
	http.StatusUnprocessableEntity:   "The input breaks a rule",
	http.StatusTooManyRequests:       "Too many requests",
	http.StatusInternalServerError:   "A fault of ours",
	http.StatusServiceUnavailable:    "A part is away",
}

// Seconds after which a caller may try again.
const (
	retryUnavailable = 2
	retryInFlight    = 1
)

const problemType = "urn:linli:problem:"

func newProblem(status int, word, detail string) *Problem {
	title := titleOf[status]
	if title == "" {
		title = http.StatusText(status)
	}
	return &Problem{Type: problemType + word, Title: title, Status: status, Detail: detail, headers: http.Header{}}
}

// problemOf turns an error into its problem. where is put before the fields
// that it names: "body" or "query". What carries no kind is logged with the
// request's id, which is all that the client learns.
func (a *API) problemOf(ctx context.Context, err error, where string) *Problem {
	e, ok := errors.AsType[*aid.Error](err)
	if !ok || statusOf[e.Kind] == 0 {
		e = withoutKind(err)
	}
	status := statusOf[e.Kind]
	if e.Reason == aid.ReasonChangedMeanwhile {
		status = http.StatusPreconditionFailed // it is told only to those who sent If-Match
	}
	switch e.Kind {
	case aid.Internal:
		a.log.ErrorContext(ctx, "a request failed", "request_id", requestID(ctx), "error", err)
		return newProblem(status, string(aid.Internal), "something went wrong here; the request's id is "+requestID(ctx))
	case aid.Unavailable:
		a.log.WarnContext(ctx, "a part is away", "request_id", requestID(ctx), "error", err)
	default:
	}
	word := string(e.Kind)
	if e.Reason != "" {
		word = string(e.Reason)
	}
	p := newProblem(status, word, e.Message)
	p.Reason = string(e.Reason)
	for _, f := range e.Problems {
		p.Errors = append(p.Errors, Detail{locate(where, f.Field), f.Message})
	}
	switch {
	case e.Kind == aid.Unavailable:
		p.headers.Set("Retry-After", strconv.Itoa(retryUnavailable))
	case e.Reason == aid.ReasonKeyInFlight:
		p.headers.Set("Retry-After", strconv.Itoa(retryInFlight))
	case e.Kind == aid.Unknown:
		p.headers.Set("WWW-Authenticate", `Bearer realm="linli", error="invalid_token"`)
	}
	return p
}

// withoutKind gives a kind to what has none: time that ran out is a part that
// is away, everything else a fault of ours.
func withoutKind(err error) *aid.Error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return aid.Errorf(aid.Unavailable, "this took too long and was given up; send it again with the same Idempotency-Key")
	}
	return aid.Errorf(aid.Internal, "")
}

func locate(where, field string) string {
	switch {
	case field == "":
		return where
	case strings.HasPrefix(field, "["):
		return where + field
	}
	return where + "." + field
}

// write sends the problem on a connection that huma does not serve.
func (p *Problem) write(w http.ResponseWriter) {
	for name, values := range p.headers {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // whoever hung up does not read it
}

// init gives huma our problem for what it finds itself. These settings are
// variables of its package; this package is its only user.
func init() {
	huma.NewError = problemOfForm
	huma.DefaultArrayNullable = false
	huma.ValidateStrictCasing = true
}

// problemOfForm is the problem of a request whose form is wrong.
func problemOfForm(status int, message string, errs ...error) huma.StatusError {
	if status == http.StatusInternalServerError && !strings.HasPrefix(message, "cannot read") {
		return newProblem(status, string(aid.Internal), "something went wrong here")
	}
	words := map[int][2]string{
		http.StatusRequestEntityTooLarge: {"too_large", "a body may have at most 1 MiB"},
		http.StatusUnsupportedMediaType:  {"unsupported_media_type", "send the body as Content-Type: application/json"},
		http.StatusBadRequest:            {"malformed", "the request cannot be read"},
		http.StatusNotFound:              {string(aid.NotFound), "there is no such thing, or it is not yours to see"},
		http.StatusRequestTimeout:        {"timeout", "the body did not arrive in time; send it again"},
		http.StatusInternalServerError:   {"malformed", "the body broke off"},
		http.StatusUnprocessableEntity:   {string(aid.Invalid), "the request is not of the form that is asked for"},
	}
	w, ok := words[status]
	if !ok {
		w = [2]string{strings.ToLower(strings.ReplaceAll(http.StatusText(status), " ", "_")), message}
	}
	if status == http.StatusInternalServerError {
		status = http.StatusBadRequest
	}
	p := newProblem(status, w[0], w[1])
	if status == http.StatusNotFound { // what is wrong with an id is not told
		return p
	}
	for _, err := range errs {
		if d := detailOf(err); d.Message != "" && status != http.StatusUnsupportedMediaType {
			p.Errors = append(p.Errors, d)
		}
	}
	if status == http.StatusBadRequest && len(p.Errors) == 0 && message != "" {
		p.Errors = []Detail{{"body", message}}
	}
	return p
}

// detailOf takes over what huma found, without the value: it may be personal.
func detailOf(err error) Detail {
	d, ok := err.(huma.ErrorDetailer) //nolint:errorlint // huma hands the detail itself, never wrapped
	if !ok {
		return Detail{"body", "is not of the form that is asked for"}
	}
	found := d.ErrorDetail()
	if name, ok := strings.CutPrefix(found.Message, "expected required property "); ok {
		return Detail{locate(found.Location, strings.TrimSuffix(name, " to be present")), "is missing"}
	}
	if strings.HasPrefix(found.Message, "invalid date/time for format") {
		return Detail{found.Location, "must be a time such as 2026-11-30T08:00:00+08:00"}
	}
	if found.Message == "unexpected property" {
		return Detail{found.Location, "is no field that is known here"}
	}
	return Detail{found.Location, found.Message}
}
