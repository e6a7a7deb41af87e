package engine

import (
	"cmp"
	"fmt"
	"net/http"
	"net/netip"
	"sync"
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
	Async          bool
	FloodLimit     int // below 0: none
	FloodWindow    time.Duration
	ReplayHeader   string // of a response; "": none says so
	AccessEvents   bool
	AccessCode     activitylog.Code // that of the tenant's resource if empty
	AccessWindow   time.Duration

	Route     func(*http.Request) string
	Actor     func(*http.Request) activitylog.Actor
	Tenant    func(*http.Request) string
	RequestID func(*http.Request) string
	Session   func(*http.Request) string
}

// Configure returns what options set. One that is nil sets nothing, so that an
// application can have an option only at times.
func Configure[Option ~func(*Config)](opts []Option) Config {
	var c Config
	for _, opt := range opts {
		if opt != nil {
			opt(&c)
		}
	}
	return c
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
	c.FloodLimit = cmp.Or(c.FloodLimit, floodLimit)
	if c.FloodWindow <= 0 {
		c.FloodWindow = floodWindow
	}
	if _, err := activitylog.ParseCode(string(c.AccessCode)); c.AccessCode != "" && err != nil {
		otel.Handle(fmt.Errorf("activitylog: WithAccess: %w", err))
		c.AccessCode = ""
	}
	if c.AccessWindow <= 0 {
		c.AccessWindow = accessWindow
	}
	return c
}

// maxWarned bounds the routes that are remembered as warned of.
const maxWarned = 10_000

// warned remembers the routes that a warning was given for, whatever mapping
// was in force.
type warned struct {
	mu     sync.RWMutex
	routes map[[2]string]struct{} // by method and route
}

func (w *warned) once(rule *mapping.Rule, warn func()) {
	key := [2]string{rule.Method, rule.Route}
	w.mu.RLock()
	_, told := w.routes[key]
	full := len(w.routes) >= maxWarned
	w.mu.RUnlock()
	if !told && !full && w.add(key) {
		warn()
	}
}

// add reports whether it was first.
func (w *warned) add(key [2]string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, told := w.routes[key]; told {
		return false
	}
	if w.routes == nil {
		w.routes = make(map[[2]string]struct{})
	}
	w.routes[key] = struct{}{}
	return true
}
