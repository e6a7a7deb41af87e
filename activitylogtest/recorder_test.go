package activitylogtest_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
)

func Example() {
	rec := new(activitylogtest.Recorder)
	activitylog.Emit(context.Background(), rec.Logger("jobs"), activitylog.Event{Code: "payout:processed"})
	for _, e := range rec.Events() {
		fmt.Println(e.Code, e.Outcome)
	}
	rec.Reset()
	fmt.Println(len(rec.Events()))
	// Output:
	// payout:processed success
	// 0
}

func TestRecorderPassesOverOtherRecords(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	var r log.Record
	r.SetBody(attribute.StringValue("a line of a log"))
	rec.Logger("app").Emit(t.Context(), r)
	if events := rec.Events(); len(events) != 0 {
		t.Errorf("a record that is no event became %+v", events)
	}
}

func TestRecorderRefusesDuplicateKeys(t *testing.T) {
	e := activitylog.Event{Code: "org:created"}
	r := e.Record()
	r.AddAttributes(attribute.String(activitylog.KeyID, "again"))
	defer func() {
		if recover() == nil {
			t.Error("a record with an attribute twice passed")
		}
	}()
	new(activitylogtest.Recorder).Logger("").Emit(t.Context(), r)
}

func TestRecorderConcurrent(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				activitylog.Emit(t.Context(), rec.Logger(""), activitylog.Event{Code: "org:created"})
				rec.Events()
			}
		})
	}
	wg.Wait()
	if n := len(rec.Events()); n != 400 {
		t.Errorf("%d events, want 400", n)
	}
}
