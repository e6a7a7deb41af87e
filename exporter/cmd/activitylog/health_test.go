package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestHealth checks that the health check shows a store that takes no events,
// and that it takes them again. The Collector answers all the while.
func TestHealth(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("only root can make a small disk: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	a := addressesOf(t, "sqlite:"+filepath.Join(dir, "activitylog.db"))
	take(t, a.dsn)
	col := startProgram(t, a, "--feature-gates=+extension.healthcheck.useComponentStatus",
		"--set", "extensions.health_check.component_health.include_recoverable_errors=true",
		"--set", "extensions.health_check.component_health.recovery_duration=50ms")
	senders := sendAll(10*time.Second, overHTTP(a.http))
	senders.progress(t, 1)
	shown := func(status int, want string) {
		t.Helper()
		text, got := "", 0
		for range 1000 {
			resp, err := http.Get("http://" + a.health)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if err != nil {
				t.Fatal(err)
			}
			if text, got = string(body), resp.StatusCode; strings.Contains(text, want) && got == status {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatalf("the health check shows %d and not %d, %s: %s", got, status, want, text)
	}
	shown(http.StatusOK, `"StatusOK"`)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 4<<20), 0o666); err == nil {
		t.Fatal("the disk is not full")
	}
	shown(http.StatusInternalServerError, `"StatusRecoverableError"`)
	shown(http.StatusInternalServerError, "disk is full")
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	shown(http.StatusOK, `"StatusOK"`)
	senders.finish(t, a.dsn)
	col.end(t)
}
