package postgres_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
	"github.com/linli/linli/workflows/contract"
)

// mailed gives a volunteer an account that gets its notices by e-mail.
func (w *world) mailed(v aid.VolunteerID) aid.AccountID {
	w.t.Helper()
	account := w.account(v)
	hash := sha256.Sum256([]byte(v))
	require.NoError(w.t, w.PutEmailCode(w.t.Context(), account, string(v)+"@example.org", hash, time.Hour))
	require.NoError(w.t, w.VerifyEmail(w.t.Context(), account, hash))
	require.NoError(w.t, w.PutContact(w.t.Context(), aid.Contact{
		Account: account, Language: aid.English, Channels: []aid.Channel{aid.ChannelEmail}, Quiet: aid.DailyHours{From: 60, To: 120},
	}))
	return account
}

// asked is a world with so many notices that are to be mailed.
func asked(t *testing.T, n int) *world {
	t.Helper()
	w := newWorld(t)
	for i, v := range w.volunteers(n) {
		w.mailed(v)
		id := aid.RequestID(fmt.Sprintf("r%d", i))
		w.request(id, w.need(1, 3))
		w.ask(id, 1, v)
	}
	return w
}

func (w *world) claim(run string, limit int) []aid.Delivery {
	w.t.Helper()
	got, err := w.ClaimDeliveries(w.t.Context(), aid.ChannelEmail, run, limit)
	require.NoError(w.t, err)
	return got
}

// wakes counts the outbox rows that wake the process of a channel.
func (w *world) wakes() int {
	return w.count("SELECT count(*) FROM outbox WHERE kind = $1 AND key = 'notices/email'", contract.OutboxNoticesDue)
}

// Whoever has answered before the mail goes is not asked for an answer any more.
func TestWhatAsksForAnAnswerThatIsGivenIsOvertaken(t *testing.T) {
	t.Parallel()
	w := asked(t, 2)
	require.NoError(t, w.accept(t.Context(), "r0", "v000"))
	overtaken := map[aid.NoticeKind][]bool{}
	for _, d := range w.claim("run", 9) {
		overtaken[d.Notice.Kind] = append(overtaken[d.Notice.Kind], d.Overtaken)
	}
	require.ElementsMatch(t, []bool{true, false}, overtaken[aid.NoticeOfferMade])
	require.Equal(t, []bool{false}, overtaken[aid.NoticePairingConfirmed])
}

func TestANoticeGoesByTheChannelsOfItsReader(t *testing.T) {
	t.Parallel()
	w := asked(t, 1)
	w.volunteer("quiet", 1)
	w.account("quiet") // has chosen no channel
	w.request("other", w.need(1, 3))
	w.ask("other", 1, "quiet")
	got := w.claim("run", 9)
	require.Len(t, got, 1)
	d := got[0]
	require.Equal(t, aid.NoticeOfferMade, d.Notice.Kind)
	require.Equal(t, 1, d.Attempts)
	require.Equal(t, aid.ChannelEmail, d.Channel)
	require.Equal(t, aid.Contact{
		Account: "v.v000", Language: aid.English, Zone: aid.DefaultZone, Channels: []aid.Channel{aid.ChannelEmail},
		Quiet: aid.DailyHours{From: 60, To: 120}, Email: "v000@example.org",
	}, d.To)
	require.Equal(t, "Harbin", d.Notice.About.Area.En)
	w.sound()
}

func TestOnlyOneRunHasADelivery(t *testing.T) {
	t.Parallel()
	w := asked(t, 8)
	var mu sync.Mutex
	seen := map[aid.NoticeID]int{}
	var runs sync.WaitGroup
	for i := range 4 {
		runs.Go(func() {
			for range 4 {
				got, err := w.ClaimDeliveries(context.WithoutCancel(t.Context()), aid.ChannelEmail, fmt.Sprintf("run-%d", i), 1)
				if err != nil {
					panic(err)
				}
				for _, d := range got {
					if err := w.NoteDelivery(context.WithoutCancel(t.Context()), d, aid.DeliveryOutcome{Status: aid.DeliverySent}); err != nil {
						panic(err)
					}
					mu.Lock()
					seen[d.Notice.ID]++
					mu.Unlock()
				}
			}
		})
	}
	runs.Wait()
	require.Len(t, seen, 8)
	for id, n := range seen {
		require.Equal(t, 1, n, id)
	}
}

func TestARunThatIsRepeatedTakesUpWhatItHad(t *testing.T) {
	t.Parallel()
	w := asked(t, 2)
	require.Len(t, w.claim("first", 1), 1)
	require.Len(t, w.claim("second", 9), 1, "not what the first has")
	require.Empty(t, w.claim("third", 9))
	again := w.claim("first", 9)
	require.Len(t, again, 1)
	require.Equal(t, 2, again[0].Attempts)

	next, err := w.NextDelivery(t.Context(), aid.ChannelEmail)
	require.NoError(t, err)
	require.True(t, next.After(w.now.Add(4*time.Minute)), "whoever claimed has some minutes")
	require.NoError(t, w.sql("UPDATE deliveries SET next_try_at = now() - interval '1 second'"))
	due, err := w.DueChannels(t.Context())
	require.NoError(t, err)
	require.Equal(t, []aid.Channel{aid.ChannelEmail}, due)
	require.Len(t, w.claim("third", 9), 2, "then others may")
	due, err = w.DueChannels(t.Context())
	require.NoError(t, err)
	require.Empty(t, due)
}

func TestWhatBecameOfADeliveryIsKept(t *testing.T) {
	t.Parallel()
	w := asked(t, 1)
	note := func(d aid.Delivery, o aid.DeliveryOutcome) {
		require.NoError(t, w.NoteDelivery(t.Context(), d, o))
	}
	d := w.claim("a", 1)[0]
	later := w.now.Add(time.Hour)
	note(d, aid.DeliveryOutcome{Status: aid.DeliveryPending, NextTry: later, Reason: "quiet hours", Untried: true})
	require.Empty(t, w.claim("a", 1), "it is nobody's any more")
	next, err := w.NextDelivery(t.Context(), aid.ChannelEmail)
	require.NoError(t, err)
	require.True(t, later.Equal(next))

	require.NoError(t, w.sql("UPDATE deliveries SET next_try_at = now()"))
	d = w.claim("b", 1)[0]
	require.Equal(t, 1, d.Attempts, "being put off was no attempt")
	note(d, aid.DeliveryOutcome{Status: aid.DeliveryPending, NextTry: w.now, Reason: "away"})
	d = w.claim("c", 1)[0]
	require.Equal(t, 2, d.Attempts)
	note(d, aid.DeliveryOutcome{Status: aid.DeliverySent})
	note(d, aid.DeliveryOutcome{Status: aid.DeliveryGivenUp, Reason: "late word of another run"})
	require.Equal(t, 1, w.count("SELECT count(*) FROM deliveries WHERE status = 'sent' AND ended_at IS NOT NULL AND claimed_by = ''"))
	next, err = w.NextDelivery(t.Context(), aid.ChannelEmail)
	require.NoError(t, err)
	require.Zero(t, next)
	w.sound()
}

func TestManyNoticesWakeTheirProcessOnce(t *testing.T) {
	t.Parallel()
	w := asked(t, 5)
	require.Equal(t, 1, w.wakes())
	var kinds []string
	eventually(t, "the row falls due", func() bool {
		_, err := w.DeliverOutbox(t.Context(), 100, func(_ context.Context, m postgres.Message) error {
			kinds = append(kinds, m.Kind)
			return nil
		})
		require.NoError(t, err)
		return w.wakes() == 0
	})
	require.Contains(t, kinds, contract.OutboxNoticesDue)
	require.NoError(t, w.decline("r0", "v000")) // tells nobody by e-mail
	require.Zero(t, w.wakes())
}

// TestAWakeIsNotLostBetweenTwoChanges: a row that the relay is delivering may
// come too early for a change that is not committed yet, and one that waits for
// the change must not be delivered before it is.
func TestAWakeIsNotLostBetweenTwoChanges(t *testing.T) {
	t.Parallel()
	w := asked(t, 1)
	w.volunteer("v9", 1)
	w.mailed("v9")
	w.request("r9", w.need(1, 3))

	relay := w.connect()
	tx, err := relay.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), "DELETE FROM outbox WHERE key = 'notices/email'")
	require.NoError(t, err)
	w.ask("r9", 1, "v9") // while the row is being delivered, without waiting for that
	require.NoError(t, tx.Commit(t.Context()))
	require.Equal(t, 1, w.wakes(), "a row of its own")

	change := w.connect()
	tx, err = change.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `SELECT FROM outbox WHERE key = 'notices/email' FOR UPDATE SKIP LOCKED`) // as InsertNotices does
	require.NoError(t, err)
	require.NoError(t, w.sql("UPDATE outbox SET next_try_at = now() - interval '1 second' WHERE key <> 'notices/email'"))
	delivered := 0
	_, err = w.DeliverOutbox(t.Context(), 100, func(_ context.Context, m postgres.Message) error {
		if m.Kind == contract.OutboxNoticesDue {
			delivered++
		}
		return nil
	})
	require.NoError(t, err)
	require.Zero(t, delivered, "not before the change that relies on it has ended")
	require.NoError(t, tx.Commit(t.Context()))
}

func TestAnAddressIsVerified(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v1", 1)
	account := w.account("v1")
	right, wrong := sha256.Sum256([]byte("right")), sha256.Sum256([]byte("wrong"))
	ctx := t.Context()
	put := func(address string) error { return w.PutEmailCode(ctx, account, address, right, time.Hour) }
	contact := func() aid.Contact {
		c, err := w.Contact(ctx, account)
		require.NoError(t, err)
		return c
	}
	aMinuteLater := func() {
		require.NoError(t, w.sql("UPDATE email_codes SET sent_at = sent_at - interval '1 minute'"))
	}
	invalid := func(err error) { require.Equal(t, aid.Invalid, aid.KindOf(err), "%v", err) }

	invalid(w.VerifyEmail(ctx, account, right)) // nothing was mailed
	require.NoError(t, put("a@example.org"))
	require.Equal(t, aid.ReasonCodeSent, aid.ReasonOf(put("b@example.org")))
	require.Equal(t, "a@example.org", contact().EmailUnverified)
	require.Empty(t, contact().Email)
	invalid(w.VerifyEmail(ctx, account, wrong))
	invalid(w.VerifyEmail(ctx, "c1", right)) // somebody else's
	require.NoError(t, w.VerifyEmail(ctx, account, right))
	require.Equal(t, "a@example.org", contact().Email)
	require.Empty(t, contact().EmailUnverified)
	require.Equal(t, aid.Chinese, contact().Language)
	invalid(w.VerifyEmail(ctx, account, right)) // once

	require.NoError(t, put("b@example.org"))
	for range 5 {
		invalid(w.VerifyEmail(ctx, account, wrong))
	}
	invalid(w.VerifyEmail(ctx, account, right)) // five were wrong
	require.Equal(t, "a@example.org", contact().Email, "the old address stays until then")
	aMinuteLater()
	require.NoError(t, put("b@example.org"))
	require.NoError(t, w.VerifyEmail(ctx, account, right))
	require.Equal(t, "b@example.org", contact().Email)

	require.NoError(t, put("c@example.org"))
	require.NoError(t, w.sql("UPDATE email_codes SET expires_at = now() - interval '1 second'"))
	require.Empty(t, contact().EmailUnverified)
	invalid(w.VerifyEmail(ctx, account, right)) // too late

	require.NoError(t, w.PutContact(ctx, aid.Contact{Account: account, Language: aid.English, Channels: []aid.Channel{aid.ChannelEmail}}))
	require.NoError(t, w.DropEmail(ctx, account))
	require.Empty(t, contact().Email)
	require.Empty(t, contact().Channels, "the channel leads nowhere any more")
	require.Equal(t, aid.English, contact().Language)
}

func TestAWebhookKeepsItsOldSecretForADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	hook := func() aid.Webhook {
		c, err := w.Contact(ctx, "c1")
		require.NoError(t, err)
		return c.Webhook
	}
	require.NoError(t, w.PutWebhook(ctx, "c1", "https://example.org/1", "first"))
	require.Equal(t, aid.Webhook{URL: "https://example.org/1", Secret: "first"}, hook())
	require.NoError(t, w.PutWebhook(ctx, "c1", "https://example.org/2", "second"))
	require.Equal(t, aid.Webhook{URL: "https://example.org/2", Secret: "second", OldSecret: "first"}, hook())
	require.NoError(t, w.sql("UPDATE webhooks SET old_until = old_until - interval '24 hours'"))
	require.Equal(t, aid.Webhook{URL: "https://example.org/2", Secret: "second"}, hook())

	require.NoError(t, w.PutContact(ctx, aid.Contact{Account: "c1", Language: aid.Chinese, Channels: []aid.Channel{aid.ChannelWebhook}}))
	require.NoError(t, w.DropWebhook(ctx, "c1"))
	c, err := w.Contact(ctx, "c1")
	require.NoError(t, err)
	require.Empty(t, c.Webhook)
	require.Empty(t, c.Channels)
}

func TestBrowsersAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.volunteer("v1", 1)
	account := w.account("v1")
	browsers := func(of aid.AccountID) []aid.PushSubscription {
		c, err := w.Contact(ctx, of)
		require.NoError(t, err)
		return c.Push
	}
	at := func(i int) aid.PushSubscription {
		return aid.PushSubscription{Endpoint: fmt.Sprintf("https://push.example/%02d", i), P256dh: "key", Auth: "auth"}
	}
	for i := range aid.MaxPush + 2 {
		require.NoError(t, w.PutPushSubscription(ctx, account, at(i)))
	}
	kept := browsers(account)
	require.Len(t, kept, aid.MaxPush)
	require.Equal(t, at(aid.MaxPush+1), kept[0], "the newest are kept")
	require.NotContains(t, kept, at(1))
	require.NoError(t, w.PutPushSubscription(ctx, "c1", at(5)))
	require.Equal(t, []aid.PushSubscription{at(5)}, browsers("c1"), "a browser is whose it was last")
	require.NotContains(t, browsers(account), at(5))
	require.NoError(t, w.DropPushSubscription(ctx, at(5).Endpoint))
	require.Empty(t, browsers("c1"))
	require.NoError(t, w.PutContact(ctx, aid.Contact{Account: account, Language: aid.Chinese, Channels: aid.Channels}))
}
