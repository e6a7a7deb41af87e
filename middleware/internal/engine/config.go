package engine

import (
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/metric"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
)

// Config is what the options of package middleware set.
type Config struct {
	LoggerProvider log.LoggerProvider
	MeterProvider  metric.MeterProvider
	TrustedProxies []netip.Prefix
	ServeMux       *http.ServeMux
	Clock          func() time.Time

	Route     func(*http.Request) string
	Actor     func(*http.Request) activitylog.Actor
	Tenant    func(*http.Request) string
	RequestID func(*http.Request) string
	Session   func(*http.Request) string
}

func (c Config) withDefaults() Config {
	if c.LoggerProvider == nil {
		c.LoggerProvider = otel.GetLoggerProvider()
	}
	if c.MeterProvider == nil {
		c.MeterProvider = otel.GetMeterProvider()
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return c
}

// maxWarned bounds the rules that are remembered as warned of.
const maxWarned = 10_000

// warned remembers the rules that a warning was given for.
type warned struct {
	rules sync.Map // of *mapping.Rule
	count atomic.Int64
}

func (w *warned) once(rule *mapping.Rule, warn func()) {
	if _, ok := w.rules.Load(rule); ok || w.count.Load() >= maxWarned {
		return
	}
	if _, ok := w.rules.LoadOrStore(rule, nil); !ok {
		w.count.Add(1)
		warn()
	}
}
