package badge_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/badge"
)

const seed = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

func certificate() (training.Certificate, training.Course) {
	d := training.Definition{Course: "care", Version: 1, Hours: 8, Attendance: 75, PassMark: 60}
	return training.Certificate{
		ID: "2f1b8a52-6c4e-4f7e-9d5c-0a1b2c3d4e5f", Volunteer: "v-1", Course: "care", Version: 1,
		IssuedAt: time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC), Until: aid.Date{Year: 2028, Month: time.November, Day: 2},
	}, training.Course{
		Named: aid.Named{ID: "care", NameZh: "护理", NameEn: "Care"}, Versions: []training.Definition{d},
	}
}

func part(t *testing.T, text string) map[string]any {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(text)
	require.NoError(t, err)
	var out map[string]any
	require.NoError(t, json.Unmarshal(raw, &out))
	return out
}

// opened verifies a credential as a stranger would, who knows nothing but the
// standards: by the key in the issuer's identifier.
func opened(t *testing.T, jws string) map[string]any {
	t.Helper()
	parts := strings.Split(jws, ".")
	require.Len(t, parts, 3)
	head, payload := part(t, parts[0]), part(t, parts[1])
	require.Equal(t, "EdDSA", head["alg"])
	issuer := payload["issuer"].(map[string]any)["id"].(string)
	require.Equal(t, issuer+"#0", head["kid"])
	require.Equal(t, issuer, payload["iss"])
	jwk := part(t, strings.TrimPrefix(issuer, "did:jwk:"))
	require.Equal(t, jwk, head["jwk"])
	require.Equal(t, "OKP", jwk["kty"])
	public, err := base64.RawURLEncoding.DecodeString(jwk["x"].(string))
	require.NoError(t, err)
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	require.NoError(t, err)
	require.True(t, ed25519.Verify(public, []byte(parts[0]+"."+parts[1]), signature))
	return payload
}

func TestAStrangerCanVerify(t *testing.T) {
	t.Parallel()
	s, err := badge.New(seed, "Linli")
	require.NoError(t, err)
	c, course := certificate()
	jws, err := s.Sign(c, course)
	require.NoError(t, err)
	got := opened(t, jws)
	require.Equal(t, "urn:uuid:"+string(c.ID), got["id"])
	require.Equal(t, got["id"], got["jti"])
	require.EqualValues(t, c.IssuedAt.Unix(), got["nbf"])
	require.Equal(t, "2026-11-02T08:00:00Z", got["validFrom"])
	require.Equal(t, "2028-11-02T16:00:00Z", got["validUntil"], "when the last day ends in China")
	require.EqualValues(t, time.Date(2028, 11, 2, 16, 0, 0, 0, time.UTC).Unix(), got["exp"])
	subject := got["credentialSubject"].(map[string]any)
	require.Equal(t, subject["id"], got["sub"])
	who := subject["identifier"].([]any)[0].(map[string]any)
	hash := sha256.Sum256([]byte("v-1" + who["salt"].(string)))
	require.Equal(t, "sha256$"+hex.EncodeToString(hash[:]), who["identityHash"])
	text, err := json.Marshal(got)
	require.NoError(t, err)
	require.NotContains(t, string(text), `"v-1"`, "the holder's id is hashed")

	c.Until = aid.Date{}
	jws, err = s.Sign(c, course)
	require.NoError(t, err)
	require.NotContains(t, opened(t, jws), "exp")
	c.RevokedAt = c.IssuedAt
	_, err = s.Sign(c, course)
	require.Equal(t, aid.ReasonSettled, aid.ReasonOf(err))
	_, err = s.Sign(training.Certificate{Version: 2}, course)
	require.Error(t, err)
}

// TestTheCredentialHasWhatOpenBadgesAskFor holds a credential against the rules of
// the Open Badges 3.0 data model for an AchievementCredential, as far as it uses
// them: what is required of each object, and of which type it is.
func TestTheCredentialHasWhatOpenBadgesAskFor(t *testing.T) {
	t.Parallel()
	s, err := badge.New(seed, "Linli")
	require.NoError(t, err)
	c, course := certificate()
	jws, err := s.Sign(c, course)
	require.NoError(t, err)
	got := opened(t, jws)

	contexts := got["@context"].([]any)
	require.Equal(t, "https://www.w3.org/ns/credentials/v2", contexts[0], "first, as the data model 2.0 asks")
	require.Regexp(t, `^https://purl\.imsglobal\.org/spec/ob/v3p0/context-3\.\d+\.\d+\.json$`, contexts[1])
	require.Subset(t, got["type"], []any{"VerifiableCredential", "OpenBadgeCredential"})
	subject := got["credentialSubject"].(map[string]any)
	achievement := subject["achievement"].(map[string]any)
	for _, object := range []struct {
		name     string
		of       map[string]any
		kind     string
		required []string
	}{
		{"credential", got, "VerifiableCredential", []string{"@context", "id", "type", "name", "credentialSubject", "issuer", "validFrom"}},
		{"issuer", got["issuer"].(map[string]any), "Profile", []string{"id", "type"}},
		{"subject", subject, "AchievementSubject", []string{"id", "type", "achievement"}},
		{"achievement", achievement, "Achievement", []string{"id", "type", "name", "description", "criteria"}},
	} {
		for _, field := range object.required {
			require.NotEmpty(t, object.of[field], "%s.%s", object.name, field)
		}
		require.Contains(t, object.of["type"], object.kind)
		id, err := url.Parse(object.of["id"].(string))
		require.NoError(t, err)
		require.NotEmpty(t, id.Scheme, "%s.id is a URI", object.name)
	}
	require.Equal(t, "Course", achievement["achievementType"])
	require.NotEmpty(t, achievement["criteria"].(map[string]any)["narrative"])
	identity := subject["identifier"].([]any)[0].(map[string]any)
	require.Equal(t, "IdentityObject", identity["type"])
	require.Equal(t, true, identity["hashed"])
	require.Equal(t, "accountId", identity["identityType"])
	for _, field := range []string{"validFrom", "validUntil", "awardedDate"} {
		_, err := time.Parse(time.RFC3339, got[field].(string))
		require.NoError(t, err, field)
	}
}

func TestKeysAreChecked(t *testing.T) {
	t.Parallel()
	a, err := badge.New(seed, "x")
	require.NoError(t, err)
	b, err := badge.New(strings.TrimRight(seed, "=")+"\n", "x")
	require.NoError(t, err)
	require.Equal(t, a.Issuer(), b.Issuer())
	for _, bad := range []string{"", "AAEC", "!" + seed} {
		_, err := badge.New(bad, "x")
		require.Equal(t, aid.Invalid, aid.KindOf(err))
	}
}
