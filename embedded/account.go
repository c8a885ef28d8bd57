package embedded

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is who Postgres runs as. Postgres refuses to run as root, so root
// lends it an account without privileges; anybody else runs it as themselves.
type account struct {
	name       string
	uid, gid   uint32
	isBorrowed bool
}

func chooseAccount() (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}, nil
	}
	for _, name := range []string{"postgres", "_postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(found.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(found.Gid, 10, 32)
		if uidErr != nil || gidErr != nil || uid == 0 {
			continue
		}
		return account{name: name, uid: uint32(uid), gid: uint32(gid), isBorrowed: true}, nil
	}
	return account{}, fmt.Errorf("PostgreSQL does not run as root, and there is neither an account named postgres nor one named nobody: run as an ordinary user")
}

// attributes makes a command run as the account.
func (a account) attributes() *syscall.SysProcAttr {
	if !a.isBorrowed {
		return &syscall.SysProcAttr{}
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: a.uid, Gid: a.gid}}
}

// own makes dir a private directory of the account.
func (a account) own(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return err
	}
	if !a.isBorrowed {
		return nil
	}
	return os.Chown(dir, int(a.uid), int(a.gid))
}

// canReach tells whether the account may pass through every directory down to
// dir, dir included.
func (a account) canReach(dir string) (bool, error) {
	if !a.isBorrowed {
		return true, nil
	}
	for ; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			return false, err
		}
		if !a.mayPass(info) {
			return false, nil
		}
		if dir == filepath.Dir(dir) {
			return true, nil
		}
	}
}

func (a account) mayPass(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return false
	}
	switch {
	case stat.Uid == a.uid:
		return info.Mode()&0o100 != 0
	case stat.Gid == a.gid:
		return info.Mode()&0o010 != 0
	default:
		return info.Mode()&0o001 != 0
	}
}

// environment is what a Postgres program gets: nothing that could point it to
// another cluster, and messages in English whatever the user's language.
func environment() []string {
	return []string{"LC_ALL=C", "PATH=" + os.Getenv("PATH")}
}
