package activitylogexporter_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/exporter/exportertest"

	"github.com/activitylog-go/activitylog"
)

// A watcher is a host that notes what its components report.
type watcher struct{ seen []string }

func (w *watcher) GetExtensions() map[component.ID]component.Component { return nil }

func (w *watcher) Report(e *componentstatus.Event) {
	w.seen = append(w.seen, fmt.Sprint(e.Status(), " ", e.Err()))
}

// A slowWatcher is a host that is told of a recovery while it takes notice of
// an outage.
type slowWatcher struct {
	watcher
	recover   func()
	recovered sync.WaitGroup
}

func (w *slowWatcher) Report(e *componentstatus.Event) {
	if e.Err() != nil {
		w.recovered.Go(w.recover)
		time.Sleep(50 * time.Millisecond) // for recover to come in between, if it can
	}
	w.watcher.Report(e)
}

// TestHealthInOrder checks that what is reported last is what holds, although
// several batches are stored at once.
func TestHealthInOrder(t *testing.T) {
	var down atomic.Bool
	s := newFakeStore(func([]activitylog.Event) error {
		if down.Load() {
			return errors.New("disk is full")
		}
		return nil
	})
	e := create(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, direct)
	w := &slowWatcher{recover: func() {
		down.Store(false)
		if err := e.ConsumeLogs(t.Context(), logsOf("a:b")); err != nil {
			t.Error(err)
		}
	}}
	if err := e.Start(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	down.Store(true)
	if err := e.ConsumeLogs(t.Context(), logsOf("a:b")); err == nil {
		t.Error("a full disk takes events")
	}
	w.recovered.Wait()
	want := []string{"StatusRecoverableError disk is full", "StatusOK <nil>"}
	if !slices.Equal(w.seen, want) {
		t.Errorf("reported %q, want %q", w.seen, want)
	}
	if err := e.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestHealth checks that the Collector hears when the store stops and begins to
// take events, once each, and of no sender that hangs up.
func TestHealth(t *testing.T) {
	var failure error
	s := newFakeStore(func([]activitylog.Event) error { return failure })
	e := create(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, direct)
	w := new(watcher)
	if err := e.Start(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk is full")
	for _, failure = range []error{nil, context.Canceled, nil, full, full, nil, nil, full} {
		if err := e.ConsumeLogs(t.Context(), logsOf("a:b")); !errors.Is(err, failure) {
			t.Errorf("got %v, want %v", err, failure)
		}
	}
	want := []string{"StatusRecoverableError disk is full", "StatusOK <nil>", "StatusRecoverableError disk is full"}
	if !slices.Equal(w.seen, want) {
		t.Errorf("reported %q, want %q", w.seen, want)
	}
	if err := e.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
