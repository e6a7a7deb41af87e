package activitylogexporter_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/goleak"

	"github.com/activitylog-go/activitylog"
	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/internal/secret/secrettest"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/store/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A fakeStore is a memory store that fails on demand.
type fakeStore struct {
	*memory.Store
	fail func([]activitylog.Event) error // nil does not fail

	mu     sync.Mutex
	closed int
	late   atomic.Int64 // events that came after Close
	getErr error        // of Get, if it is not nil
}

func (s *fakeStore) Get(ctx context.Context, id string) (activitylog.Event, error) {
	if s.getErr != nil {
		return activitylog.Event{}, s.getErr
	}
	return s.Store.Get(ctx, id)
}

func newFakeStore(fail func([]activitylog.Event) error) *fakeStore {
	return &fakeStore{Store: memory.New(), fail: fail}
}

func (s *fakeStore) Append(ctx context.Context, events []activitylog.Event) (store.Result, error) {
	if s.isClosed() {
		s.late.Add(int64(len(events)))
	}
	if s.fail != nil {
		if err := s.fail(events); err != nil {
			return store.Result{}, err
		}
	}
	return s.Store.Append(ctx, events)
}

func (s *fakeStore) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed > 0
}

func (s *fakeStore) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed++
	return s.Store.Close()
}

func (s *fakeStore) codes(t *testing.T) []string {
	t.Helper()
	page, err := s.List(t.Context(), store.Query{Limit: store.MaxLimit})
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, e := range page.Events {
		codes = append(codes, string(e.Code))
	}
	slices.Sort(codes)
	return codes
}

// direct takes queue and retries out of the way.
func direct(c *activitylogexporter.Config) {
	c.Queue = configoptional.None[exporterhelper.QueueBatchConfig]()
	c.Retry.Enabled = false
}

// start starts an exporter over s, which is shut down with the test.
func start(t *testing.T, set exporter.Settings, s store.Store, change func(*activitylogexporter.Config)) exporter.Logs {
	t.Helper()
	e := create(t, set, s, change)
	if err := e.Start(t.Context(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return e
}

// create returns an exporter over s that is not started.
func create(t *testing.T, set exporter.Settings, s store.Store, change func(*activitylogexporter.Config)) exporter.Logs {
	t.Helper()
	factory := activitylogexporter.NewFactoryWith(func(context.Context, string) (store.Store, error) { return s, nil })
	config := factory.CreateDefaultConfig().(*activitylogexporter.Config)
	change(config)
	e, err := factory.CreateLogs(t.Context(), set, config)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// logsOf returns logs with an event of each code; "" is a record that is none.
func logsOf(codes ...string) plog.Logs {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, code := range codes {
		r := records.AppendEmpty()
		r.SetEventName(code)
		r.SetTimestamp(1790000000000000000)
	}
	return logs
}

func TestLifecycle(t *testing.T) {
	s := newFakeStore(nil)
	factory := activitylogexporter.NewFactoryWith(func(context.Context, string) (store.Store, error) { return s, nil })
	create := func() exporter.Logs {
		e, err := factory.CreateLogs(t.Context(), exportertest.NewNopSettings(factory.Type()), factory.CreateDefaultConfig())
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	if err := create().Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown without Start: %v", err)
	}
	e := create()
	if err := e.Start(t.Context(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	logs := logsOf("org:created")
	logs.MarkReadOnly()
	if err := e.ConsumeLogs(t.Context(), logs); err != nil {
		t.Error(err)
	}
	if err := e.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if s.closed != 1 {
		t.Errorf("the store was closed %d times, want once", s.closed)
	}
	if got := s.codes(t); !slices.Equal(got, []string{"org:created"}) {
		t.Errorf("the store has %v", got)
	}
}

func TestStartReportsStore(t *testing.T) {
	factory := activitylogexporter.NewFactoryWith(func(context.Context, string) (store.Store, error) {
		return nil, errors.New("schema is newer than this program")
	})
	e, err := factory.CreateLogs(t.Context(), exportertest.NewNopSettings(factory.Type()), factory.CreateDefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Start(t.Context(), componenttest.NewNopHost()); err == nil || !strings.Contains(err.Error(), "schema is newer") {
		t.Errorf("Start: got %v", err)
	}
	if err := e.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestMetrics checks that the fate of every record is counted.
func TestMetrics(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	defer telemetry.Shutdown(context.Background())
	set := exportertest.NewNopSettings(component.MustNewType("activitylog"))
	set.TelemetrySettings = telemetry.NewTelemetrySettings()
	s := newFakeStore(refuse("bad:one"))
	e := start(t, set, s, direct)

	logs := logsOf("a:b", "", "bad:one", "c:d", "e:f")
	records := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	id := activitylog.NewID()
	records.At(3).Attributes().PutStr(activitylog.KeyID, id)
	records.At(4).Attributes().PutStr(activitylog.KeyID, id) // a conflict with the one before
	records.At(4).SetDroppedAttributesCount(3)
	for i := range records.Len() {
		records.At(i).SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	}
	records.At(0).SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(25 * time.Hour)))
	records.At(3).SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-25 * time.Hour)))
	for range 2 {
		if err := e.ConsumeLogs(t.Context(), logs); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]int64{
		"records/added": 2, "records/duplicate": 2, "records/conflict": 2, "records/quarantined": 2, "records/passed_over": 2,
		"ids_derived": 4, "truncated": 2, "skewed": 4,
	}
	got := make(map[string]int64)
	for _, name := range []string{"records", "ids_derived", "truncated", "skewed"} {
		m, err := telemetry.GetMetric("otelcol_exporter_activitylog_" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, point := range m.Data.(metricdata.Sum[int64]).DataPoints {
			key := name
			if result, ok := point.Attributes.Value("result"); ok {
				key += "/" + result.AsString()
			}
			got[key] = point.Value
			if driver, _ := point.Attributes.Value(attribute.Key("store")); driver.AsString() != "sqlite" {
				t.Errorf("%s: store is %q", key, driver.AsString())
			}
		}
	}
	for key, n := range want {
		if got[key] != n {
			t.Errorf("%s: counted %d, want %d", key, got[key], n)
		}
	}
	m, err := telemetry.GetMetric("otelcol_exporter_activitylog_store_duration")
	if err != nil {
		t.Fatal(err)
	}
	if points := m.Data.(metricdata.Histogram[float64]).DataPoints; len(points) != 1 || points[0].Count != 2 {
		t.Errorf("durations: %+v, want two", points)
	}
}

// TestMetricsOfRetry checks that what is found in a batch is counted when it is
// stored, and not at each attempt.
func TestMetricsOfRetry(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	defer telemetry.Shutdown(context.Background())
	set := exportertest.NewNopSettings(component.MustNewType("activitylog"))
	set.TelemetrySettings = telemetry.NewTelemetrySettings()
	attempts := 0
	s := newFakeStore(func([]activitylog.Event) error {
		if attempts++; attempts < 4 {
			return errors.New("database is locked")
		}
		return nil
	})
	e := start(t, set, s, func(c *activitylogexporter.Config) { c.Retry.InitialInterval = time.Millisecond })
	logs := logsOf("a:b", "")
	r := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	r.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().AddDate(0, 0, -2)))
	r.SetDroppedAttributesCount(1)
	if err := e.ConsumeLogs(t.Context(), logs); err != nil || attempts != 4 {
		t.Fatalf("%d attempts, %v", attempts, err)
	}
	for name, want := range map[string]int64{"records": 2, "ids_derived": 1, "truncated": 1, "skewed": 1} {
		if got := sum(t, telemetry, name); got != want {
			t.Errorf("%s: counted %d, want %d", name, got, want)
		}
	}
	// A record without a time says nothing of a clock, whenever it came first.
	id := activitylog.NewID()
	old := activitylog.Event{ID: id, Time: time.Now().AddDate(0, 0, -2), Code: "a:b"}
	if _, err := s.Append(t.Context(), []activitylog.Event{old}); err != nil {
		t.Fatal(err)
	}
	r.SetTimestamp(0)
	r.Attributes().PutStr(activitylog.KeyID, id)
	if err := e.ConsumeLogs(t.Context(), logs); err != nil {
		t.Fatal(err)
	}
	if got := sum(t, telemetry, "skewed"); got != 1 {
		t.Errorf("skewed: counted %d with a record that has no time, want 1", got)
	}
}

// sum returns what a counter of the exporter has counted.
func sum(t *testing.T, telemetry *componenttest.Telemetry, name string) (n int64) {
	t.Helper()
	m, err := telemetry.GetMetric("otelcol_exporter_activitylog_" + name)
	if err != nil {
		t.Fatal(err)
	}
	for _, point := range m.Data.(metricdata.Sum[int64]).DataPoints {
		n += point.Value
	}
	return n
}

// refuse returns a failure as of a store that cannot take events of a code.
func refuse(code activitylog.Code) func([]activitylog.Event) error {
	return func(events []activitylog.Event) error {
		for _, e := range events {
			if e.Code == code {
				return errors.Join(errors.New("constraint failed"), store.ErrEvent)
			}
		}
		return nil
	}
}

// TestPoison checks that a record that no store can take costs no other one,
// and is kept as it came.
func TestPoison(t *testing.T) {
	s := newFakeStore(refuse("bad:one"))
	e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, direct)
	var codes []string
	for i := range 37 {
		codes = append(codes, "good:"+string(rune('a'+i%26)))
		if i%9 == 4 {
			codes = append(codes, "bad:one")
		}
	}
	logs := logsOf(codes...)
	logs.ResourceLogs().At(0).Resource().Attributes().PutStr("service.name", "payments")
	records := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	for i := range records.Len() {
		records.At(i).Attributes().PutInt("n", int64(i))
	}
	if err := e.ConsumeLogs(t.Context(), logs); err != nil {
		t.Fatal(err)
	}
	if got := s.codes(t); len(got) != 37 || slices.Contains(got, "bad:one") {
		t.Errorf("the store has %d events: %v", len(got), got)
	}
	quarantined, err := s.Quarantined(t.Context(), "", 0)
	if err != nil || len(quarantined) != 4 {
		t.Fatalf("%d records in quarantine, %v", len(quarantined), err)
	}
	for _, q := range quarantined {
		raw, err := new(plog.ProtoUnmarshaler).UnmarshalLogs(q.Raw)
		if err != nil {
			t.Fatal(err)
		}
		events, _ := activitylogexporter.Decode(raw, false, now)
		if len(events) != 1 || events[0].Code != "bad:one" || events[0].Service != "payments" || len(events[0].Attributes) != 1 {
			t.Errorf("quarantine has %+v", events)
		}
		if !strings.Contains(q.Reason, "constraint failed") {
			t.Errorf("reason is %q", q.Reason)
		}
	}
}

// TestPoisonWithoutQuarantine checks that a store without a quarantine still
// gets the batch mates, and that the sender keeps what it cannot take.
func TestPoisonWithoutQuarantine(t *testing.T) {
	s := newFakeStore(refuse("bad:one"))
	bare := struct{ store.Store }{s}
	e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), bare, direct)
	err := e.ConsumeLogs(t.Context(), logsOf("a:b", "bad:one", "c:d"))
	if err == nil || consumererror.IsPermanent(err) {
		t.Errorf("got %v, want an error that is not permanent", err)
	}
	if got := s.codes(t); !slices.Equal(got, []string{"a:b", "c:d"}) {
		t.Errorf("the store has %v", got)
	}
}

// TestStoreDown checks that a store that is down is no reason to halve the
// batch, and that what it did not take is kept by the sender.
func TestStoreDown(t *testing.T) {
	calls := 0
	s := newFakeStore(func([]activitylog.Event) error {
		calls++
		return errors.New("disk is full")
	})
	e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, direct)
	err := e.ConsumeLogs(t.Context(), logsOf("a:b", "c:d"))
	if err == nil || consumererror.IsPermanent(err) {
		t.Errorf("got %v, want an error that is not permanent", err)
	}
	if quarantined, _ := s.Quarantined(t.Context(), "", 0); calls != 1 || len(quarantined) != 0 {
		t.Errorf("store was called %d times, %d records in quarantine", calls, len(quarantined))
	}
}

// TestRetry checks that a store that comes back soon is not noticed.
func TestRetry(t *testing.T) {
	var calls int
	s := newFakeStore(func([]activitylog.Event) error {
		if calls++; calls < 3 {
			return errors.New("database is locked")
		}
		return nil
	})
	e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, func(c *activitylogexporter.Config) {
		c.Retry.InitialInterval = time.Millisecond
	})
	if err := e.ConsumeLogs(t.Context(), logsOf("a:b")); err != nil {
		t.Fatal(err)
	}
	if got := s.codes(t); len(got) != 1 {
		t.Errorf("the store has %v", got)
	}
}

// TestResendWithoutTime checks that a second delivery is recognised although
// the record has neither id nor time.
func TestResendWithoutTime(t *testing.T) {
	s := newFakeStore(nil)
	e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, direct)
	for range 3 {
		logs := logsOf("a:b", "a:b")
		for i := range 2 {
			logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(i).SetTimestamp(0)
		}
		if err := e.ConsumeLogs(t.Context(), logs); err != nil {
			t.Fatal(err)
		}
	}
	if quarantined, _ := s.Quarantined(t.Context(), "", 0); len(quarantined) != 0 || len(s.codes(t)) != 1 {
		t.Errorf("%d events and %d in quarantine, want one and none", len(s.codes(t)), len(quarantined))
	}
}

// TestResendWithoutTimeFails checks that a record without a time waits while
// the store cannot say whether it came before: with another time it would be in
// conflict with itself.
func TestResendWithoutTimeFails(t *testing.T) {
	s := newFakeStore(nil)
	e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, direct)
	logs := logsOf("a:b")
	logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).SetTimestamp(0)
	for i, failure := range []error{nil, errors.New("connection reset"), nil} {
		s.getErr = failure
		if err := e.ConsumeLogs(t.Context(), logs); !errors.Is(err, failure) || consumererror.IsPermanent(err) {
			t.Errorf("delivery %d: got %v, want %v", i, err, failure)
		}
	}
	if quarantined, _ := s.Quarantined(t.Context(), "", 0); len(quarantined) != 0 || len(s.codes(t)) != 1 {
		t.Errorf("%d events and %d in quarantine, want one and none", len(s.codes(t)), len(quarantined))
	}
}

func TestAcceptAll(t *testing.T) {
	s := newFakeStore(nil)
	e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, func(c *activitylogexporter.Config) {
		c.Accept = activitylogexporter.AcceptAll
	})
	if err := e.ConsumeLogs(t.Context(), logsOf("a:b", "")); err != nil {
		t.Fatal(err)
	}
	if got := s.codes(t); !slices.Equal(got, []string{"a:b", string(activitylogexporter.LogCode)}) {
		t.Errorf("the store has %v", got)
	}
}

// TestPoisonSecrets checks that quarantine, which keeps a record as it came,
// keeps no secret of it.
func TestPoisonSecrets(t *testing.T) {
	var told string // by the store, of what it refuses
	s := newFakeStore(func([]activitylog.Event) error { return fmt.Errorf("%w: %s", store.ErrEvent, told) })
	e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, direct)
	for _, f := range secrettest.Fakes(1) {
		told = f.Text
		logs := logsOf("bad:one")
		resource := logs.ResourceLogs().At(0)
		resource.Resource().Attributes().PutStr("service.name", f.Text)
		scope := resource.ScopeLogs().At(0).Scope()
		scope.SetName(f.Text)
		scope.SetVersion(f.Text)
		scope.Attributes().PutStr("scope", f.Text)
		r := resource.ScopeLogs().At(0).LogRecords().At(0)
		r.SetSeverityText(f.Text)
		r.Body().SetStr(f.Text)
		r.Attributes().PutStr("kind", f.Kind)
		r.Attributes().PutStr(f.Text, f.Text)
		r.Attributes().PutEmptyBytes("bytes").FromRaw([]byte(f.Text))
		r.Attributes().PutEmptyMap("map").PutEmptySlice(f.Text).AppendEmpty().SetStr(f.Text)
		r.Attributes().PutInt("card", 4111111111111111)
		r.Attributes().PutStr("password", "correct horse")
		if err := e.ConsumeLogs(t.Context(), logs); err != nil {
			t.Fatal(err)
		}
	}
	quarantined, err := s.Quarantined(t.Context(), "", store.MaxLimit)
	if fakes := secrettest.Fakes(1); err != nil || len(quarantined) != len(fakes) {
		t.Fatalf("%d records of %d are in quarantine, %v", len(quarantined), len(fakes), err)
	}
	for i, f := range secrettest.Fakes(1) {
		raw := quarantined[i].Raw
		if !bytes.Contains(raw, []byte(f.Kind)) {
			t.Errorf("%s: the kind is not in %q", f.Kind, raw)
		}
		logs, err := new(plog.ProtoUnmarshaler).UnmarshalLogs(raw)
		if err != nil {
			t.Fatal(err)
		}
		attrs := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes()
		if card, _ := attrs.Get("card"); card.Str() != "[redacted]" {
			t.Errorf("%s: the card is %v", f.Kind, card.AsRaw())
		}
		for _, hidden := range []string{f.Secret, "correct horse"} {
			if bytes.Contains(raw, []byte(hidden)) || strings.Contains(quarantined[i].Reason, hidden) {
				t.Errorf("%s: %q is in %q, or in the reason, %q", f.Kind, hidden, raw, quarantined[i].Reason)
			}
		}
	}
}
