package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/contrib/instrumentation/github.com/gin-gonic/gin/otelgin"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/ginactivity"
)

// A benchCase serves requests of one kind; setup may be slow.
type benchCase struct {
	name   string
	method string
	setup  func(testing.TB) http.Handler
}

const (
	path = "/orgs/acme/members/usr_bob"
	read = http.MethodGet // cannot be an event
	edit = http.MethodPatch
)

var cases = []benchCase{
	{"http/bare", edit, func(testing.TB) http.Handler { return newMux(nothing) }},
	{"http/not-an-event", read, func(b testing.TB) http.Handler { return activity(b)(newMux(nothing)) }},
	{"http/not-an-event-10000-rules", read, func(b testing.TB) http.Handler {
		return middleware.New(manyRules(), options(b)...)(newMux(nothing))
	}},
	{"http/event", edit, func(b testing.TB) http.Handler { return activity(b)(newMux(speak)) }},
	{"http/event-10000-rules", edit, func(b testing.TB) http.Handler {
		return middleware.New(manyRules(), options(b)...)(newMux(speak))
	}},
	{"http/event-async", edit, func(b testing.TB) http.Handler { return activity(b, middleware.WithAsync())(newMux(speak)) }},
	{"http/event-sdk-default", edit, func(b testing.TB) http.Handler { return activity(b, sdkDefault(b))(newMux(speak)) }},
	{"http/otelhttp", edit, func(b testing.TB) http.Handler {
		return otelhttp.NewHandler(newMux(nothing), "server", otelhttp.WithTracerProvider(tracer(b)), otelhttp.WithMeterProvider(metricnoop.NewMeterProvider()))
	}},
	{"http/otelhttp-and-event", edit, func(b testing.TB) http.Handler {
		return otelhttp.NewHandler(activity(b)(newMux(speak)), "server", otelhttp.WithTracerProvider(tracer(b)), otelhttp.WithMeterProvider(metricnoop.NewMeterProvider()))
	}},
	{"http/sdk-alone", edit, func(b testing.TB) http.Handler { return records(b, newMux(nothing)) }},
	{"http/slog", edit, func(testing.TB) http.Handler { return slogs(newMux(nothing)) }},
	{"http/auditevent", edit, func(testing.TB) http.Handler { return audits(newMux(nothing)) }},

	{"gin/bare", edit, func(testing.TB) http.Handler { return newGin(func(*gin.Context) {}) }},
	{"gin/not-an-event", read, func(b testing.TB) http.Handler { return newGin(func(*gin.Context) {}, ginActivity(b)) }},
	{"gin/event", edit, func(b testing.TB) http.Handler { return newGin(ginSpeak, ginActivity(b)) }},
	{"gin/event-async", edit, func(b testing.TB) http.Handler { return newGin(ginSpeak, ginActivity(b, middleware.WithAsync())) }},
	{"gin/event-sdk-default", edit, func(b testing.TB) http.Handler { return newGin(ginSpeak, ginActivity(b, sdkDefault(b))) }},
	{"gin/otelgin", edit, func(b testing.TB) http.Handler {
		return newGin(func(*gin.Context) {}, otelgin.Middleware("server", otelgin.WithTracerProvider(tracer(b)), otelgin.WithMeterProvider(metricnoop.NewMeterProvider())))
	}},
}

// request is one that a browser behind a proxy might send.
func request(method string) *http.Request {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36")
	r.Header.Set("X-Request-Id", "0d5f2c6e-6f6e-4d5c-9a53-3f1d3a8f7b10")
	return r
}

func newMux(h http.HandlerFunc) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orgs/{org}/members/{member}", h)
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", h)
	return mux
}

func newGin(h gin.HandlerFunc, use ...gin.HandlerFunc) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.Use(use...)
	r.GET("/orgs/:org/members/:member", h)
	r.PATCH("/orgs/:org/members/:member", func(c *gin.Context) { h(c); c.Status(http.StatusNoContent) })
	return r
}

func nothing(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// speak says what the middleware cannot know, so that the event has all of
// its attributes.
func speak(w http.ResponseWriter, r *http.Request) {
	say(activitylog.From(r.Context()))
	w.WriteHeader(http.StatusNoContent)
}

func ginSpeak(c *gin.Context) { say(activitylog.From(c.Request.Context())) }

func say(d *activitylog.Draft) {
	d.SetActor(activitylog.Actor{ID: "usr_ann", Name: "Ann Lee", Email: "ann@example.org"})
}

// rules is a mapping that names n routes, that of the requests among them.
func rules(n int) *mapping.Mapping {
	text := []byte("version: 1\ntenant: {path: org}\nroutes:\n  PATCH /orgs/{org}/members/{member}: {code: org.member:updated}\n")
	for i := range n - 1 {
		text = fmt.Appendf(text, "  PATCH /orgs/{org}/things_%d/{thing}: {code: thing_%d:updated}\n", i, i)
	}
	m, err := mapping.Parse("activitylog.yaml", text)
	if err != nil {
		panic(err)
	}
	return m
}

var manyRules = sync.OnceValue(func() *mapping.Mapping { return rules(10_000) })

func options(b testing.TB, more ...middleware.Option) []middleware.Option {
	return append([]middleware.Option{
		logs(b, sdklog.WithAllowKeyDuplication()),
		middleware.WithRequestID(func(r *http.Request) string { return r.Header.Get("X-Request-Id") }),
	}, more...)
}

// sdkDefault has the SDK look for attributes that occur twice.
func sdkDefault(b testing.TB) middleware.Option { return logs(b) }

func logs(b testing.TB, opts ...sdklog.LoggerProviderOption) middleware.Option {
	provider := sdklog.NewLoggerProvider(append(opts, sdklog.WithProcessor(sdklog.NewBatchProcessor(noLogs{})))...)
	b.Cleanup(func() {
		middleware.Flush(context.Background())
		provider.Shutdown(context.Background())
	})
	return middleware.WithLoggerProvider(provider)
}

func activity(b testing.TB, more ...middleware.Option) func(http.Handler) http.Handler {
	return middleware.New(rules(1), options(b, more...)...)
}

func ginActivity(b testing.TB, more ...middleware.Option) gin.HandlerFunc {
	return ginactivity.New(rules(1), options(b, more...)...)
}

func tracer(b testing.TB) *sdktrace.TracerProvider {
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(noSpans{}))
	b.Cleanup(func() { provider.Shutdown(context.Background()) })
	return provider
}

// exported counts the log records and spans that came through: where a batch
// processor drops, a request costs too little.
var exported atomic.Int64

type noLogs struct{}

func (noLogs) Export(_ context.Context, records []sdklog.Record) error {
	exported.Add(int64(len(records)))
	return nil
}
func (noLogs) Shutdown(context.Context) error   { return nil }
func (noLogs) ForceFlush(context.Context) error { return nil }

type noSpans struct{}

func (noSpans) ExportSpans(_ context.Context, spans []sdktrace.ReadOnlySpan) error {
	exported.Add(int64(len(spans)))
	return nil
}
func (noSpans) Shutdown(context.Context) error { return nil }

// records emits a record of constants with as many attributes as an event has:
// what the SDK costs by itself.
func records(b testing.TB, next http.Handler) http.Handler {
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(noLogs{})), sdklog.WithAllowKeyDuplication())
	b.Cleanup(func() { provider.Shutdown(context.Background()) })
	logger := provider.Logger("sdk-alone")
	attrs := make([]attribute.KeyValue, 20)
	for i := range attrs {
		attrs[i] = attribute.String("activitylog.attr."+string(rune('a'+i)), "value")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		var record log.Record
		record.SetTimestamp(time.Now())
		record.SetEventName("org.member:updated")
		record.AddAttributes(attrs...)
		logger.Emit(r.Context(), record)
	})
}

// slogs writes a line of twelve attributes, which many take for an audit log.
func slogs(next http.Handler) http.Handler {
	logger := slog.New(slog.NewJSONHandler(io.Discard, nil))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		logger.LogAttrs(r.Context(), slog.LevelInfo, "request",
			slog.String("id", activitylog.NewID()), slog.String("method", r.Method), slog.String("route", r.Pattern),
			slog.String("path", r.URL.Path), slog.Int("status", http.StatusNoContent), slog.String("actor", "usr_ann"),
			slog.String("actor_name", "Ann Lee"), slog.String("tenant", r.PathValue("org")), slog.String("target", r.PathValue("member")),
			slog.String("outcome", "success"), slog.String("client", r.RemoteAddr), slog.String("user_agent", r.UserAgent()))
	})
}

// audits writes a line in the manner of metal-toolbox/auditevent.
func audits(next http.Handler) http.Handler {
	enc := json.NewEncoder(io.Discard)
	type metadata struct {
		AuditID string `json:"auditId"`
	}
	type source struct {
		Type  string         `json:"type"`
		Value string         `json:"value"`
		Extra map[string]any `json:"extra,omitempty"`
	}
	type event struct {
		Metadata  metadata          `json:"metadata"`
		Type      string            `json:"type"`
		LoggedAt  time.Time         `json:"loggedAt"`
		Source    source            `json:"source"`
		Outcome   string            `json:"outcome"`
		Subjects  map[string]string `json:"subjects"`
		Component string            `json:"component"`
		Target    map[string]string `json:"target,omitempty"`
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		enc.Encode(event{
			Metadata:  metadata{activitylog.NewID()},
			Type:      r.Method + ":" + r.URL.Path,
			LoggedAt:  time.Now(),
			Source:    source{"IP", r.RemoteAddr, map[string]any{"userAgent": r.UserAgent()}},
			Outcome:   "succeeded",
			Subjects:  map[string]string{"user": "usr_ann", "name": "Ann Lee"},
			Component: "payments",
			Target:    map[string]string{"path": r.URL.Path},
		})
	})
}

// A discarder is a ResponseWriter with the optional methods of net/http's own
// for HTTP/1, so that wrapping it costs what it costs on a server.
type discarder struct{ header http.Header }

func (w discarder) Header() http.Header                 { return w.header }
func (w discarder) Write(b []byte) (int, error)         { return len(b), nil }
func (w discarder) WriteString(s string) (int, error)   { return len(s), nil }
func (w discarder) WriteHeader(int)                     {}
func (w discarder) Flush()                              {}
func (w discarder) FlushError() error                   { return nil }
func (w discarder) CloseNotify() <-chan bool            { return nil }
func (w discarder) ReadFrom(r io.Reader) (int64, error) { return io.Copy(io.Discard, r) }
func (w discarder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return nil, nil, http.ErrNotSupported
}
func (w discarder) SetReadDeadline(time.Time) error  { return nil }
func (w discarder) SetWriteDeadline(time.Time) error { return nil }
func (w discarder) EnableFullDuplex() error          { return nil }
