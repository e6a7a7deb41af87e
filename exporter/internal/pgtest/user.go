package pgtest

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// credential returns the user postgres if this process is root, which the
// server refuses to run as, else nil.
func credential() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil // then the server says why it does not start
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}
