package training

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/linli/linli/aid"
)

// CodePeriod is how long the code of a session is shown before the next one takes
// its place. It is taken for one period more, for those who are slow.
const CodePeriod = 30 * time.Second

// Code is what the room shows during a session, by which those who are there note
// it themselves. It is nothing but a signature over cohort, session and the present
// period by the clock of the server: no clock of a phone has a part in it, and who
// was told of it an hour ago has nothing.
type Code struct {
	Token string    // for a QR code: a signature of 128 bits
	Typed string    // the same for the keyboard, such as "K7QM-2RXT": 40 bits, too many to try in a minute
	Until time.Time // when the next one is shown
}

// letters are those of typed codes: none that looks or sounds like another.
const letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// codeOf is the code of one period. The secret is the cohort's alone.
func codeOf(secret []byte, cohort CohortID, session int, period int64) Code {
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "linli attendance\x00%s\x00%d\x00", cohort, session)
	_ = binary.Write(mac, binary.BigEndian, period) // a hash takes everything
	sum := mac.Sum(nil)
	n := binary.BigEndian.Uint64(sum[16:24])
	typed := make([]byte, 0, 9)
	for i := range 8 {
		if i == 4 {
			typed = append(typed, '-')
		}
		typed = append(typed, letters[n%uint64(len(letters))])
		n /= uint64(len(letters))
	}
	return Code{
		Token: base64.RawURLEncoding.EncodeToString(sum[:16]), Typed: string(typed),
		Until: time.Unix((period+1)*int64(CodePeriod/time.Second), 0).UTC(),
	}
}

// period is the number of the period of an instant.
func period(at time.Time) int64 { return at.Unix() / int64(CodePeriod/time.Second) }

// Code gives the code of a session that the room is to show now. It is
// [aid.Conflict] with [aid.ReasonWrongTime] when none counts.
func (c *Cohort) Code(session int, now time.Time) (Code, error) {
	s, err := c.session(session)
	if err != nil {
		return Code{}, err
	}
	if err := c.alive(); err != nil {
		return Code{}, err
	}
	if now.Before(s.During.StartsAt.Add(-EarlyMark)) || now.After(s.During.EndsAt.Add(LateCode)) {
		return Code{}, aid.Because(aid.Conflict, aid.ReasonWrongTime, "session %d does not take place now", s.No)
	}
	return codeOf(c.Secret, c.ID, session, period(now)), nil
}

// CheckIn notes that somebody is at a session, by the token or the typed code that
// is shown or was shown last. How the typed one is spaced, and in which letters, is
// the same. It is [aid.Conflict] with [aid.ReasonWrongCode], or as [Cohort.Note] has
// it.
func (c *Cohort) CheckIn(session int, v aid.VolunteerID, code string, by aid.AccountID, now time.Time) (Mark, error) {
	mark := Mark{Session: session, Volunteer: v, Present: true, Means: ByCode, By: by}
	if _, err := c.Code(session, now); err != nil {
		return mark, err
	}
	if err := c.seated(v); err != nil {
		return mark, err
	}
	right := 0
	for _, at := range []int64{period(now), period(now) - 1} {
		shown := codeOf(c.Secret, c.ID, session, at)
		right |= subtle.ConstantTimeCompare([]byte(code), []byte(shown.Token))
		right |= subtle.ConstantTimeCompare([]byte(bare(code)), []byte(bare(shown.Typed)))
	}
	if right == 0 {
		return mark, aid.Because(aid.Conflict, aid.ReasonWrongCode, "it is not the code that is shown now; look again")
	}
	if err := c.Note(mark, now); err != nil {
		return mark, err
	}
	mark, _ = c.Attended(session, v)
	return mark, nil
}

// bare takes out of a typed code what people put in or leave out.
func bare(code string) string {
	return strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(code))
}
