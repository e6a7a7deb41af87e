package viewerextension

import (
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/confignet"

	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/exporter/authconverter"
)

// Config is the "activitylog_viewer" block of a Collector's extensions.
type Config struct {
	// Server is the HTTP server. It listens on 127.0.0.1:8090 by default and
	// has no write time-out: exports are long.
	Server confighttp.ServerConfig `mapstructure:",squash"`

	// Store is where the events are; the same as the exporter's.
	Store activitylogexporter.StoreConfig `mapstructure:"store"`
}

func createDefaultConfig() component.Config {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = "127.0.0.1:8090"
	server.WriteTimeout = 0
	return &Config{
		Server: server,
		Store:  activitylogexporter.StoreConfig{DSN: activitylogexporter.DefaultDSN},
	}
}

// Validate refuses to show the log to whoever reaches the machine.
func (c *Config) Validate() error {
	addr := c.Server.NetAddr
	if addr.Transport == confignet.TransportTypeUnix || authconverter.IsLoopback(addr.Endpoint) || c.Server.Auth.HasValue() {
		return nil
	}
	return fmt.Errorf("endpoint: %q can be reached by other machines, and there is no auth: "+
		"listen on 127.0.0.1, or name an authenticator, as in auth: {authenticator: basicauth/viewer}", addr.Endpoint)
}
