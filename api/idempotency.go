package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
)

const (
	keyHeader      = "Idempotency-Key"
	replayedHeader = "Idempotency-Replayed"
	maxKey         = 255
)

// KeyState is what a claim of an idempotency key finds: a kept answer, or, when
// not Finished, that the claim is the caller's to end.
type KeyState struct {
	Finished bool
	Status   int
	Headers  http.Header
	Body     []byte
}

// Keys keeps the answers to requests that carry an idempotency key. ClaimKey
// fails with [aid.ReasonKeyInFlight] while another request with this key is
// under way, and with [aid.ReasonKeyReused] when the key came with another
// hash. A claim that nobody ends can be taken over after a while.
type Keys interface {
	ClaimKey(ctx context.Context, account aid.AccountID, key string, hash []byte) (KeyState, error)
	FinishKey(ctx context.Context, account aid.AccountID, key string, status int, headers http.Header, body []byte) error
	ReleaseKey(ctx context.Context, account aid.AccountID, key string) error
}

// keptHeaders are those of an answer that are given again, in canonical form.
var keptHeaders = []string{"Content-Type", "Location", "Etag"}

// idempotent lets a POST with an idempotency key happen once. An answer that
// says that nothing was decided, a 5xx, is not kept: the key is free again. Nor is
// one that holds a secret which the product itself does not keep.
func (a *API) idempotent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent := r.Header.Values(keyHeader)
		if r.Method != http.MethodPost || len(sent) == 0 {
			next.ServeHTTP(w, r)
			return
		}
		key := sent[0]
		if len(sent) > 1 || !validKey(key) {
			p := newProblem(http.StatusBadRequest, "malformed", "the Idempotency-Key cannot be used")
			p.Errors = []Detail{{"header." + keyHeader, fmt.Sprintf("must be given once and have 1 to %d printable ASCII characters", maxKey)}}
			p.write(w)
			return
		}
		body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			problemWritten(problemOfForm(http.StatusRequestTimeout, ""), w)
			return
		case err != nil:
			problemWritten(problemOfForm(http.StatusInternalServerError, "cannot read request body"), w)
			return
		}
		if len(body) > maxBody {
			problemWritten(problemOfForm(http.StatusRequestEntityTooLarge, ""), w)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))

		s := sessionOf(r.Context())
		claiming, cancel := context.WithTimeout(r.Context(), a.Timeout)
		state, err := a.Keys.ClaimKey(claiming, s.caller.ID, key, requestHash(r, body))
		cancel()
		switch {
		case err != nil:
			a.problemOf(r.Context(), err, "header").write(w)
			return
		case state.Finished:
			replay(w, state)
			return
		}
		s.caller.Key = key
		a.serveOnce(w, r.WithContext(context.WithValue(r.Context(), sessionKey{}, s)), s.caller, next)
	})
}

// serveOnce serves a request whose key is claimed and ends the claim before the
// answer goes out, so that whoever has the answer can have it again.
func (a *API) serveOnce(w http.ResponseWriter, r *http.Request, by app.Caller, next http.Handler) {
	out := &held{ResponseWriter: w}
	defer func() { // also after a panic, which the chain above turns into an answer
		status, headers, body := out.status, only(w.Header(), keptHeaders), out.body.Bytes()
		a.endClaim(context.WithoutCancel(r.Context()), func(ctx context.Context) error {
			if !aboutOf(r.Context()).unkept && status >= http.StatusOK && status < http.StatusInternalServerError {
				return a.Keys.FinishKey(ctx, by.ID, by.Key, status, headers, body)
			}
			return a.Keys.ReleaseKey(ctx, by.ID, by.Key)
		})
		if out.status != 0 {
			w.WriteHeader(out.status)
			_, _ = w.Write(out.body.Bytes()) // whoever hung up can ask again
		}
	}()
	next.ServeHTTP(out, r)
}

// held keeps an answer back.
type held struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (h *held) WriteHeader(status int) {
	if h.status == 0 {
		h.status = status
	}
}

func (h *held) Write(b []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	return h.body.Write(b)
}

// Unwrap lets deadlines reach the connection.
func (h *held) Unwrap() http.ResponseWriter { return h.ResponseWriter }

func validKey(key string) bool {
	if key == "" || len(key) > maxKey {
		return false
	}
	for _, c := range []byte(key) {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// requestHash stands for what is asked: method, path, query and body.
func requestHash(r *http.Request, body []byte) []byte {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s\n", r.Method, r.URL.RequestURI())
	h.Write(body)
	return h.Sum(nil)
}

func replay(w http.ResponseWriter, s KeyState) {
	for _, name := range keptHeaders {
		if v := s.Headers.Values(name); len(v) > 0 {
			w.Header()[name] = v
		}
	}
	w.Header().Set(replayedHeader, "true")
	w.WriteHeader(s.Status)
	_, _ = w.Write(s.Body) // whoever hung up can ask again
}

func only(h http.Header, names []string) http.Header {
	out := http.Header{}
	for _, name := range names {
		if v := h.Values(name); len(v) > 0 {
			out[name] = v
		}
	}
	return out
}

func problemWritten(err error, w http.ResponseWriter) {
	if p, ok := errors.AsType[*Problem](err); ok {
		p.write(w)
	}
}
