package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

func newQueryCommand() *cobra.Command {
	var dsn, output string
	var limit int
	cmd := &cobra.Command{
		Use:   "query [--store DSN] [--limit N] [--output FORMAT] [QUERY]",
		Short: "Print the events of a store that a query selects, newest first",
		Long: `Prints the events of a store that a query selects, newest first; without a
query, all of them. Times are in UTC.

Formats: table, for people; ndjson, one event a line; json, one array; tsv, with
the columns time, code, outcome, tenant, actor id, target type, target id,
event id and summary. In table and tsv, control characters are escaped.`,
		Example: `  activitylog query 'event:org.member:* after:2026-01-01'
  activitylog query --store sqlite:activitylog.db --limit 0 --output ndjson 'actor:usr_1'
  activitylog query -- '-outcome:success last:7d'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			out, err := newPrinter(output, cmd.OutOrStdout())
			if err != nil {
				return err
			}
			if limit < 0 {
				return fmt.Errorf("--limit: must be 0, for all, or more, not %d", limit)
			}
			q, err := query.Parse(strings.Join(args, " "), query.Options{Now: time.Now(), Location: time.UTC})
			if err != nil {
				return err
			}
			return printEvents(cmd.Context(), dsn, q, limit, out)
		},
	}
	cmd.SetFlagErrorFunc(explainMinus)
	flags := cmd.Flags()
	flags.StringVar(&dsn, "store", activitylogexporter.DefaultDSN, "the store, as `DSN`")
	flags.IntVar(&limit, "limit", store.DefaultLimit, "print at most `N` events; 0 for all")
	flags.StringVar(&output, "output", "table", "table, json, ndjson or tsv")
	cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	return cmd
}

// printEvents prints up to limit events of a store, all if limit is 0.
func printEvents(ctx context.Context, dsn string, q query.Query, limit int, out printer) error {
	s, err := backend.OpenReader(ctx, dsn)
	if err != nil {
		return err
	}
	defer s.Close()
	page := store.Query{Filter: q, Limit: store.MaxLimit}
	for left := limit; ; {
		if limit > 0 {
			page.Limit = min(left, store.MaxLimit)
		}
		found, err := s.List(ctx, page)
		if err != nil {
			return err
		}
		if err := out.print(found.Events); err != nil {
			return err
		}
		left -= len(found.Events)
		if found.Next == "" || limit > 0 && left <= 0 {
			return out.end()
		}
		page.Cursor = found.Next
	}
}
