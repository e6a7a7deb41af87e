package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/store"
)

func newRetentionCommand() *cobra.Command {
	var c retentionCommand
	cmd := &cobra.Command{
		Use:   "retention [--store DSN] --config FILE | --rule RULE... [--yes --by WHO]",
		Short: "Show what rules of retention remove, or remove it now",
		Long: `Shows how many events rules of retention would remove now and how many of those
a hold keeps. With --yes it removes them, as the Collector does every hour.

The rules are those of the exporter's block retention: in a Collector's
configuration, whose store is then the default, or one by one in the order in
which they decide. The first rule that names an event decides; one that no rule
names stays. How long an event stays counts from when the store took it.

Without --yes events are counted up to 100000 for each rule. An event whose time
is more than a day after the store took it, as a wrong clock says, is not counted
and removed nevertheless. The columns of tsv are rule, query, the time before which
events were stored, and the numbers of events and of those on hold; with --yes the
number that was removed is the last one.`,
		Example: `  activitylog retention --config collector.yaml
  activitylog retention --store sqlite:activitylog.db --rule '{code: user:*, keep: 30d}' --rule '{keep: 365d}'
  activitylog retention --config collector.yaml --yes --by ann@acme.example`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd) },
	}
	c.addFlagsWithoutDefault(cmd)
	flags := cmd.Flags()
	flags.StringVar(&c.config, "config", "", "a Collector's configuration, as `FILE`")
	flags.StringArrayVar(&c.rules, "rule", nil, "a `RULE` as in the configuration: '{tenant: acme, code: user:*, keep: 30d}'")
	flags.BoolVar(&c.yes, "yes", false, "remove the events")
	flags.StringVar(&c.by.By, "by", "", "who wants it, as `NAME`; with --yes")
	cmd.MarkFlagFilename("config", "yaml", "yml") // the flag is there
	return cmd
}

type retentionCommand struct {
	storeCommand
	config string
	rules  []string
	yes    bool
	by     store.Authority
}

func (c *retentionCommand) run(cmd *cobra.Command) error {
	rules, err := c.readRules(cmd.Context())
	if err != nil {
		return err
	}
	prunes, err := activitylogexporter.Prunes(rules, time.Now())
	if err != nil {
		return err
	}
	if !c.yes {
		return c.show(cmd, prunes)
	}
	if err := checkBy(c.by); err != nil {
		return err
	}
	return c.prune(cmd, prunes)
}

// readRules returns the rules that the flags name, and finds the store of a
// configuration if no other is named.
func (c *retentionCommand) readRules(ctx context.Context) ([]activitylogexporter.RetentionRule, error) {
	switch {
	case c.config == "" && len(c.rules) == 0 || c.config != "" && len(c.rules) > 0:
		return nil, errors.New("retention: name the rules, either by --config or by --rule")
	case c.config == "":
		return parseRules(c.rules)
	}
	config, err := exporterConfig(ctx, c.config)
	if err != nil {
		return nil, err
	}
	if c.dsn == "" {
		c.dsn = string(config.Store.DSN)
	}
	if len(config.Retention) == 0 {
		return nil, fmt.Errorf("%s: exporters::activitylog::retention has no rules", c.config)
	}
	return config.Retention, nil
}

// A rulePart is a rule or a part of one.
type rulePart struct {
	Rule   string    `json:"rule"`
	Query  string    `json:"query"` // that names its events
	Before time.Time `json:"before"`
}

func partOf(p store.Prune) rulePart {
	return rulePart{p.Reason, queryText(p.Filter), p.Before.UTC()}
}

// A dueRule is what a rule would remove.
type dueRule struct {
	rulePart
	Events int `json:"events"` // that go; maxCounted is that many or more
	Held   int `json:"held"`   // that a hold keeps
}

// A doneRule is what a rule removed.
type doneRule struct {
	rulePart
	Removed int `json:"removed"`
}

// maxCounted is how far the events of a rule are counted.
const maxCounted = 100_000

func (c *retentionCommand) show(cmd *cobra.Command, prunes []store.Prune) error {
	var list []dueRule
	err := c.reading(cmd, func(s operable) error {
		holds, err := s.Holds(cmd.Context())
		if err != nil {
			return err
		}
		for _, p := range prunes {
			r, err := due(cmd.Context(), s, p, holds)
			if err != nil {
				return err
			}
			list = append(list, r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	header := []string{"RULE", "STORED BEFORE", "TO REMOVE", "ON HOLD", "QUERY"}
	err = printList(cmd.OutOrStdout(), c.output, list, header, func(r dueRule) []string {
		if c.output == "table" {
			return []string{r.Rule, tableTime(r.Before), atLeast(r.Events, maxCounted), strconv.Itoa(r.Held), r.Query}
		}
		return []string{r.Rule, r.Query, r.Before.Format(time.RFC3339Nano), strconv.Itoa(r.Events), strconv.Itoa(r.Held)}
	})
	if err == nil && c.output == "table" {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "\nNothing was removed from %s. To remove it for ever: --yes --by WHO\n", backend.Redact(c.dsn))
	}
	return err
}

// due counts the events that p would remove. It looks at those whose own time
// is over, with a day for clocks that are ahead, and not at all there are.
func due(ctx context.Context, s store.Store, p store.Prune, holds []store.Hold) (dueRule, error) {
	r := dueRule{rulePart: partOf(p)}
	filter := p.Filter
	filter.Until = p.Before.Add(24 * time.Hour)
	for e, err := range allEvents(ctx, s, filter) {
		switch {
		case err != nil:
			return r, err
		case !e.Ingested.Before(p.Before):
		case len(holding(holds, e)) > 0:
			r.Held++
		default:
			r.Events++
		}
		if r.Events == maxCounted {
			return r, nil
		}
	}
	return r, nil
}

// prune has each rule followed, also behind one that cannot be.
func (c *retentionCommand) prune(cmd *cobra.Command, prunes []store.Prune) error {
	var list []doneRule
	err := c.writing(cmd, func(s operable) error {
		var errs []error
		for _, p := range prunes {
			p.By = c.by.By
			n, err := s.Prune(cmd.Context(), p)
			list = append(list, doneRule{partOf(p), n})
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", p.Reason, err))
			}
			if cmd.Context().Err() != nil {
				break
			}
		}
		return errors.Join(errs...)
	})
	header := []string{"RULE", "STORED BEFORE", "REMOVED", "QUERY"}
	printed := printList(cmd.OutOrStdout(), c.output, list, header, func(r doneRule) []string {
		if c.output == "table" {
			return []string{r.Rule, tableTime(r.Before), strconv.Itoa(r.Removed), r.Query}
		}
		return []string{r.Rule, r.Query, r.Before.Format(time.RFC3339Nano), strconv.Itoa(r.Removed)}
	})
	return errors.Join(err, printed)
}
