//go:build unix

package mapping_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog/mapping"
)

func TestHangup(t *testing.T) {
	// A signal that comes too early, or late to a thread that is not running,
	// must not end the tests: this is never stopped.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	errs := heard(t)
	file := filepath.Join(t.TempDir(), "activitylog.yaml")
	write(t, file, version("old"))
	r := follow(t, file, mapping.WithReloadInterval(0))
	hangup := func() {
		if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	write(t, file, version("new"))
	await(t, "the new mapping", func() bool {
		hangup()
		return verbOf(r.Mapping(), "/a/{id}") == "new"
	})
	write(t, file, "nothing of a mapping")
	await(t, "the report", func() bool {
		hangup()
		return len(errs()) > 0
	})
	if got := verbOf(r.Mapping(), "/a/{id}"); got != "new" {
		t.Errorf("the verb is %q, want that of the mapping before", got)
	}
}

// TestHangupAfterRun sends SIGHUP to a process whose Run has returned: it ends,
// as without a reloader.
func TestHangupAfterRun(t *testing.T) {
	const variable = "ACTIVITYLOG_TEST_HANGUP" // the file, for the process that is to end
	file := os.Getenv(variable)
	if file == "" {
		file = filepath.Join(t.TempDir(), "activitylog.yaml")
		write(t, file, version("old"))
		child := exec.Command(os.Args[0], "-test.run=^TestHangupAfterRun$")
		child.Env = append(os.Environ(), variable+"="+file)
		out, err := child.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGHUP {
			t.Errorf("the process ended with %v, want that SIGHUP ends it:\n%s", err, out)
		}
		return
	}
	r, err := mapping.NewReloader(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r.Run(ctx)
	syscall.Kill(os.Getpid(), syscall.SIGHUP)
	time.Sleep(10 * time.Second)
}
