package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestDiskFull fills the disk under the store while clients send: they are told
// to try again, and when there is room again nothing is missing.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8m"); err != nil {
		t.Skipf("only root can make a small disk: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	a := addressesOf(t, "sqlite:"+filepath.Join(dir, "activitylog.db"))
	take(t, a.dsn)
	col := startProgram(t, a, "--set", "exporters.activitylog.retry_on_failure.max_elapsed_time=1s")
	senders := sendAll(10*time.Second, overHTTP(a.http), overGRPC(t, a.grpc))
	ballast := filepath.Join(dir, "ballast")
	for range rounds(t, 3) {
		senders.progress(t, 2)
		if err := os.WriteFile(ballast, make([]byte, 8<<20), 0o666); err == nil {
			t.Fatal("the disk is not full")
		}
		senders.refused(t)
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
	}
	senders.progress(t, 2)
	senders.finishRepeated(t, a.dsn)
	col.end(t)
}

// TestPowerLoss looks at what a disk has when the power goes: the file behind
// a file system has what was flushed to it and not what the system only knows.
// Whatever a client was told is kept must be there, whole.
func TestPowerLoss(t *testing.T) {
	dir := t.TempDir()
	image := filepath.Join(dir, "disk.img")
	mounted := mountImage(t, image, true)
	a := addressesOf(t, "sqlite:"+filepath.Join(mounted, "activitylog.db"))
	take(t, a.dsn)
	col := startProgram(t, a)
	senders := sendAll(10*time.Second, overHTTP(a.http), overGRPC(t, a.grpc))
	random := newRandom(t)
	for round := range rounds(t, 3) {
		senders.progress(t, 5)
		time.Sleep(time.Duration(random.IntN(100)) * time.Millisecond)
		col.signal(t, syscall.SIGSTOP) // so that nothing is written while it is copied
		ledger := senders.ledger()
		crashed := filepath.Join(dir, "crashed.img")
		if out, err := exec.Command("cp", "--sparse=always", image, crashed).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		col.signal(t, syscall.SIGCONT)

		after := mountImage(t, crashed, false)
		stored, _ := contents(t, "sqlite:"+filepath.Join(after, "activitylog.db"))
		lost := 0
		for _, id := range ledger {
			if stored[id] != 1 {
				lost++
			}
		}
		if lost > 0 || len(ledger) == 0 {
			t.Errorf("round %d: of %d acknowledged events %d did not survive", round, len(ledger), lost)
		}
		t.Logf("round %d: %d events were acknowledged, %d survived", round, len(ledger), len(stored))
		if err := syscall.Unmount(after, 0); err != nil {
			t.Fatal(err)
		}
	}
	senders.finish(t, a.dsn)
	col.end(t)
}

// mountImage mounts a file as a disk, which it makes if it is new, and returns
// where. The journal of one that was lost is replayed.
func mountImage(t *testing.T, image string, isNew bool) string {
	t.Helper()
	if isNew {
		if out, err := exec.Command("sh", "-c", "truncate -s 128M "+image+" && mkfs.ext4 -q "+image).CombinedOutput(); err != nil {
			t.Skipf("no ext4 here: %v: %s", err, out)
		}
	}
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-o", "loop", image, dir).CombinedOutput(); err != nil {
		if isNew {
			t.Skipf("only root can mount a file: %v: %s", err, strings.TrimSpace(string(out)))
		}
		t.Fatalf("%v: %s", err, out)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}
