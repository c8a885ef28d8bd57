package notify

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/SherClockHolmes/webpush-go"
	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// browser holds the keys with which a browser reads what is pushed to it.
type browser struct {
	private *ecdh.PrivateKey
	auth    []byte
	at      aid.PushSubscription
}

func newBrowser(t *testing.T, endpoint string) browser {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	require.NoError(t, err)
	b := browser{private: private, auth: make([]byte, 16)}
	_, err = rand.Read(b.auth)
	require.NoError(t, err)
	b.at = aid.PushSubscription{
		Endpoint: endpoint, P256dh: base64.RawURLEncoding.EncodeToString(private.PublicKey().Bytes()), Auth: base64.RawURLEncoding.EncodeToString(b.auth),
	}
	return b
}

// read decrypts a message as a browser does, by RFC 8291 and RFC 8188.
func (b browser) read(t *testing.T, message []byte) []byte {
	t.Helper()
	salt, idLength := message[:16], int(message[20])
	require.LessOrEqual(t, uint32(len(message)), binary.BigEndian.Uint32(message[16:20]))
	sender, sealed := message[21:21+idLength], message[21+idLength:]
	public, err := ecdh.P256().NewPublicKey(sender)
	require.NoError(t, err)
	shared, err := b.private.ECDH(public)
	require.NoError(t, err)
	derive := func(secret, salt []byte, info string, size int) []byte {
		key, err := hkdf.Key(sha256.New, secret, salt, info, size)
		require.NoError(t, err)
		return key
	}
	ikm := derive(shared, b.auth, "WebPush: info\x00"+string(b.private.PublicKey().Bytes())+string(sender), 32)
	block, err := aes.NewCipher(derive(ikm, salt, "Content-Encoding: aes128gcm\x00", 16))
	require.NoError(t, err)
	gcm, err := cipher.NewGCM(block)
	require.NoError(t, err)
	text, err := gcm.Open(nil, derive(ikm, salt, "Content-Encoding: nonce\x00", 12), sealed, nil)
	require.NoError(t, err)
	return []byte(strings.TrimSuffix(strings.TrimRight(string(text), "\x00"), "\x02"))
}

// dropped takes down the browsers that are forgotten.
type dropped []string

func (d *dropped) DropPushSubscription(_ context.Context, endpoint string) error {
	*d = append(*d, endpoint)
	return nil
}

func pusher(t *testing.T, d *dropped) *Push {
	t.Helper()
	private, public, err := webpush.GenerateVAPIDKeys()
	require.NoError(t, err)
	p := &Push{
		Outward: NewOutward(true), Subscriptions: d, PushSettings: PushSettings{public, private, "mailto:ops@linli.example"},
		Now: func() time.Time { return sample("").Until.Add(-time.Hour) },
	}
	require.NoError(t, p.Validate())
	return p
}

func (p *Push) tell(t *testing.T, n aid.Notice, browsers ...browser) error {
	t.Helper()
	to := aid.Contact{Language: aid.Chinese}
	for _, b := range browsers {
		require.NoError(t, p.CheckSubscription(b.at))
		to.Push = append(to.Push, b.at)
	}
	text, err := catalogue(t).Write(n, to)
	require.NoError(t, err)
	return p.Send(t.Context(), to, n, text)
}

func TestOnlyTheBrowserReadsWhatIsPushed(t *testing.T) {
	t.Parallel()
	service := receive(t, httptest.NewServer)
	service.status.Store(http.StatusCreated)
	p, b := pusher(t, &dropped{}), newBrowser(t, service.URL+"/send/abc")
	n := sample(aid.NoticeOfferMade)
	n.ID, n.Urgent = "0190c0de-0000-7000-8000-000000000001", true
	require.NoError(t, p.tell(t, n, b))
	h := service.headers[0]
	require.Equal(t, "3600", h.Get("Ttl"), "no longer than the notice is of use")
	require.Equal(t, "high", h.Get("Urgency"))
	require.Equal(t, "0190c0de000070008000000000000001", h.Get("Topic"), "twice is shown once")
	require.Equal(t, "aes128gcm", h.Get("Content-Encoding"))
	require.NotContains(t, string(service.bodies[0]), "南岗")

	var got map[string]any
	require.NoError(t, json.Unmarshal(b.read(t, service.bodies[0]), &got))
	text, err := catalogue(t).Write(n, aid.Contact{Language: aid.Chinese})
	require.NoError(t, err)
	require.Equal(t, map[string]any{
		"id": string(n.ID), "kind": "offer_made", "urgent": true, "title": text.Title, "body": text.Body, "help_request_id": "r-1",
	}, got)

	token, key, ok := strings.Cut(strings.TrimPrefix(h.Get("Authorization"), "vapid t="), ", k=")
	require.True(t, ok)
	require.Equal(t, p.Key(), key)
	claims := jwt.MapClaims{}
	_, _, err = jwt.NewParser().ParseUnverified(token, claims)
	require.NoError(t, err)
	require.Equal(t, service.URL, claims["aud"])
	require.Equal(t, "mailto:ops@linli.example", claims["sub"])
}

func TestBrowsersThatAreGoneAreForgotten(t *testing.T) {
	t.Parallel()
	here, gone, unknown, busy := receive(t, httptest.NewServer), receive(t, httptest.NewServer), receive(t, httptest.NewServer), receive(t, httptest.NewServer)
	gone.status.Store(http.StatusGone)
	unknown.status.Store(http.StatusNotFound)
	busy.status.Store(http.StatusTooManyRequests)
	n := sample(aid.NoticeOfferMade)
	for what, c := range map[string]struct {
		services []*receiver
		want     aid.Kind
		dropped  int
	}{
		"one is enough":     {[]*receiver{gone, here, busy, unknown}, "", 2},
		"one may come back": {[]*receiver{gone, busy}, aid.Unavailable, 1},
		"nobody is left":    {[]*receiver{gone, unknown}, aid.NotFound, 2},
		"nobody was there":  {nil, aid.NotFound, 0},
	} {
		var d dropped
		var browsers []browser
		for _, s := range c.services {
			browsers = append(browsers, newBrowser(t, s.URL))
		}
		err := pusher(t, &d).tell(t, n, browsers...)
		if c.want == "" {
			require.NoError(t, err, what)
		} else {
			require.Equal(t, c.want, aid.KindOf(err), what)
		}
		require.Len(t, d, c.dropped, what)
		require.NotContains(t, d, here.URL)
		require.NotContains(t, d, busy.URL)
	}
}

func TestNothingIsPushedInside(t *testing.T) {
	t.Parallel()
	service := receive(t, httptest.NewTLSServer)
	p := pusher(t, &dropped{})
	p.Outward = NewOutward(false)
	b := newBrowser(t, service.URL)
	require.Equal(t, aid.Invalid, aid.KindOf(p.CheckSubscription(b.at)))
	n := sample(aid.NoticeOfferMade)
	err := p.Send(t.Context(), aid.Contact{Push: []aid.PushSubscription{b.at}}, n, aid.NoticeText{})
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	require.Empty(t, service.bodies)
}

func TestSubscriptionsAndKeysAreChecked(t *testing.T) {
	t.Parallel()
	p := pusher(t, &dropped{})
	for field, change := range map[string]func(*aid.PushSubscription){
		"endpoint":    func(s *aid.PushSubscription) { s.Endpoint = "ftp://example.org" },
		"keys.p256dh": func(s *aid.PushSubscription) { s.P256dh = base64.RawURLEncoding.EncodeToString(make([]byte, 65)) },
		"keys.auth":   func(s *aid.PushSubscription) { s.Auth = "short" },
	} {
		s := newBrowser(t, "https://push.example/abc").at
		require.NoError(t, p.CheckSubscription(s))
		change(&s)
		require.ErrorContains(t, p.CheckSubscription(s), field+":")
	}
	for field, change := range map[string]func(*PushSettings){
		"--vapid-public-key":  func(s *PushSettings) { s.PublicKey = "" },
		"--vapid-private-key": func(s *PushSettings) { s.PrivateKey = "x" },
		"--vapid-subject":     func(s *PushSettings) { s.Subject = "ops@linli.example" },
	} {
		s := p.PushSettings
		change(&s)
		require.ErrorContains(t, s.Validate(), field+":")
	}
}
