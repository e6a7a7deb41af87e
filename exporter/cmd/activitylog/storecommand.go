package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/activitylog-go/activitylog"
	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// An operable store has all that those who operate it need.
type operable interface {
	store.Store
	store.Quarantiner
	store.Custodian
}

// A storeCommand is what the commands that operate a store have in common.
type storeCommand struct{ dsn, output string }

func (c *storeCommand) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.dsn, "store", activitylogexporter.DefaultDSN, "the store, as `DSN`")
	c.addOutput(cmd)
}

// addFlagsWithoutDefault is addFlags for what must not be done to a store by
// chance: it has to be named.
func (c *storeCommand) addFlagsWithoutDefault(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.dsn, "store", "", "the store, as `DSN`; it must be named")
	c.addOutput(cmd)
}

func (c *storeCommand) addOutput(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.output, "output", "table", strings.Join(formats[:3], ", ")+" or "+formats[3])
	cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp)) // the flag is there
}

// check returns an error if the flags are no good.
func (c *storeCommand) check() error {
	if c.dsn == "" {
		return errors.New("--store: name the store, as in sqlite:activitylog.db")
	}
	return checkFormat(c.output)
}

func (c *storeCommand) reading(cmd *cobra.Command, do func(operable) error) error {
	return c.with(cmd, backend.OpenReader, do)
}

// writing opens a store that is there: one that is not, or is older than this
// program, is neither made nor changed.
func (c *storeCommand) writing(cmd *cobra.Command, do func(operable) error) error {
	if err := c.reading(cmd, func(operable) error { return nil }); err != nil {
		return err
	}
	return c.with(cmd, backend.OpenExisting, do)
}

// with opens the store and does something that an interrupt ends between two
// steps, so that it can still be told what was done.
func (c *storeCommand) with(cmd *cobra.Command, open func(context.Context, string) (store.Store, error), do func(operable) error) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	before := cmd.Context()
	ctx, stop := signal.NotifyContext(before, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second one ends the program at once
	cmd.SetContext(ctx)
	defer func() {
		stop()
		cmd.SetContext(before)
	}()
	s, err := open(ctx, c.dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	o, ok := s.(operable)
	if !ok {
		return fmt.Errorf("store %s: cannot be operated", backend.Redact(c.dsn))
	}
	if err := do(o); ctx.Err() == nil || err == nil {
		return err
	}
	return errors.New("interrupted: what was done so far is done, and the same command does the rest")
}

func addAuthority(cmd *cobra.Command, by *store.Authority) {
	cmd.Flags().StringVar(&by.By, "by", "", "who wants it, as `NAME`")
	cmd.Flags().StringVar(&by.Reason, "reason", "", "why, as `TEXT`")
}

func checkBy(by store.Authority) error {
	if strings.TrimSpace(by.By) == "" {
		return errors.New("--by: say who wants it, which the store keeps")
	}
	return nil
}

func checkReason(by store.Authority) error {
	if strings.TrimSpace(by.Reason) == "" {
		return errors.New("--reason: say why, which the store keeps")
	}
	return nil
}

// explainMinus tells of a query that looks like a flag.
func explainMinus(_ *cobra.Command, err error) error {
	return fmt.Errorf("%w (a query that begins with a minus goes behind --)", err)
}

// allEvents returns the events that filter selects, newest first.
func allEvents(ctx context.Context, s store.Store, filter query.Query) iter.Seq2[*activitylog.Event, error] {
	return func(yield func(*activitylog.Event, error) bool) {
		page := store.Query{Filter: filter, Limit: store.MaxLimit}
		for {
			found, err := s.List(ctx, page)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range found.Events {
				if !yield(&found.Events[i], nil) {
					return
				}
			}
			if page.Cursor = found.Next; page.Cursor == "" {
				return
			}
		}
	}
}

// holding returns the names of the holds that keep an event.
func holding(holds []store.Hold, e *activitylog.Event) (names []string) {
	for _, h := range holds {
		if h.Filter.Match(e) {
			names = append(names, h.Name)
		}
	}
	return names
}
