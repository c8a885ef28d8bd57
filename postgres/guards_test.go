package postgres_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
)

// The constraints hold whatever the program does, so each is broken by hand.
func TestTheGuardsBite(t *testing.T) {
	t.Parallel()
	w := busy(t)
	w.request("later", w.need(3, 20))
	const offer = `INSERT INTO offers (id, request_id, role_no, volunteer_id, status, round_id, distance, spare_skills, made_at, expires_at, answered_at) `
	const pairing = `INSERT INTO pairings (id, request_id, role_no, seat_no, volunteer_id, beneficiary_id, offer_id, status, made_at, ended_at) `
	for name, test := range map[string]struct {
		statement string
		kind      aid.Kind
		reason    aid.Reason
		field     string
	}{
		"a seat is held once": {
			offer + `VALUES ('x', 'paired', 0, 'v003', 'accepted', 'r', 0, 0, now(), now() + interval '1h', now());` +
				pairing + `VALUES ('x', 'paired', 0, 0, 'v003', 'b1', 'x', 'forming', now(), NULL)`,
			aid.Conflict, aid.ReasonSeatTaken, "",
		},
		"an offer becomes one pairing": {
			pairing + `VALUES ('x', 'paired', 0, 1, 'v000', 'b1', 'o-paired-v000', 'forming', now(), NULL)`,
			aid.Conflict, aid.ReasonAlreadyExists, "",
		},
		"nobody is asked twice": {
			offer + `VALUES ('x', 'offered', 0, 'v001', 'pending', 'r', 0, 0, now(), now() + interval '1h', NULL)`,
			aid.Conflict, aid.ReasonAlreadyAsked, "",
		},
		"nobody is booked twice at one time": {
			`INSERT INTO reservations SELECT 'later', 'v000', during FROM reservations WHERE request_id = 'paired'`,
			aid.Conflict, aid.ReasonDoubleBooked, "",
		},
		"nobody is booked in part of the time": {
			`INSERT INTO reservations SELECT 'later', 'v000', tstzrange(upper(during) - interval '1 microsecond', upper(during) + interval '1h')
			FROM reservations WHERE request_id = 'paired'`,
			aid.Conflict, aid.ReasonDoubleBooked, "",
		},
		"nobody has more than their capacity": {
			`INSERT INTO reservations SELECT 'later', 'v000', tstzrange(starts_at, ends_at) FROM help_requests WHERE id = 'later'`,
			aid.Conflict, aid.ReasonOverCapacity, "",
		},
		"capacity does not fall below what binds": {
			`UPDATE volunteers SET load = 2, capacity = 2 WHERE id = 'v000'; UPDATE volunteers SET capacity = 1 WHERE id = 'v000'`,
			aid.Conflict, aid.ReasonOverCapacity, "",
		},
		"a request reserves a volunteer once": {
			`UPDATE volunteers SET capacity = 2; INSERT INTO reservations SELECT 'paired', 'v000', tstzrange(starts_at, ends_at) FROM help_requests WHERE id = 'later'`,
			aid.Conflict, aid.ReasonAlreadyExists, "",
		},
		"reservations do not move": {`UPDATE reservations SET during = 'empty'`, aid.Internal, "", ""},
		"no offer is accepted after its end": {
			`UPDATE offers SET status = 'accepted', answered_at = expires_at WHERE id = 'o-offered-v001'`,
			aid.Conflict, aid.ReasonOfferExpired, "",
		},
		"a pending offer has no answer":    {`UPDATE offers SET answered_at = now() WHERE id = 'o-offered-v001'`, aid.Internal, "", ""},
		"an answered offer has one":        {`UPDATE offers SET status = 'declined' WHERE id = 'o-offered-v001'`, aid.Internal, "", ""},
		"an ended pairing has an end":      {`UPDATE pairings SET status = 'completed'`, aid.Internal, "", ""},
		"an ended request has an end":      {`UPDATE help_requests SET status = 'completed' WHERE id = 'paired'`, aid.Internal, "", ""},
		"a live request has none":          {`UPDATE help_requests SET ended_at = now() WHERE id = 'paired'`, aid.Internal, "", ""},
		"an offer is for a role":           {offer + `VALUES ('x', 'paired', 7, 'v003', 'pending', 'r', 0, 0, now(), now(), NULL)`, aid.Invalid, "", "request_id_role_no"},
		"statuses are known":               {`UPDATE offers SET status = 'lost'`, aid.Invalid, "", "status"},
		"a window has length":              {`UPDATE help_requests SET ends_at = starts_at`, aid.Internal, "", ""},
		"places are on Earth":              {`UPDATE volunteers SET lat = 90.5`, aid.Invalid, "", "lat"},
		"capacity is limited":              {`UPDATE volunteers SET capacity = 21`, aid.Invalid, "", "capacity"},
		"identifiers have their form":      {`INSERT INTO skills VALUES ('a b', '', '')`, aid.Invalid, "", "id"},
		"identifiers are not longer":       {`INSERT INTO skills VALUES (repeat('a', 65), '', '')`, aid.Invalid, "", "id"},
		"areas are known":                  {`UPDATE volunteers SET area_id = 'nowhere'`, aid.Invalid, "", "area_id"},
		"parents are known":                {`UPDATE areas SET parent = 'nowhere'`, aid.Invalid, "", "parent"},
		"only volunteers are volunteers":   {`UPDATE accounts SET volunteer_id = 'v000'`, aid.Internal, "", ""},
		"only hashes of tokens are kept":   {`INSERT INTO tokens (hash, account_id) VALUES ('secret', 'c1')`, aid.Invalid, "", "hash"},
		"text is text":                     {`UPDATE volunteers SET skills = '{'`, aid.Invalid, "", ""},
		"a full disk passes":               {`DO $$ BEGIN RAISE disk_full; END $$`, aid.Unavailable, "", ""},
		"too many connections pass":        {`DO $$ BEGIN RAISE too_many_connections; END $$`, aid.Unavailable, "", ""},
		"a server that stops passes":       {`DO $$ BEGIN RAISE admin_shutdown; END $$`, aid.Unavailable, "", ""},
		"a statement cut off passes":       {`DO $$ BEGIN RAISE query_canceled; END $$`, aid.Unavailable, "", ""},
		"deadlocks pass":                   {`DO $$ BEGIN RAISE deadlock_detected; END $$`, aid.Unavailable, "", ""},
		"a standby takes no changes":       {`SET TRANSACTION READ ONLY; DELETE FROM outbox`, aid.Unavailable, "", ""},
		"what is broken in the program is": {`SELECT nothing`, aid.Internal, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			tx, err := w.connect().Begin(t.Context())
			require.NoError(t, err)
			defer tx.Rollback(t.Context()) //nolint:errcheck // nothing is kept
			_, err = tx.Conn().PgConn().Exec(t.Context(), test.statement).ReadAll()
			require.Error(t, err)
			err = postgres.Mapped(err)
			require.Equal(t, test.kind, aid.KindOf(err), "%v: %v", err, errors.Unwrap(err))
			require.Equal(t, test.reason, aid.ReasonOf(err))
			e := new(aid.Error)
			require.ErrorAs(t, err, &e)
			if test.field != "" {
				require.Len(t, e.Problems, 1)
				require.Equal(t, test.field, e.Problems[0].Field)
			}
			require.NotContains(t, err.Error(), "SQLSTATE", "what is of the server stays in the cause")
		})
	}
}

func TestErrorsOfOursStayAsTheyAre(t *testing.T) {
	t.Parallel()
	ours := aid.Because(aid.Conflict, aid.ReasonSeatTaken, "taken")
	require.Same(t, ours, postgres.Mapped(ours))
	require.NoError(t, postgres.Mapped(nil))
	require.Equal(t, aid.Internal, aid.KindOf(postgres.Mapped(errors.New("?"))))
}
