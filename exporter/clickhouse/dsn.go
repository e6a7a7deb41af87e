package clickhouse

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// A config is what a DSN says.
type config struct {
	options *clickhouse.Options
	name    string // the DSN without what may be secret
	cluster string
	expires bool // whether there is a ttl
	ttl     time.Duration
}

// parseDSN takes the parameters that are ours out of dsn; the others are those
// of the driver, and settings of the server.
func parseDSN(dsn string) (config, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return config{}, errors.New("clickhouse: dsn is no URL, want clickhouse://user:password@host:9000/database")
	}
	c := config{name: "clickhouse://" + u.Host + u.Path}
	if u.Scheme != "clickhouse" {
		return c, fmt.Errorf("%s: dsn must begin with clickhouse://, the native protocol", c.name)
	}
	params := u.Query()
	if c.cluster = params.Get("cluster"); c.cluster != "" && !isIdentifier(c.cluster) {
		return c, fmt.Errorf("%s: cluster: %q is no name of a cluster", c.name, c.cluster)
	}
	if c.expires = params.Has("ttl"); c.expires {
		c.ttl, err = time.ParseDuration(params.Get("ttl"))
		if err != nil || c.ttl < time.Second && c.ttl != 0 {
			return c, fmt.Errorf("%s: ttl: must be a duration of a second or more, as in 8760h, or 0, not %q", c.name, params.Get("ttl"))
		}
	}
	params.Del("cluster")
	params.Del("ttl")
	u.RawQuery = params.Encode()
	if c.options, err = clickhouse.ParseDSN(u.String()); err != nil {
		return c, fmt.Errorf("%s: %s", c.name, withoutPassword(err, u))
	}
	if c.options.Auth.Database == "" {
		c.options.Auth.Database = "default"
	}
	if !isIdentifier(c.options.Auth.Database) {
		return c, fmt.Errorf("%s: the database's name must be letters, digits and _", c.name)
	}
	if c.options.Compression == nil {
		c.options.Compression = &clickhouse.Compression{Method: clickhouse.CompressionLZ4}
	}
	c.options.ClientInfo.Products = append(c.options.ClientInfo.Products, struct{ Name, Version string }{"activitylog", ""})
	return c, nil
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func isIdentifier(name string) bool { return identifier.MatchString(name) }
