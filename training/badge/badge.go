// Package badge writes certificates as Open Badges 3.0 credentials, which other
// programs can keep, show and verify without asking us.
//
// A credential is an OpenBadgeCredential of the W3C Verifiable Credentials data
// model 2.0, signed in the VC-JWT proof format of Open Badges 3.0: a compact JWS
// (RFC 7515) by Ed25519 (RFC 8037), whose payload is the credential with the claims
// iss, jti, sub, nbf and exp. The issuer is a did:jwk, which is the public key
// itself, so that nothing has to be fetched to check a signature. Who must know that
// this key is ours compares [Signer.Issuer].
//
// It says nothing of the holder but a salted hash of their id: whoever presents the
// credential says whose it is, and can show it by the id. Whether it was revoked
// since is not in it, and is told by the verification route.
package badge

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
)

// Signer signs credentials. It is safe for concurrent use.
type Signer struct {
	key  ed25519.PrivateKey
	name string
	jwk  map[string]string
	did  string
}

// New makes a signer of a seed of 32 bytes in base64, and the name under which
// readers know the issuer.
func New(seed, name string) (*Signer, error) {
	text := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(strings.TrimSpace(seed), "="))
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(raw) != ed25519.SeedSize {
		return nil, aid.Errorf(aid.Invalid, "the key of badges must be %d random bytes in base64, such as from: head -c32 /dev/urandom | base64", ed25519.SeedSize)
	}
	s := &Signer{key: ed25519.NewKeyFromSeed(raw), name: name}
	public, _ := s.key.Public().(ed25519.PublicKey)
	s.jwk = map[string]string{"crv": "Ed25519", "kty": "OKP", "x": base64.RawURLEncoding.EncodeToString(public)}
	s.did = "did:jwk:" + encoded(s.jwk)
	return s, nil
}

// Issuer is the identifier of the issuer, which holds the public key.
func (s *Signer) Issuer() string { return s.did }

// Sign gives the credential of a certificate as a compact JWS. The course has the
// version that the certificate names. It is [aid.Conflict] with [aid.ReasonSettled]
// for one that is revoked.
func (s *Signer) Sign(c training.Certificate, course training.Course) (string, error) {
	if !c.RevokedAt.IsZero() {
		return "", aid.Because(aid.Conflict, aid.ReasonSettled, "the certificate is revoked")
	}
	if c.Version < 1 || c.Version > len(course.Versions) {
		return "", aid.Errorf(aid.Internal, "the certificate names a version that the course does not have")
	}
	payload := s.credential(c, course.Named, course.Versions[c.Version-1])
	head := map[string]any{"alg": "EdDSA", "typ": "JWT", "kid": s.did + "#0", "jwk": s.jwk}
	signed := encoded(head) + "." + encoded(payload)
	return signed + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(s.key, []byte(signed))), nil
}

// credential is the payload: the credential and the claims of a JWT.
func (s *Signer) credential(c training.Certificate, n aid.Named, d training.Definition) map[string]any {
	id := "urn:uuid:" + string(c.ID)
	space := uuid.NewSHA1(uuid.NameSpaceURL, []byte(string(c.ID)))
	subject := "urn:uuid:" + uuid.NewSHA1(space, []byte(c.Volunteer)).String()
	achievement := uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "%s#%s@%d", s.did, c.Course, c.Version))
	hash := sha256.Sum256([]byte(string(c.Volunteer) + string(c.ID)))
	out := map[string]any{
		"@context": []string{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"},
		"id":       id,
		"type":     []string{"VerifiableCredential", "OpenBadgeCredential"},
		"name":     title(n),
		"issuer":   map[string]any{"id": s.did, "type": []string{"Profile"}, "name": s.name},
		"credentialSubject": map[string]any{
			"id":   subject,
			"type": []string{"AchievementSubject"},
			"identifier": []any{map[string]any{
				"type": "IdentityObject", "hashed": true, "identityType": "accountId",
				"identityHash": "sha256$" + hex.EncodeToString(hash[:]), "salt": string(c.ID),
			}},
			"achievement": map[string]any{
				"id": "urn:uuid:" + achievement.String(), "type": []string{"Achievement"}, "achievementType": "Course",
				"name": title(n), "description": describe(d), "criteria": map[string]any{"narrative": criteria(d)},
				"version": fmt.Sprint(c.Version), "humanCode": string(c.Course),
			},
		},
		"validFrom": stamp(c.IssuedAt), "awardedDate": stamp(c.IssuedAt),
		"iss": s.did, "jti": id, "sub": subject, "nbf": c.IssuedAt.Unix(),
	}
	if !c.Until.IsZero() {
		end := training.EndOf(c.Until)
		out["validUntil"], out["exp"] = stamp(end), end.Unix()
	}
	return out
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }

func title(n aid.Named) string {
	if n.NameZh == "" || n.NameEn == "" || n.NameZh == n.NameEn {
		return n.NameZh + n.NameEn
	}
	return n.NameZh + " " + n.NameEn
}

func describe(d training.Definition) string {
	return fmt.Sprintf("%d 学时 · %d hours of teaching", d.Hours, d.Hours)
}

// criteria says what completing the course took.
func criteria(d training.Definition) string {
	var zh, en []string
	if d.Attendance > 0 {
		zh, en = append(zh, fmt.Sprintf("出勤不少于 %d%%", d.Attendance)), append(en, fmt.Sprintf("attended at least %d %% of the sessions", d.Attendance))
	}
	if d.PassMark > 0 {
		zh, en = append(zh, fmt.Sprintf("考核不低于 %d 分", d.PassMark)), append(en, fmt.Sprintf("scored at least %d of 100", d.PassMark))
	}
	return strings.Join(zh, "，") + "。" + strings.Join(en, " and ") + ", or was let off for a recorded reason."
}

func encoded(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of text and numbers
	}
	return base64.RawURLEncoding.EncodeToString(text)
}
