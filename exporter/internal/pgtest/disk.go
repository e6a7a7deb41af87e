package pgtest

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// SmallDisk mounts a file system of so many megabytes for the server's user and
// returns its folder. The test is skipped if this process may not mount.
func (s *Server) SmallDisk(t testing.TB, megabytes int) string {
	t.Helper()
	dir := filepath.Join(s.dir, "disk")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	options := fmt.Sprintf("mode=700,size=%dm", megabytes)
	if c := credential(); c != nil {
		options += fmt.Sprintf(",uid=%d,gid=%d", c.Uid, c.Gid)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skipf("only root can mount a small disk: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}
