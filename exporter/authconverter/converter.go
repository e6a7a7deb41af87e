// Package authconverter refuses a Collector configuration in which other
// machines can reach the OTLP receiver without authentication: whoever reaches
// it could write history into the activity log.
//
// It is a confmap converter, so that it sees the configuration as it is after
// all files and variables are resolved, also when it is only validated. A
// distribution that is made with the Collector builder lists it under
// "converters".
package authconverter

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/confmap"
)

// NewFactory returns the factory of the converter.
func NewFactory() confmap.ConverterFactory {
	return confmap.NewConverterFactory(func(confmap.ConverterSettings) confmap.Converter { return converter{} })
}

type converter struct{}

// Convert leaves conf as it is. It returns an error that names each listener
// of an OTLP receiver that others can reach without authentication.
func (converter) Convert(_ context.Context, conf *confmap.Conf) error {
	if conf == nil {
		return nil
	}
	root := conf.ToStringMap()
	receivers := child(root, "receivers")
	var errs []error
	for _, id := range used(child(child(root, "service"), "pipelines")) {
		if kind, _, _ := strings.Cut(id, "/"); kind != "otlp" {
			continue
		}
		protocols := child(child(receivers, id), "protocols")
		for _, name := range slices.Sorted(maps.Keys(protocols)) {
			if err := check(child(protocols, name)); err != nil {
				errs = append(errs, fmt.Errorf("receivers::%s::protocols::%s::%w", id, name, err))
			}
		}
	}
	return errors.Join(errs...)
}

// used returns the ids of the receivers of all pipelines, each once.
func used(pipelines map[string]any) []string {
	var ids []string
	for name := range pipelines {
		receivers, _ := child(pipelines, name)["receivers"].([]any)
		for _, id := range receivers {
			ids = append(ids, fmt.Sprint(id))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// check returns an error if a listener is open to others and asks nobody who
// they are: neither by an authenticator nor by a client's certificate.
func check(listener map[string]any) error {
	endpoint, ok := listener["endpoint"].(string)
	switch {
	case !ok || listener["enabled"] == false: // by default it listens on localhost
	case IsLoopback(endpoint) || listener["transport"] == "unix":
	case len(child(listener, "auth")) > 0 || child(listener, "tls")["client_ca_file"] != nil:
	default:
		return fmt.Errorf("endpoint: %q can be reached by other machines, and there is no auth: "+
			"listen on 127.0.0.1, or name an authenticator, as in auth: {authenticator: bearertokenauth}, or ask for certificates with tls: {client_ca_file: FILE}", endpoint)
	}
	return nil
}

func child(m map[string]any, key string) map[string]any {
	sub, _ := m[key].(map[string]any)
	return sub
}

// IsLoopback reports whether an endpoint, HOST:PORT, can be reached from this
// machine only. A name other than localhost is not looked up: it counts as
// one that others reach.
func IsLoopback(endpoint string) bool {
	host, _, err := net.SplitHostPort(endpoint)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
