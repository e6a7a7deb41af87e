package activitylogexporter_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/activitylog-go/activitylog"
	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
)

// A wire is a round tripper that keeps what the OTLP exporter sends.
type wire struct{ body []byte }

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var err error
	if w.body, err = io.ReadAll(r.Body); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

// newSender returns a provider of the OpenTelemetry SDK that sends each record
// at once, through the stock exporter, to w.
func newSender(tb testing.TB, w *wire) *sdklog.LoggerProvider {
	tb.Helper()
	exp, err := otlploghttp.New(tb.Context(),
		otlploghttp.WithEndpointURL("http://collector.test/v1/logs"),
		otlploghttp.WithHTTPClient(&http.Client{Transport: w}))
	if err != nil {
		tb.Fatal(err)
	}
	provider := sdklog.NewLoggerProvider(
		sdklog.WithProcessor(sdklog.NewSimpleProcessor(exp)),
		sdklog.WithResource(resource.NewSchemaless(semconv.ServiceName("payments"))))
	tb.Cleanup(func() { provider.Shutdown(context.Background()) })
	return provider
}

// FuzzRoundTrip checks that an event comes out of the decoder as it went into
// the SDK: record.go and decode.go are inverse to each other.
func FuzzRoundTrip(f *testing.F) {
	for seed := range uint64(32) {
		f.Add(seed, "Zoë \x00\xff <b>&\u2028", `{"a": ["<", 1.50]}`)
	}
	w := new(wire)
	logger := newSender(f, w).Logger(activitylog.ScopeName)
	f.Fuzz(func(t *testing.T, seed uint64, text, value string) {
		random := eventMaker{Rand: rand.New(rand.NewPCG(seed, 1)), text: text, value: value}
		want := random.event()
		ctx := t.Context()
		if random.IntN(2) == 0 {
			span := trace.SpanContextConfig{TraceID: trace.TraceID{1, 2, byte(seed)}, SpanID: trace.SpanID{3, byte(seed)}}
			ctx = trace.ContextWithSpanContext(ctx, trace.NewSpanContext(span))
			want.TraceID, want.SpanID = span.TraceID.String(), span.SpanID.String()
		}
		logger.Emit(ctx, want.Record())

		req := plogotlp.NewExportRequest()
		if err := req.UnmarshalProto(w.body); err != nil {
			t.Fatalf("request cannot be read: %v", err)
		}
		events, passed := activitylogexporter.Decode(req.Logs(), false, now)
		if len(events) != 1 || passed != 0 {
			t.Fatalf("got %d events, %d records passed over", len(events), passed)
		}
		got := events[0]
		checkEvent(t, got)
		if got.Observed.IsZero() {
			t.Error("the time at which the SDK saw the event is lost")
		}
		got.Observed = time.Time{}
		want.Service = "payments"
		if got.EventName != want.EventName || got.Salt != want.Salt {
			t.Errorf("got name %q and salt %q, want %q and %q", got.EventName, got.Salt, want.EventName, want.Salt)
		}
		gotText, wantText := marshal(t, got), marshal(t, want)
		if !bytes.Equal(gotText, wantText) {
			t.Errorf("got\n%s\nwant\n%s", gotText, wantText)
		}
	})
}

func marshal(t *testing.T, e activitylog.Event) []byte {
	t.Helper()
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// An eventMaker makes random events of a few texts.
type eventMaker struct {
	*rand.Rand
	text, value string
}

func (m eventMaker) string() string {
	texts := []string{"", "", "a", "usr_1", "Ann Lee", "{}", m.text, m.text + m.text, m.value}
	return texts[m.IntN(len(texts))]
}

func (m eventMaker) event() activitylog.Event {
	codes := []activitylog.Code{"org.member:updated", "user:logged_in", "a.b.c:d"}
	e := activitylog.Event{
		ID:        activitylog.NewID(),
		Time:      time.Unix(m.Int64N(4e9), m.Int64N(1e9)).UTC(),
		Code:      codes[m.IntN(len(codes))],
		Summary:   "Somebody did " + m.string(),
		Outcome:   activitylog.Outcomes()[m.IntN(4)],
		Reason:    m.string(),
		ErrorType: m.string(),
		Tenant:    m.string(),
		Actor:     activitylog.Actor{ID: m.string(), Name: m.string(), Email: m.string()},
		HTTP:      activitylog.HTTP{Method: m.string(), Route: m.string(), Path: m.string(), Status: m.IntN(1000)},
		Source: activitylog.Source{
			ClientAddress: m.string(), PeerAddress: m.string(), UserAgent: m.string(),
			SessionID: m.string(), RequestID: m.string(),
		},
		Stream: m.string(), Seq: uint64(m.Int64N(3)) * m.Uint64N(1<<62), Salt: m.string(),
	}
	e.Actor.OnBehalfOf = activitylog.Party{ID: m.string(), Name: m.string()}
	e.Actor.Type = []activitylog.ActorType{"", activitylog.User, activitylog.Service, activitylog.System}[m.IntN(4)]
	if m.IntN(2) == 0 {
		e.EventName = e.Code.Dotted()
	}
	for range m.IntN(4) {
		e.Targets = append(e.Targets, activitylog.Target{Type: "t" + m.string(), ID: m.string(), Name: m.string()})
	}
	for range m.IntN(4) {
		e.Changes = append(e.Changes, activitylog.NewChange("/"+m.string(), m.any(), m.any()))
	}
	for i := range m.IntN(6) {
		e.Attributes.Set("a"+string(rune('a'+i))+m.string(), m.any())
	}
	return e
}

func (m eventMaker) any() any {
	values := []any{nil, m.string(), m.IntN(2) == 0, m.Int64(), m.NormFloat64(), float64(m.IntN(9)), json.RawMessage(m.value), []any{m.string()}}
	return values[m.IntN(len(values))]
}
