package worker_test

import (
	"context"
	"crypto/sha256"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// letterbox takes what is sent.
type letterbox struct {
	mu    sync.Mutex
	got   []aid.NoticeID
	fail  error
	begun chan struct{} // if set, told of each sending, which then goes on only
	hold  chan struct{} // when this is closed or the sending is cut off
}

func (l *letterbox) Send(ctx context.Context, _ aid.Contact, n aid.Notice, _ aid.NoticeText) error {
	if l.begun != nil {
		l.begun <- struct{}{}
		select {
		case <-l.hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		return l.fail
	}
	l.got = append(l.got, n.ID)
	return nil
}

func (l *letterbox) letters() []aid.NoticeID {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]aid.NoticeID{}, l.got...)
}

// plainWriter writes a notice's kind.
type plainWriter struct{}

func (plainWriter) Write(n aid.Notice, _ aid.Contact) (aid.NoticeText, error) {
	return aid.NoticeText{Title: string(n.Kind), Body: string(n.Kind)}, nil
}

// mailed has a volunteer get notices by e-mail.
func (s *system) mailed(v aid.VolunteerID) {
	s.Helper()
	hash := sha256.Sum256([]byte(v))
	account := aid.AccountID(v)
	require.NoError(s, s.store.PutEmailCode(s.Context(), account, string(v)+"@example.org", hash, time.Hour))
	require.NoError(s, s.store.VerifyEmail(s.Context(), account, hash))
	require.NoError(s, s.store.PutContact(s.Context(), aid.Contact{Account: account, Language: aid.English, Channels: []aid.Channel{aid.ChannelEmail}}))
}

// sent waits until every delivery has ended, and gives the notices that the
// first volunteer has.
func (s *system) sent(least int) []aid.Notice {
	s.Helper()
	s.until("the notices are sent", func() bool {
		next, err := s.store.NextDelivery(s.Context(), aid.ChannelEmail)
		require.NoError(s, err)
		return next.IsZero() && len(s.mail.letters()) >= least
	})
	page, err := s.store.Notices(s.Context(), aid.NoticeFilter{Recipient: aid.AccountID(volunteer(0))}, aid.Page{Limit: 100})
	require.NoError(s, err)
	return page.Items
}

func TestNoticesReachTheirReader(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.volunteers(1)
	s.mailed(volunteer(0))
	s.work()
	s.open("r1", 1, time.Hour)
	s.becomes("r1", aid.RequestOffered)
	offered := s.sent(1)
	require.Len(t, offered, 1)
	require.Equal(t, []aid.NoticeID{offered[0].ID}, s.mail.letters())

	// The process has ended or is about to; the next notice finds it either way.
	_, err := s.accept(t.Context(), s.request("r1").Offers[0])
	require.NoError(t, err)
	confirmed := s.sent(2)
	require.Len(t, confirmed, 2)
	require.Equal(t, aid.NoticePairingConfirmed, confirmed[0].Kind)
	require.Equal(t, []aid.NoticeID{offered[0].ID, confirmed[0].ID}, s.mail.letters())
	s.until("the process ends", func() bool {
		running, err := s.processes.IsDeliveryRunning(t.Context(), aid.ChannelEmail)
		require.NoError(t, err)
		return !running
	})
	found, err := s.store.Findings(t.Context())
	require.NoError(t, err)
	require.Empty(t, found)
}

// TestANoticeIsSentThoughTheWorkerStopsMeanwhile: what was under way is sent by
// the next worker.
func TestANoticeIsSentThoughTheWorkerStopsMeanwhile(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.volunteers(1)
	s.mailed(volunteer(0))
	s.mail.begun, s.mail.hold = make(chan struct{}, 8), make(chan struct{})
	stop := s.work()
	s.open("r1", 1, time.Hour)
	select {
	case <-s.mail.begun:
	case <-time.After(patience):
		t.Fatal("nothing was sent")
	}
	stop()
	require.Empty(t, s.mail.letters())
	close(s.mail.hold)
	s.work()
	s.sent(1)
	require.Len(t, s.mail.letters(), 1)
}

// TestALostProcessSendsAgain: an operator may end the process of a channel.
func TestALostProcessSendsAgain(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.volunteers(1)
	s.mailed(volunteer(0))
	s.mail.fail = aid.Errorf(aid.Unavailable, "the server is away")
	s.work()
	s.open("r1", 1, time.Hour)
	s.until("a first try", func() bool {
		next, err := s.store.NextDelivery(t.Context(), aid.ChannelEmail)
		require.NoError(t, err)
		return next.After(s.now.Add(20*time.Second)) && next.Before(s.now.Add(2*time.Minute)) // no claim, a retry
	})
	s.mail.mu.Lock()
	s.mail.fail = nil
	s.mail.mu.Unlock()
	require.NoError(t, s.temporal.TerminateWorkflow(t.Context(), "notice-delivery/email", "", "test"))
	page, err := s.store.Notices(t.Context(), aid.NoticeFilter{Recipient: aid.AccountID(volunteer(0))}, aid.Page{Limit: 1})
	require.NoError(t, err)
	require.NoError(t, s.store.NoteDelivery(t.Context(), aid.Delivery{Notice: page.Items[0], Channel: aid.ChannelEmail},
		aid.DeliveryOutcome{Status: aid.DeliveryPending, NextTry: s.now}))
	brought, err := s.sweep().Notices(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, brought)
	s.sent(1)
	brought, err = s.sweep().Notices(t.Context())
	require.NoError(t, err)
	require.Zero(t, brought)
}
