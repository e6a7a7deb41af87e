package activitylog_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"go.opentelemetry.io/otel"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/internal/secret/secrettest"
)

// TestEmitMisnamed emits events whose code is none: they are not lost, and who
// made them is told once.
func TestEmitMisnamed(t *testing.T) {
	var mu sync.Mutex
	var told []string
	before := otel.GetErrorHandler()
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, err.Error())
	}))
	defer otel.SetErrorHandler(before)
	activitylog.ForgetMisnamed()
	rec := new(activitylogtest.Recorder)
	codes := []activitylog.Code{"", "member.updated", "Member:updated", "a.:b", ".a:b", "a:", ":b", "a:b:c", activitylog.Code(strings.Repeat("a", 200) + ":b"), "a.b:c", "a:b"}
	for range 3 {
		for _, code := range codes {
			activitylog.Emit(context.Background(), rec.Logger("test"), activitylog.Event{Code: code})
		}
	}
	if n, want := len(rec.Events()), 3*(len(codes)-1); n != want { // one without any name is no event to the recorder
		t.Errorf("%d events, want %d", n, want)
	}
	if len(told) != len(codes)-2 {
		t.Errorf("told of %q", told)
	}
	activitylog.ForgetMisnamed()
	told = nil
	fake := secrettest.Fakes(1)[0]
	activitylog.Emit(context.Background(), rec.Logger("test"), activitylog.Event{Code: activitylog.Code("org:" + fake.Text)})
	if len(told) != 1 || strings.Contains(told[0], fake.Secret) {
		t.Errorf("told of %q, a secret", told)
	}
	activitylog.ForgetMisnamed()
	told = nil
	for i := range 200 {
		activitylog.Emit(context.Background(), rec.Logger("test"), activitylog.Event{Code: activitylog.Code(fmt.Sprintf("X%d", i))})
	}
	if len(told) != 100 {
		t.Errorf("told %d times, want 100", len(told))
	}
}
