package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

func newHoldCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "hold",
		Short: "Keep events from being pruned and erased, as a court may order",
		Long: `A legal hold keeps the events that a query selects, now and in future, from
being removed by retention and from being erased. These commands list the holds
that are in force, add one and release one; the store keeps a note of who did so
and why, see activitylog deeds.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newHoldListCommand(), newHoldAddCommand(), newHoldReleaseCommand())
	return cmd
}

func newHoldListCommand() *cobra.Command {
	var c storeCommand
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the holds that are in force, by name",
		Long: `Lists the holds that are in force, by name, and how many events each of them keeps
now, up to 10000. Times are in UTC. The columns of tsv are name, time, events, by,
reason and query.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.reading(cmd, func(s operable) error {
				holds, err := s.Holds(cmd.Context())
				if err != nil {
					return err
				}
				return c.printHolds(cmd, s, holds)
			})
		},
	}
	c.addFlags(cmd)
	return cmd
}

func newHoldAddCommand() *cobra.Command {
	var c storeCommand
	var by store.Authority
	var replace bool
	cmd := &cobra.Command{
		Use:   "add NAME QUERY --store DSN --by WHO --reason TEXT",
		Short: "Put the events that a query selects on hold",
		Long: `Puts the events that a query selects on hold and prints the hold, with the query
as it was understood and the number of events that it keeps now. A time that the
query counts back from now, as last:7d does, is counted once, now.

The query "*" selects all events.`,
		Example: `  activitylog hold add case-4711 'tenant:acme actor:usr_1' --store DSN --by ann@acme.example --reason 'letter of 3 May'`,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			h, err := newHold(args[0], args[1], by)
			if err != nil {
				return err
			}
			return c.writing(cmd, func(s operable) error {
				if err := addHold(cmd.Context(), s, h, replace); err != nil {
					return err
				}
				return c.printAdded(cmd, s, h.Name)
			})
		},
	}
	c.addFlagsWithoutDefault(cmd)
	addAuthority(cmd, &by)
	cmd.Flags().BoolVar(&replace, "replace", false, "replace a hold of that name, whose events are then free")
	cmd.SetFlagErrorFunc(explainMinus)
	return cmd
}

func newHoldReleaseCommand() *cobra.Command {
	var c storeCommand
	var by store.Authority
	cmd := &cobra.Command{
		Use:   "release NAME --store DSN --by WHO [--reason TEXT]",
		Short: "End a hold: what it kept may be removed from now on",
		Long: `Ends a hold and prints it as it was. What no other hold keeps may be erased from
now on, and retention removes what is due with its next round, within the hour.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkBy(by); err != nil {
				return err
			}
			return c.writing(cmd, func(s operable) error {
				h, err := findHold(cmd.Context(), s, args[0])
				if err != nil {
					return err
				}
				if err := s.Release(cmd.Context(), h.Name, by); err != nil {
					return fmt.Errorf("hold %q: %w", h.Name, err)
				}
				return c.printHolds(cmd, s, []store.Hold{h})
			})
		},
	}
	c.addFlagsWithoutDefault(cmd)
	addAuthority(cmd, &by)
	return cmd
}

// printAdded prints a hold as the store has it. One that keeps nothing may be
// meant for what is to come, or be a mistake.
func (c *storeCommand) printAdded(cmd *cobra.Command, s operable, name string) error {
	h, err := findHold(cmd.Context(), s, name)
	if err != nil {
		return err
	}
	n, err := s.Count(cmd.Context(), h.Filter, 1)
	if err != nil {
		return err
	}
	if n == 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "activitylog: hold %q keeps no event that there is now: is its query right?\n", name)
	}
	return c.printHolds(cmd, s, []store.Hold{h})
}

// newHold returns the hold that the arguments ask for. What is easily left out
// by mistake selects nothing.
func newHold(name, text string, by store.Authority) (store.Hold, error) {
	if strings.TrimSpace(name) == "" || name != strings.TrimSpace(name) || name != printable(name) {
		return store.Hold{}, fmt.Errorf("hold %q: a name is visible and has no space around it", name)
	}
	if strings.TrimSpace(text) == "" {
		return store.Hold{}, fmt.Errorf(`hold %q: the query is empty; "*" holds all events`, name)
	}
	if err := errors.Join(checkBy(by), checkReason(by)); err != nil {
		return store.Hold{}, err
	}
	if text == "*" {
		text = ""
	}
	q, err := query.Parse(text, query.Options{Now: time.Now(), Location: time.UTC})
	return store.Hold{Name: name, Filter: q, Authority: by}, err
}

// addHold adds a hold, and in place of another one only if that is meant.
func addHold(ctx context.Context, s store.Custodian, h store.Hold, replace bool) error {
	was, err := findHold(ctx, s, h.Name)
	switch {
	case err == nil && !replace:
		return fmt.Errorf("hold %q: is in force since %s, by %s, for %s: choose another name, or --replace it and free its events",
			h.Name, tableTime(was.Since), was.By, queryText(was.Filter))
	case err != nil && !errors.Is(err, store.ErrNoHold):
		return err
	}
	return s.Hold(ctx, h)
}

// findHold returns the hold with that name.
func findHold(ctx context.Context, s store.Custodian, name string) (store.Hold, error) {
	holds, err := s.Holds(ctx)
	if err != nil {
		return store.Hold{}, err
	}
	names := []string{}
	for _, h := range holds {
		if h.Name == name {
			return h, nil
		}
		names = append(names, strconv.Quote(h.Name))
	}
	inForce := "there is none"
	if len(names) > 0 {
		inForce = "in force: " + strings.Join(names, ", ")
	}
	return store.Hold{}, fmt.Errorf("hold %q: %w; %s", name, store.ErrNoHold, inForce)
}

// maxHeld is how far the events of a hold are counted.
const maxHeld = 10_000

// A holdEntry is a hold in a list.
type holdEntry struct {
	Name   string    `json:"name"`
	Query  string    `json:"query"`
	Since  time.Time `json:"since"`
	Events int       `json:"events"` // that it keeps now; maxHeld is that many or more
	By     string    `json:"by"`
	Reason string    `json:"reason"`
}

func (c *storeCommand) printHolds(cmd *cobra.Command, s store.Store, holds []store.Hold) error {
	var list []holdEntry
	for _, h := range holds {
		n, err := s.Count(cmd.Context(), h.Filter, maxHeld)
		if err != nil {
			return fmt.Errorf("hold %q: count its events: %w", h.Name, err)
		}
		list = append(list, holdEntry{h.Name, queryText(h.Filter), h.Since.UTC(), n, h.By, h.Reason})
	}
	header := []string{"NAME", "SINCE", "EVENTS", "BY", "REASON", "QUERY"}
	return printList(cmd.OutOrStdout(), c.output, list, header, func(e holdEntry) []string {
		since := e.Since.Format(time.RFC3339Nano)
		if c.output == "table" {
			since = tableTime(e.Since)
		}
		return []string{e.Name, since, atLeast(e.Events, maxHeld), e.By, e.Reason, e.Query}
	})
}

// atLeast returns a number that was counted up to a limit, "10000+" there.
func atLeast(n, limit int) string {
	if n >= limit {
		return strconv.Itoa(n) + "+"
	}
	return strconv.Itoa(n)
}

// queryText returns a query for people: "*" for the one that selects all.
func queryText(q query.Query) string {
	if text := q.String(); text != "" {
		return text
	}
	return "*"
}
