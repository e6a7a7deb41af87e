package activitylogexporter

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/activitylog-go/activitylog/exporter/backend"
)

// Config is the "activitylog" block of a Collector's exporters.
type Config struct {
	// Timeout bounds one attempt to store a batch. The default is 10 s.
	Timeout exporterhelper.TimeoutConfig `mapstructure:",squash"`

	// Queue gathers the requests of several senders into one transaction. Each
	// of them waits for it: wait_for_result is true and must stay so.
	Queue configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`

	// Retry is short, at most 5 s by default: the sender keeps the data.
	Retry configretry.BackOffConfig `mapstructure:"retry_on_failure"`

	// Store is where events are kept.
	Store StoreConfig `mapstructure:"store"`

	// CreateSchema lets the exporter create the schema of a database, and bring
	// an older one to the newest version. That is the default; false is for a
	// role that may only add events.
	CreateSchema bool `mapstructure:"create_schema"`

	// Retention says how long events stay. Without rules they stay for ever.
	Retention []RetentionRule `mapstructure:"retention"`

	// Accept is "events", the default, or "all": log records that are no
	// events, because they have no event name, are then kept too.
	Accept Accept `mapstructure:"accept"`
}

// StoreConfig says where events are kept.
type StoreConfig struct {
	// Driver is the kind of the store, as DSN begins with it: "sqlite",
	// "postgres" or "clickhouse". It may be left out.
	Driver string `mapstructure:"driver"`

	// DSN locates the store: "sqlite:FILE", "postgres://...",
	// "clickhouse://...". The default is "sqlite:activitylog.db", in the
	// working directory.
	DSN configopaque.String `mapstructure:"dsn"`
}

// Accept says which log records are kept.
type Accept string

// The values of Accept.
const (
	AcceptEvents Accept = "events"
	AcceptAll    Accept = "all"
)

// drivers are the kinds of stores that package backend opens.
var drivers = []string{"sqlite", "postgres", "clickhouse", "memory"}

// DefaultDSN is the store of a configuration that names none.
const DefaultDSN = "sqlite:activitylog.db"

func createDefaultConfig() component.Config {
	retry := configretry.NewDefaultBackOffConfig()
	retry.InitialInterval = 200 * time.Millisecond
	retry.MaxInterval = time.Second
	retry.MaxElapsedTime = 5 * time.Second

	batch := exporterhelper.NewDefaultBatchConfig()
	batch.FlushTimeout = 5 * time.Millisecond
	batch.MinSize = 2000
	batch.MaxSize = 20_000 // more could take longer than Timeout, each time

	queue := exporterhelper.NewDefaultQueueConfig()
	queue.WaitForResult = true
	queue.BlockOnOverflow = true
	queue.Sizer = batch.Sizer // items
	queue.QueueSize = 100_000
	queue.NumConsumers = 2 // of which one decodes while the other one commits
	queue.Batch = configoptional.Some(batch)

	return &Config{
		Timeout: exporterhelper.TimeoutConfig{Timeout: 10 * time.Second},
		Queue:   configoptional.Some(queue),
		Retry:   retry,
		Store:   StoreConfig{DSN: DefaultDSN},
		Accept:  AcceptEvents,

		CreateSchema: true,
	}
}

// Validate reports every problem with c.
func (c *Config) Validate() error {
	var errs []error // those of Store are reported beneath its name
	if !slices.Contains([]Accept{AcceptEvents, AcceptAll}, c.Accept) {
		errs = append(errs, fmt.Errorf("accept: must be %q or %q, not %q", AcceptEvents, AcceptAll, c.Accept))
	}
	if c.Queue.HasValue() {
		queue := c.Queue.Get()
		if queue.StorageID != nil {
			errs = append(errs, errors.New("sending_queue::storage: not supported: "+
				"a Collector's persistent queue can lose what it has acknowledged; without it the sender keeps its data until it is stored"))
		}
		if !queue.WaitForResult {
			errs = append(errs, errors.New("sending_queue::wait_for_result: must be true: "+
				"else senders are told that their events are kept before the store has them"))
		}
	}
	if err := checkRetention(c.Retention); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Validate reports every problem with c.
func (c *StoreConfig) Validate() error {
	var errs []error
	kind, err := c.kind()
	if err != nil {
		errs = append(errs, fmt.Errorf("dsn: %w", err))
	}
	switch {
	case c.Driver == "" || c.Driver == kind:
	case !slices.Contains(drivers, c.Driver):
		errs = append(errs, fmt.Errorf("driver: must be one of %s, not %q", strings.Join(drivers, ", "), c.Driver))
	case err == nil:
		errs = append(errs, fmt.Errorf("driver: %q does not go with the dsn, which is one of %s", c.Driver, kind))
	}
	return errors.Join(errs...)
}

// kind returns the kind of the store. A file needs its "sqlite:": what has no
// colon is rather a name that was meant otherwise, and no file to be created.
func (c *StoreConfig) kind() (string, error) {
	switch {
	case c.DSN == "":
		return "", errors.New("required, as in sqlite:activitylog.db")
	case !strings.Contains(string(c.DSN), ":"):
		return "", fmt.Errorf("must begin with one of %s, as in sqlite:activitylog.db", strings.Join(drivers, ":, ")+":")
	}
	return backend.Kind(string(c.DSN))
}
