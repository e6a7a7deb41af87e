package payments

import (
	"crypto/rand"
	_ "embed"
	"encoding/base32"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/metric"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/ginactivity"
)

// Config is what the API takes from outside. The zero Config is fit for use.
type Config struct {
	// LoggerProvider receives the events. The default is OpenTelemetry's global one.
	LoggerProvider log.LoggerProvider

	// MeterProvider receives the middleware's metrics. The default is
	// OpenTelemetry's global one.
	MeterProvider metric.MeterProvider

	// Mapping says which routes are events. The default is [Mapping].
	Mapping *mapping.Mapping

	// Clock is asked for the time of events and items. The default is [time.Now].
	Clock func() time.Time

	// Random is where ids and secrets come from. The default is [rand.Reader];
	// anything else is for tests.
	Random io.Reader
}

//go:embed activity.yaml
var activityYAML []byte

// Mapping returns the mapping of this API, activity.yaml.
func Mapping() (*mapping.Mapping, error) { return mapping.Parse("activity.yaml", activityYAML) }

// New returns the API with its demo data (see [DemoUsers]).
func New(c Config) (http.Handler, error) {
	if c.Mapping == nil {
		var err error
		if c.Mapping, err = Mapping(); err != nil {
			return nil, err
		}
	}
	return newRouter(c, ginactivity.New(c.Mapping,
		middleware.WithLoggerProvider(c.LoggerProvider), // nil stands for the default, here and below
		middleware.WithMeterProvider(c.MeterProvider),
		middleware.WithClock(c.Clock),
		middleware.WithSession(sessionID),
		middleware.WithRequestID(requestID),
	))
}

// newRouter returns the API behind the given middleware.
func newRouter(c Config, activity ...gin.HandlerFunc) (http.Handler, error) {
	s := newServer(c)
	s.seed()
	gin.SetMode(gin.ReleaseMode) // no banner, no list of routes
	r := gin.New()
	if err := r.SetTrustedProxies(nil); err != nil {
		return nil, err
	}
	r.Use(activity...)
	r.Use(gin.Recovery(), s.authenticate) // inside, so that what they answer is in the log too
	s.routes(r)
	return r, nil
}

// A server is the state of the API.
type server struct {
	clock  func() time.Time
	random io.Reader
	idMu   sync.Mutex // Random need not be safe for concurrent use

	credentials credentials

	orgs       *collection[Org, *Org]
	members    *collection[Member, *Member]
	keys       *collection[APIKey, *APIKey]
	deposits   *collection[DepositAccount, *DepositAccount]
	providers  *collection[ProviderAccount, *ProviderAccount]
	merchants  *collection[MerchantAccount, *MerchantAccount]
	routesIn   *collection[Route, *Route]
	routesOut  *collection[Route, *Route]
	schemesIn  *collection[RoutingScheme, *RoutingScheme]
	schemesOut *collection[RoutingScheme, *RoutingScheme]
	fxSchemes  *collection[FXRateScheme, *FXRateScheme]
	commerce   commerce
	payments   *collection[Payment, *Payment]
	payouts    *collection[Payout, *Payout]
}

func newServer(c Config) *server {
	s := &server{clock: c.Clock, random: c.Random}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.random == nil {
		s.random = rand.Reader
	}
	s.orgs = newCollection[Org](s, "org", "org", "org")
	s.members = newCollection[Member](s, "member", "mem", "member")
	s.keys = newCollection[APIKey](s, "api_key", "key", "key")
	s.deposits = newCollection[DepositAccount](s, "deposit_account", "dacc", "account")
	s.providers = newCollection[ProviderAccount](s, "provider_account", "pacc", "account")
	s.merchants = newCollection[MerchantAccount](s, "merchant_account", "macc", "account")
	s.routesIn = newCollection[Route](s, "payment_route", "payr", "route")
	s.routesOut = newCollection[Route](s, "payout_route", "poutr", "route")
	s.schemesIn = newCollection[RoutingScheme](s, "payment_routing_scheme", "prs", "scheme")
	s.schemesOut = newCollection[RoutingScheme](s, "payout_routing_scheme", "pors", "scheme")
	s.fxSchemes = newCollection[FXRateScheme](s, "fx_rate_scheme", "fxs", "scheme")
	s.commerce = newCommerce(s)
	s.payments = newCollection[Payment](s, "payment", "pay", "payment")
	s.payouts = newCollection[Payout](s, "payout", "pout", "payout")
	return s
}

func (s *server) now() time.Time { return s.clock().UTC().Truncate(time.Millisecond) }

// newID returns an id that nobody can guess: "mem_" and 100 random bits.
func (s *server) newID(prefix string) string {
	var b [13]byte
	s.idMu.Lock()
	_, err := io.ReadFull(s.random, b[:])
	s.idMu.Unlock()
	if err != nil {
		panic("payments: no random numbers: " + err.Error())
	}
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])
	return prefix + "_" + strings.ToLower(text[:20])
}
