package embedded

import (
	"bytes"
	"fmt"
	"os"
	"syscall"
)

// longestSocketPath is the size of sun_path less its final zero byte.
const longestSocketPath = 107

func signalOnOwnersDeath(attr *syscall.SysProcAttr, signal syscall.Signal) {
	attr.Pdeathsig = signal
}

// commandLine returns the arguments of a process, or nothing for one that is
// dead, even if nobody has waited for it yet.
func commandLine(pid int) string {
	args, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return ""
	}
	return string(bytes.ReplaceAll(args, []byte{0}, []byte{' '}))
}
