package clickhouse

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
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

// form is what a DSN looks like.
const form = "want clickhouse://user:password@host:9000/database"

// parseDSN takes the parameters that are ours out of dsn; the others are those
// of the driver, and settings of the server. Package net/url has no URLs with
// several hosts.
func parseDSN(dsn string) (config, error) {
	base, query, _ := strings.Cut(dsn, "?")
	params, err := url.ParseQuery(query)
	if err != nil || !strings.HasPrefix(base, "clickhouse://") {
		return config{}, errors.New("clickhouse: the dsn is none of the native protocol, " + form)
	}
	var c config
	var problems []error
	if c.cluster = params.Get("cluster"); c.cluster != "" && !isIdentifier(c.cluster) {
		problems = append(problems, fmt.Errorf("cluster: %q is no name of a cluster", c.cluster))
	}
	if c.expires = params.Has("ttl"); c.expires {
		c.ttl, err = time.ParseDuration(params.Get("ttl"))
		if err != nil || c.ttl < time.Second && c.ttl != 0 {
			problems = append(problems, fmt.Errorf("ttl: must be a duration of a second or more, as in 8760h, or 0, not %q", params.Get("ttl")))
		}
	}
	params.Del("cluster")
	params.Del("ttl")
	if c.options, err = clickhouse.ParseDSN(base + "?" + params.Encode()); err != nil {
		problems = append(problems, fmt.Errorf("%s; %s", withoutSecrets(err.Error(), base, params), form))
		return c, fmt.Errorf("clickhouse: dsn: %w", errors.Join(problems...))
	}
	if c.options.Auth.Database == "" {
		c.options.Auth.Database = "default"
	}
	c.name = strings.Join(c.options.Addr, ",") + "/" + c.options.Auth.Database
	if !isIdentifier(c.options.Auth.Database) {
		problems = append(problems, errors.New("the database's name must be letters, digits and _"))
	}
	if c.options.Compression == nil {
		c.options.Compression = &clickhouse.Compression{Method: clickhouse.CompressionLZ4}
	}
	if len(problems) > 0 {
		return c, fmt.Errorf("clickhouse store %s: %w", c.name, errors.Join(problems...))
	}
	return c, nil
}

// withoutSecrets returns the text of an error about a DSN without what may be
// a password in it.
func withoutSecrets(text, base string, params url.Values) string {
	if user, _, ok := cutLast(strings.TrimPrefix(base, "clickhouse://"), "@"); ok {
		_, password, _ := strings.Cut(user, ":")
		text = redact(redact(text, user), password)
	}
	for _, values := range params {
		for _, value := range values {
			text = redact(text, value)
		}
	}
	return text
}

func redact(text, secret string) string {
	if secret == "" {
		return text
	}
	return strings.ReplaceAll(text, secret, "...")
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func isIdentifier(name string) bool { return identifier.MatchString(name) }
