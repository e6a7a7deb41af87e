package mapping_test

import (
	"context"
	"fmt"
	"testing"

	"go.opentelemetry.io/otel/log"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
)

// A job emits its events with the sentences of the same file as the API.
func ExampleMapping_Emit() {
	m, err := mapping.Parse("activitylog.yaml", []byte(`
version: 1
events:
  payout:processed:
    sentence: "{actor} processed payout {target.id} of {tenant}"
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	rec := new(activitylogtest.Recorder) // in a program, otel.GetLoggerProvider()

	m.Emit(context.Background(), rec.Logger("billing"), activitylog.Event{
		Code:    "payout:processed",
		Tenant:  "acme",
		Actor:   activitylog.Actor{ID: "nightly", Type: activitylog.System},
		Targets: []activitylog.Target{{Type: "payout", ID: "po_1"}},
	})
	for _, e := range rec.Events() {
		fmt.Println(e.Summary)
	}
	// Output:
	// System (nightly) processed payout po_1 of acme
}

func TestEmit(t *testing.T) {
	m, err := mapping.Parse("activitylog.yaml", []byte(`version: 1
event_names: dotted
classify: {iban: secret}
events:
  payout:processed:
    sentence: "{actor} processed {target}"
    severity: error
    aliases: [payment:paid_out]
`))
	if err != nil {
		t.Fatal(err)
	}
	changes := []activitylog.Change{
		activitylog.NewChange("/iban", "DE00", "DE11"),
		activitylog.NewChange("/status", "due", "paid"),
	}
	event := activitylog.Event{
		Code:    "payment:paid_out",
		Actor:   activitylog.Actor{ID: "usr_ann", Name: "Ann Lee"},
		Targets: []activitylog.Target{{Type: "payout", ID: "po_1"}},
		Changes: changes,
	}
	rec := new(activitylogtest.Recorder)
	m.Emit(t.Context(), rec.Logger(""), event)
	e := activitylogtest.Expect(t, rec,
		activitylogtest.Code("payout:processed"),
		activitylogtest.Summary("Ann Lee processed po_1 · 2 fields"),
		activitylogtest.ActorType(activitylog.User),
		activitylogtest.Outcome(activitylog.Success),
		activitylogtest.Redacted("/iban"),
		activitylogtest.Changed("/status", "due", "paid"))
	if e.EventName != "payout.processed" || e.ID == "" || e.Time.IsZero() {
		t.Errorf("event is named %q, id %q, at %v", e.EventName, e.ID, e.Time)
	}
	if changes[0].Redacted {
		t.Error("the caller's changes were changed")
	}

	rec.Reset()
	event.Summary, event.EventName, event.Outcome = "as it was said", "own.name", activitylog.Denied
	m.Emit(t.Context(), rec.Logger(""), event)
	if e := activitylogtest.Expect(t, rec, activitylogtest.Summary("as it was said")); e.EventName != "own.name" {
		t.Errorf("event is named %q", e.EventName)
	}

	rec.Reset()
	event = activitylog.Event{Code: "no:such"} // in no catalogue
	m.Emit(t.Context(), rec.Logger(""), event)
	mapping.Default().Emit(t.Context(), rec.Logger(""), event)
	for _, e := range rec.Events() {
		if e.Summary == "" {
			t.Error("an event has no sentence")
		}
	}
}

// A severityLogger notes the severity of records.
type severityLogger struct {
	log.Logger
	severity log.Severity
}

func (l *severityLogger) Emit(_ context.Context, r log.Record) { l.severity = r.Severity() }

func TestEmitSeverity(t *testing.T) {
	m, err := mapping.Parse("activitylog.yaml", []byte("version: 1\nevents:\n  payout:processed: {severity: error}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for severity, want := range map[log.Severity]log.Severity{0: log.SeverityError, log.SeverityFatal: log.SeverityFatal} {
		l := new(severityLogger)
		m.Emit(t.Context(), l, activitylog.Event{Code: "payout:processed", Severity: severity})
		if l.severity != want {
			t.Errorf("severity is %v, want %v", l.severity, want)
		}
	}
}
