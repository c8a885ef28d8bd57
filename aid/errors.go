package aid

import (
	"errors"
	"fmt"
)

// Kind says what a caller can do about an error. It is mapped to an HTTP
// status, a page and a retry decision in one place each.
type Kind string

// The kinds of error. Everything that carries none of them is [Internal].
const (
	Invalid     Kind = "invalid"     // the input breaks a rule; correct it and send it again
	NotFound    Kind = "not_found"   // there is no such thing, or the caller may not know of it
	Conflict    Kind = "conflict"    // true when sent, overtaken since; read again and decide
	Forbidden   Kind = "forbidden"   // the caller may not do this here
	Unknown     Kind = "unknown"     // the caller is not known; sign in
	Unavailable Kind = "unavailable" // a part is away; nothing was done; try again
	Internal    Kind = "internal"    // a fault of ours
)

// Reason is a stable word that programs may branch on, finer than a [Kind].
type Reason string

// Reasons for which an answer or a change comes too late.
const (
	ReasonSeatTaken        Reason = "seat_taken"        // somebody else took the last seat
	ReasonOfferExpired     Reason = "offer_expired"     // the deadline has passed
	ReasonOfferEnded       Reason = "offer_ended"       // answered or revoked before
	ReasonRequestEnded     Reason = "request_ended"     // cancelled, completed or given up
	ReasonPairingEnded     Reason = "pairing_ended"     // withdrawn or ended before
	ReasonDoubleBooked     Reason = "double_booked"     // the volunteer is bound elsewhere at that time
	ReasonOverCapacity     Reason = "over_capacity"     // the volunteer has as many tasks as they can take
	ReasonAlreadyExists    Reason = "already_exists"    // the id is in use
	ReasonKeyReused        Reason = "key_reused"        // the idempotency key came with another body
	ReasonKeyInFlight      Reason = "key_in_flight"     // the first request with this key has not ended
	ReasonAlreadyAsked     Reason = "already_asked"     // this volunteer has an offer for this request
	ReasonWrongTime        Reason = "wrong_time"        // the step does not fit the state or the clock
	ReasonStillReferred    Reason = "still_referred"    // other records need this one
	ReasonWrongPlace       Reason = "wrong_place"       // the phone is not where the help is given
	ReasonWrongCode        Reason = "wrong_code"        // it is not the code of the visit
	ReasonSettled          Reason = "settled"           // a coordinator has decided already
	ReasonExcluded         Reason = "excluded"          // a person said that this volunteer is not to be asked
	ReasonHoldsSeat        Reason = "holds_seat"        // the volunteer has accepted
	ReasonNotEligible      Reason = "not_eligible"      // the volunteer fails a rule, or is not free or not to be asked now
	ReasonSearchFinished   Reason = "search_finished"   // no more people are asked for this request
	ReasonNotSuitable      Reason = "not_suitable"      // the volunteer may not be asked; why is for coordinators only
	ReasonCodeSent         Reason = "code_sent"         // a code was mailed a moment ago
	ReasonChangedMeanwhile Reason = "changed_meanwhile" // the record is not what it was when it was read
)

// Problem is one thing wrong with an input.
type Problem struct {
	Field   string `json:"field,omitempty"` // path of the field, such as "roles[0].people"; empty for the whole
	Message string `json:"message"`         // what is wrong and what would be right
}

// Error is the one error type that crosses package borders on purpose. Its text
// is written for the person who sent the input and holds no private data.
type Error struct {
	Kind     Kind
	Reason   Reason    // optional
	Message  string    // what happened and what to do
	Problems []Problem // for Invalid: every field that is wrong
	Err      error     // the cause, for logs only
}

// Error gives the message with the fields it names.
func (e *Error) Error() string {
	s := e.Message
	for i, p := range e.Problems {
		sep := "; "
		if i == 0 {
			sep = ": "
		}
		if p.Field != "" {
			s += sep + p.Field + ": " + p.Message
		} else {
			s += sep + p.Message
		}
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an error of a kind.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Because makes an error of a kind with a reason that programs can branch on.
func Because(kind Kind, reason Reason, format string, args ...any) *Error {
	return &Error{Kind: kind, Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// KindOf gives the kind of err, [Internal] when it carries none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// ReasonOf gives the reason of err, empty when it carries none.
func ReasonOf(err error) Reason {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return ""
}

// Check gathers what is wrong with an input, so that one answer names every
// field. The zero value is ready; it is not safe for concurrent use.
type Check struct{ problems []Problem }

// That notes a problem with field unless ok.
func (c *Check) That(ok bool, field, format string, args ...any) {
	if !ok {
		c.problems = append(c.problems, Problem{field, fmt.Sprintf(format, args...)})
	}
}

// Within takes over the problems of err under a prefix such as "location".
// An error that is not a *Error is noted by its text.
func (c *Check) Within(prefix string, err error) {
	if err == nil {
		return
	}
	e, ok := errors.AsType[*Error](err)
	if !ok || len(e.Problems) == 0 {
		c.problems = append(c.problems, Problem{prefix, err.Error()})
		return
	}
	for _, p := range e.Problems {
		field := prefix
		switch {
		case p.Field == "":
		case prefix == "" || p.Field[0] == '[':
			field += p.Field
		default:
			field += "." + p.Field
		}
		c.problems = append(c.problems, Problem{field, p.Message})
	}
}

// Err gives one [Invalid] error with all problems, or nil when there are none.
func (c *Check) Err(what string) error {
	if len(c.problems) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: "invalid " + what, Problems: c.problems}
}
