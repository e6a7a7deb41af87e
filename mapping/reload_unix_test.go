//go:build unix

package mapping_test

import (
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/activitylog-go/activitylog/mapping"
)

func TestHangup(t *testing.T) {
	own := make(chan os.Signal, 1) // a signal that comes too early must not end the test
	signal.Notify(own, syscall.SIGHUP)
	defer signal.Stop(own)
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
