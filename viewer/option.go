package viewer

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/activitylog-go/activitylog/api"
)

// An Option configures [New].
type Option interface {
	apply(config) config
}

type optionFunc func(config) config

func (f optionFunc) apply(c config) config { return f(c) }

type config struct {
	scope  func(*http.Request) (api.Scope, error)
	logger *slog.Logger
	now    func() time.Time
}

func newConfig(opts []Option) config {
	c := config{
		scope:  func(*http.Request) (api.Scope, error) { return api.Everything, nil },
		logger: slog.Default(),
		now:    time.Now,
	}
	for _, opt := range opts {
		c = opt.apply(c)
	}
	return c
}

// WithScope sets the function that says what the sender of a request may see,
// on the screens and in the API. A request for which it returns an error is
// answered with 403; the error is logged and not shown. The default is
// [api.Everything].
func WithScope(f func(*http.Request) (api.Scope, error)) Option {
	return optionFunc(func(c config) config {
		c.scope = f
		return c
	})
}

// WithLogger sets where the causes of answers 403 and 503 are logged; they
// are not shown to the reader. The default is [slog.Default].
func WithLogger(l *slog.Logger) Option {
	return optionFunc(func(c config) config {
		c.logger = l
		return c
	})
}
