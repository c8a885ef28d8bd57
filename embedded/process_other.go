//go:build unix && !linux

package embedded

import (
	"os/exec"
	"strconv"
	"syscall"
)

// longestSocketPath is the size of sun_path less its final zero byte.
const longestSocketPath = 103

// signalOnOwnersDeath does nothing: only Linux offers it. A service that is
// left behind is stopped by the next owner.
func signalOnOwnersDeath(*syscall.SysProcAttr, syscall.Signal) {}

// commandLine returns the arguments of a process, or nothing for one that is
// dead; for one that nobody has waited for, at most its bare name.
func commandLine(pid int) string {
	args, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return ""
	}
	return string(args)
}
