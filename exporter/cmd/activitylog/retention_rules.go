package main

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
)

// parseRules returns rules of retention that are written as in YAML, one in
// each text.
func parseRules(texts []string) ([]activitylogexporter.RetentionRule, error) {
	var rules []activitylogexporter.RetentionRule
	var errs []error
	for _, text := range texts {
		rule, err := parseRule(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("--rule %s: %w", text, err))
		}
		rules = append(rules, rule)
	}
	return rules, errors.Join(errs...)
}

func parseRule(text string) (rule activitylogexporter.RetentionRule, err error) {
	parsed, err := confmap.NewRetrievedFromYAML([]byte(text))
	if err != nil {
		return rule, err
	}
	conf, err := parsed.AsConf()
	if err != nil {
		return rule, errors.New("must be as in the configuration: {tenant: acme, code: user:*, keep: 30d}")
	}
	if err := conf.Unmarshal(&rule); err != nil {
		return rule, err
	}
	return rule, rule.Validate()
}

// exporterConfig returns the configuration of the activitylog exporter in that
// of a Collector, which must have one.
func exporterConfig(ctx context.Context, file string) (*activitylogexporter.Config, error) {
	settings := collectorSettings().ConfigProviderSettings.ResolverSettings
	settings.URIs = []string{file}
	settings.ConverterFactories = nil // what they check is the Collector's to keep
	resolver, err := confmap.NewResolver(settings)
	if err != nil {
		return nil, err
	}
	conf, err := resolver.Resolve(ctx)
	if err := errors.Join(err, resolver.Shutdown(ctx)); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	config, err := onlyExporter(conf)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return config, nil
}

func onlyExporter(conf *confmap.Conf) (*activitylogexporter.Config, error) {
	factory := activitylogexporter.NewFactory()
	exporters, err := conf.Sub("exporters")
	if err != nil {
		return nil, err
	}
	var names []string
	for name := range exporters.ToStringMap() {
		var id component.ID
		if err := id.UnmarshalText([]byte(name)); err == nil && id.Type() == factory.Type() {
			names = append(names, name)
		}
	}
	if len(names) != 1 {
		return nil, fmt.Errorf("exporters: must have one of the type %s, not %d; else write --rule", factory.Type(), len(names))
	}
	own, err := exporters.Sub(names[0])
	if err != nil {
		return nil, err
	}
	config := factory.CreateDefaultConfig().(*activitylogexporter.Config)
	if err := own.Unmarshal(config); err != nil {
		return nil, fmt.Errorf("exporters::%s: %w", names[0], err)
	}
	if err := confmap.Validate(config); err != nil {
		return nil, fmt.Errorf("exporters::%s: %w", names[0], err)
	}
	return config, nil
}
