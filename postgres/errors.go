package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"

	"github.com/linli/linli/aid"
)

// SQLSTATE codes that are told apart, see the appendix "PostgreSQL Error Codes".
const (
	codeForeignKey       = "23503"
	codeUnique           = "23505"
	codeCheck            = "23514"
	codeExclusion        = "23P01"
	codeSerialization    = "40001"
	codeDeadlock         = "40P01"
	codeDiskFull         = "53100"
	codeQueryCanceled    = "57014"
	codeReadOnly         = "25006" // a standby: the primary has moved
	classConnection      = "08"
	classData            = "22"
	classResources       = "53"
	classAdminShutdown   = "57P"
	classInsufficientAut = "28"
)

// guards says what it means when a constraint refuses a change.
var guards = map[string]struct {
	reason  aid.Reason
	message string
}{
	"asked_once":                  {aid.ReasonAlreadyAsked, "this volunteer has been asked for this help request already"},
	"seat_held_once":              {aid.ReasonSeatTaken, "somebody else has taken the seat"},
	"volunteer_booked_once":       {aid.ReasonDoubleBooked, "the volunteer is bound elsewhere at that time"},
	"volunteer_within_capacity":   {aid.ReasonOverCapacity, "the volunteer would have more tasks than their capacity allows"},
	"apart_from_beneficiary_once": {aid.ReasonAlreadyExists, "these two are kept apart already"},
	"apart_from_volunteer_once":   {aid.ReasonAlreadyExists, "these two are kept apart already"},
	"accepted_before_the_end":     {aid.ReasonOfferExpired, "the offer has ended"},
}

// mapped turns an error of the driver or server into one of package aid. It is
// the only place that knows what Postgres's errors mean. Errors of package aid
// stay as they are.
func mapped(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*aid.Error](err); ok {
		return e
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return ofServer(e)
	}
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return caused(aid.NotFound, "", err, "there is no such record")
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return caused(aid.Unavailable, "", err, "the database did not answer in time; try again")
	case connectionLost(err):
		return caused(aid.Unavailable, "", err, "the database is away; try again")
	}
	return caused(aid.Internal, "", err, "the database could not be read or written")
}

// brokenOff tells whether the server ended the transaction only because of others.
func brokenOff(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == codeSerialization || e.Code == codeDeadlock)
}

func ofServer(e *pgconn.PgError) error {
	if g, ok := guards[e.ConstraintName]; ok {
		return caused(aid.Conflict, g.reason, e, "%s", g.message)
	}
	switch e.Code {
	case codeUnique:
		return caused(aid.Conflict, aid.ReasonAlreadyExists, e, "a record with this id exists already")
	case codeForeignKey:
		return misfit(e, "does not exist")
	case codeCheck:
		return misfit(e, "is not allowed")
	case codeExclusion:
		return caused(aid.Conflict, "", e, "another record stands against it")
	case codeSerialization, codeDeadlock:
		return caused(aid.Unavailable, "", e, "too many changes at once; try again")
	case codeDiskFull:
		return caused(aid.Unavailable, "", e, "the database's disk is full; free space and try again")
	case codeQueryCanceled:
		return caused(aid.Unavailable, "", e, "the database did not answer in time; try again")
	case codeReadOnly:
		return caused(aid.Unavailable, "", e, "the database takes no changes now; try again")
	}
	for _, class := range []string{classConnection, classResources, classAdminShutdown} {
		if strings.HasPrefix(e.Code, class) {
			return caused(aid.Unavailable, "", e, "the database is away; try again")
		}
	}
	if strings.HasPrefix(e.Code, classInsufficientAut) {
		return caused(aid.Unavailable, "", e, "the database refuses this program; check the Postgres URL")
	}
	if strings.HasPrefix(e.Code, classData) {
		return caused(aid.Invalid, "", e, "a value has a form that cannot be kept")
	}
	return caused(aid.Internal, "", e, "the database could not be read or written")
}

// misfit names the field that a key or check refuses, which Postgres's names of
// constraints hold: table_field_fkey, table_field_check.
func misfit(e *pgconn.PgError, message string) error {
	field := strings.TrimPrefix(e.ConstraintName, e.TableName+"_")
	field, named := strings.CutSuffix(field, "_fkey")
	if !named {
		field, named = strings.CutSuffix(field, "_check")
	}
	if !named {
		return caused(aid.Internal, "", e, "the database refuses an unsound record")
	}
	if field == "identifier" { // the domain's own check, which no column is named by
		field, message = "id", "must be 1 to 64 letters, digits, '.', '_' or '-'"
	}
	return &aid.Error{Kind: aid.Invalid, Message: "invalid record", Problems: []aid.Problem{{Field: field, Message: message}}, Err: e}
}

func connectionLost(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, puddle.ErrClosedPool) || pgconn.SafeToRetry(err)
}

func caused(kind aid.Kind, reason aid.Reason, cause error, format string, args ...any) *aid.Error {
	return &aid.Error{Kind: kind, Reason: reason, Message: fmt.Sprintf(format, args...), Err: cause}
}

// orNotFound names what was looked for when a query of one row found none.
func orNotFound(err error, what string) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return aid.Errorf(aid.NotFound, "there is no such %s", what)
	}
	return mapped(err)
}
