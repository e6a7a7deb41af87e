package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"

	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/store"
)

func newQuarantineCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "quarantine",
		Short: "Look at the records that were sent and could not be stored as events",
		Long: `A record that no store can take, and an event whose id another one has, is put
aside in quarantine: its batch mates are stored and nothing is lost. These
commands show what is there, try it again and drop it.

A record is named by its id, or by the beginning of it as far as it is unique.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newQuarantineListCommand(), newQuarantineShowCommand(), newQuarantineRetryCommand(), newQuarantineDropCommand())
	return cmd
}

func newQuarantineListCommand() *cobra.Command {
	var q storeCommand
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the records in quarantine, oldest first",
		Long: `Lists the records in quarantine, oldest first. Times are in UTC. The columns of
tsv are id, time, code and id of the event, and reason.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return q.reading(cmd, func(s operable) error {
				var list []entry
				for record, err := range (quarantineStore{s}).records(cmd.Context()) {
					if err != nil {
						return err
					}
					list = append(list, entryOf(record))
				}
				return printEntries(cmd, q.output, list)
			})
		},
	}
	q.addFlags(cmd)
	return cmd
}

func newQuarantineDropCommand() *cobra.Command {
	var q storeCommand
	var by store.Authority
	cmd := &cobra.Command{
		Use:   "drop ID --reason TEXT",
		Short: "Remove a record from quarantine for ever",
		Long: `Removes a record from quarantine for ever and prints what it was. The store
keeps a note of who did it and why.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(by.Reason) == "" {
				return errors.New("--reason: say why the record is dropped")
			}
			if err := setBy(&by); err != nil {
				return err
			}
			return q.writing(cmd, func(s operable) error {
				record, err := (quarantineStore{s}).find(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				if err := s.Discard(cmd.Context(), record.ID, by); err != nil {
					return err
				}
				return printEntries(cmd, q.output, []entry{entryOf(record)})
			})
		},
	}
	q.addFlags(cmd)
	cmd.Flags().StringVar(&by.Reason, "reason", "", "why it is dropped, as `TEXT`")
	addBy(cmd, &by)
	return cmd
}

func addBy(cmd *cobra.Command, by *store.Authority) {
	cmd.Flags().StringVar(&by.By, "by", "", "who does it, as `NAME` (default: you)")
}

// setBy has the user of this program do what nobody else is named for.
func setBy(by *store.Authority) error {
	if by.By != "" {
		return nil
	}
	u, err := user.Current()
	if err != nil {
		return fmt.Errorf("--by: say who you are: %w", err)
	}
	by.By = u.Username
	return nil
}

// quarantineStore finds records.
type quarantineStore struct{ operable }

// records returns all records, oldest first.
func (s quarantineStore) records(ctx context.Context) iter.Seq2[store.Quarantined, error] {
	return func(yield func(store.Quarantined, error) bool) {
		for after := ""; ; {
			page, err := s.Quarantined(ctx, after, store.MaxLimit)
			if err != nil {
				yield(store.Quarantined{}, err)
				return
			}
			for _, record := range page {
				if !yield(record, nil) {
					return
				}
				after = record.ID
			}
			if len(page) == 0 {
				return
			}
		}
	}
}

// find returns the one record whose id begins with id.
func (s quarantineStore) find(ctx context.Context, id string) (found store.Quarantined, err error) {
	for record, err := range s.records(ctx) {
		switch {
		case err != nil:
			return found, err
		case id == "" || !strings.HasPrefix(record.ID, strings.ToLower(id)):
		case found.ID != "":
			return found, fmt.Errorf("quarantine: %q begins several ids, among them %s and %s: write more of it", id, found.ID, record.ID)
		default:
			found = record
		}
	}
	if found.ID == "" {
		return found, fmt.Errorf("quarantine: no record %q: %w", id, store.ErrNotQuarantined)
	}
	return found, nil
}

// An entry is a record of the quarantine in a list.
type entry struct {
	ID      string    `json:"id"`
	Time    time.Time `json:"time"`
	Code    string    `json:"code,omitempty"`
	EventID string    `json:"event_id,omitempty"`
	Reason  string    `json:"reason"`
}

func entryOf(q store.Quarantined) entry {
	e := entry{ID: q.ID, Time: q.Time, Reason: q.Reason}
	if event, err := activitylogexporter.EventOf(q); err == nil {
		e.Code, e.EventID = string(event.Code), event.ID
	}
	return e
}

// shortID is what a table shows of an id, enough to name one of a million.
const shortID = 12

func printEntries(cmd *cobra.Command, format string, list []entry) error {
	return printList(cmd.OutOrStdout(), format, list, []string{"ID", "TIME", "EVENT", "EVENT ID", "REASON"}, func(e entry) []string {
		if format == "table" {
			return []string{e.ID[:shortID], tableTime(e.Time), e.Code, e.EventID, e.Reason}
		}
		return []string{e.ID, e.Time.UTC().Format(time.RFC3339Nano), e.Code, e.EventID, e.Reason}
	})
}
