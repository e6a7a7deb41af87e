package activitylogexporter_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

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
