package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/store"
)

func newEraseCommand() *cobra.Command {
	var c eraseCommand
	cmd := &cobra.Command{
		Use:   "erase PERSON --store DSN [--yes --by WHO --reason TEXT]",
		Short: "Forget a person: show what would be erased, or erase it",
		Long: `Shows what the log has of a person, named by their id as an actor or a target.
With --yes it removes names, email addresses, addresses, sentences, values and
attributes from those events for ever, and events of the person from quarantine.
Ids, codes, times and outcomes stay. The store keeps a note of who wanted it and why.

What is on hold stays as it is. Records in quarantine that nobody could read as an
event may name the person; they stay and are named here, for activitylog
quarantine drop. Backups and other backends are not reached.

Without --yes, events in which others acted on behalf of the person are not
counted unless they name the person otherwise; with --yes they are erased too.

The exit status is 0 if nothing of the person stays, 1 if something does or
nothing was found, 2 after an error. The lines of tsv are a name and its value.`,
		Example: `  activitylog erase usr_1 --store DSN
  activitylog erase usr_1 --store DSN --yes --by ann@acme.example --reason 'request of 3 May'`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c.erasure.Person = args[0]
			return c.run(cmd)
		},
	}
	c.addFlagsWithoutDefault(cmd)
	addAuthority(cmd, &c.erasure.Authority)
	cmd.Flags().BoolVar(&c.yes, "yes", false, "erase it")
	return cmd
}

type eraseCommand struct {
	storeCommand
	erasure store.Erasure
	yes     bool
}

func (c *eraseCommand) run(cmd *cobra.Command) error {
	if err := c.erasure.Check(); err != nil {
		return err
	}
	var found trace
	look := func(s operable) (err error) {
		found, err = traceOf(cmd.Context(), s, c.erasure)
		return err
	}
	if !c.yes {
		if err := c.reading(cmd, look); err != nil {
			return err
		}
		return c.report(cmd, &found)
	}
	if err := errors.Join(checkBy(c.erasure.Authority), checkReason(c.erasure.Authority)); err != nil {
		return err
	}
	err := c.writing(cmd, func(s operable) error {
		if err := look(s); err != nil {
			return err
		}
		erased, held, err := s.Erase(cmd.Context(), c.erasure)
		if err != nil && erased > 0 {
			err = fmt.Errorf("%d events are erased and not all, try again: %w", erased, err)
		}
		found.Done = &erasure{erased, held}
		return err
	})
	if err != nil {
		return err
	}
	return c.report(cmd, &found)
}

func (c *eraseCommand) report(cmd *cobra.Command, found *trace) error {
	if err := found.print(cmd.OutOrStdout(), c.output); err != nil {
		return err
	}
	if found.isNothing() {
		fmt.Fprintf(cmd.ErrOrStderr(), "activitylog: no event has %q as actor or target: is it the id?\n", c.erasure.Person)
		return errFindings
	}
	if c.output == "table" && !c.yes {
		fmt.Fprintf(cmd.OutOrStdout(), "\nNothing was erased from %s. To erase it for ever: --yes --by WHO --reason TEXT\n", backend.Redact(c.dsn))
	}
	if found.stays() {
		return errFindings
	}
	return nil
}
