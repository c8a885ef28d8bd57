package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/notify"
)

// devKeys are those that `linli dev` makes for its directory, so that credentials of
// certificates and push to browsers can be tried without any setting. They stay the
// same from start to start.
type devKeys struct {
	Badge        string `json:"badge_key"`
	VAPIDPublic  string `json:"vapid_public_key"`
	VAPIDPrivate string `json:"vapid_private_key"`
}

// devSubject stands for an operator: there is none whom a push service could ask.
const devSubject = "mailto:dev@linli.invalid"

// keysOf reads the keys of a directory, or makes them.
func keysOf(dir string) (k devKeys, err error) {
	path := filepath.Join(dir, "keys.json")
	text, err := os.ReadFile(path)
	if err == nil {
		if err := json.Unmarshal(text, &k); err != nil {
			return k, aid.Errorf(aid.Invalid, "%s cannot be read (%v); delete it, and new keys are made", path, err)
		}
		return k, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	seed := make([]byte, 32)
	if _, err := rand.Read(seed); err != nil {
		return k, err
	}
	push, err := notify.NewPushSettings(devSubject)
	if err != nil {
		return k, fmt.Errorf("keys for push: %w", err)
	}
	k = devKeys{base64.StdEncoding.EncodeToString(seed), push.PublicKey, push.PrivateKey}
	if text, err = json.MarshalIndent(k, "", "  "); err != nil {
		return k, err
	}
	return k, writePrivate(path, append(text, '\n'))
}

// fillKeys puts the keys of the directory where none are set.
func (c *Dev) fillKeys() error {
	k, err := keysOf(c.Data)
	if err != nil {
		return err
	}
	if c.BadgeKey == "" {
		c.BadgeKey = k.Badge
	}
	if c.VAPIDPublicKey == "" && c.VAPIDPrivateKey == "" {
		c.VAPIDPublicKey, c.VAPIDPrivateKey, c.VAPIDSubject = k.VAPIDPublic, k.VAPIDPrivate, devSubject
	}
	return nil
}
