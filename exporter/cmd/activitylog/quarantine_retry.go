package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/activitylog-go/activitylog"
	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/store"
)

func newQuarantineRetryCommand() *cobra.Command {
	r := retryCommand{}
	cmd := &cobra.Command{
		Use:   "retry ID... | --all",
		Short: "Try again to store records in quarantine",
		Long: `Tries again to store records in quarantine, as this version decodes them. What is
stored, or was there already, leaves the quarantine, of which the store keeps a
note; what is still refused stays.

The exit status is 0 if nothing is refused, 1 if something is, 2 after an error.
The columns of tsv are id, result (stored, duplicate or refused), code and id of
the event, and reason.`,
		RunE: func(cmd *cobra.Command, args []string) error { return r.run(cmd, args) },
	}
	r.addFlags(cmd)
	cmd.Flags().BoolVar(&r.all, "all", false, "all records")
	addBy(cmd, &r.by)
	return cmd
}

type retryCommand struct {
	storeCommand
	by  store.Authority
	all bool
}

// A retried record is what became of a record.
type retried struct {
	entry
	Result string `json:"result"` // stored, duplicate, refused
}

func (c *retryCommand) run(cmd *cobra.Command, ids []string) error {
	if c.all == (len(ids) > 0) {
		return errors.New("quarantine retry: name the records by their ids, or all of them with --all")
	}
	if err := setBy(&c.by); err != nil {
		return err
	}
	var done []retried
	err := c.writing(cmd, func(s operable) (err error) {
		if c.all {
			done, err = c.retryAll(cmd.Context(), quarantineStore{s})
		} else {
			done, err = c.retryEach(cmd.Context(), quarantineStore{s}, ids)
		}
		return err
	})
	header := []string{"ID", "RESULT", "EVENT", "EVENT ID", "REASON"}
	printed := printList(cmd.OutOrStdout(), c.output, done, header, func(r retried) []string {
		id := r.ID
		if c.output == "table" {
			id = id[:shortID]
		}
		return []string{id, r.Result, r.Code, r.EventID, r.Reason}
	})
	if err := errors.Join(err, printed); err != nil {
		return err
	}
	for _, r := range done {
		if r.Result == "refused" {
			return errFindings
		}
	}
	return nil
}

// retryEach finds all records before it tries the first one.
func (c *retryCommand) retryEach(ctx context.Context, s quarantineStore, ids []string) (done []retried, err error) {
	var records []store.Quarantined
	for _, id := range ids {
		record, err := s.find(ctx, id)
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	for _, record := range records {
		r, err := c.retry(ctx, s, record)
		if err != nil {
			return done, err
		}
		done = append(done, r)
	}
	return done, nil
}

// retryAll goes through the quarantine page by page, each behind the last
// record that stays. A conflict that it adds comes last and is refused once.
func (c *retryCommand) retryAll(ctx context.Context, s quarantineStore) (done []retried, err error) {
	for after := ""; ; {
		page, err := s.Quarantined(ctx, after, store.MaxLimit)
		if err != nil || len(page) == 0 {
			return done, err
		}
		for _, record := range page {
			r, err := c.retry(ctx, s, record)
			if err != nil {
				return done, err
			}
			done = append(done, r)
			if r.Result == "refused" {
				after = record.ID
			}
		}
	}
}

// retry appends the event of a record and, when that is durable, removes the
// record. Should it end between the two, the event is a duplicate next time.
func (c *retryCommand) retry(ctx context.Context, s quarantineStore, q store.Quarantined) (retried, error) {
	r := retried{entry: entryOf(q), Result: "refused"}
	event, err := activitylogexporter.EventOf(q)
	if err != nil {
		r.Reason = err.Error()
		return r, nil
	}
	result, err := s.Append(ctx, []activitylog.Event{event})
	switch {
	case errors.Is(err, store.ErrEvent):
		r.Reason = err.Error()
		return r, nil
	case err != nil:
		return r, err
	case result.Conflicts > 0:
		r.Reason = store.ReasonConflict
		return r, nil
	case result.Duplicates > 0:
		r.Result, r.Reason = "duplicate", "the store had this event"
	default:
		r.Result, r.Reason = "stored", ""
	}
	by := store.Authority{By: c.by.By, Reason: "retried: event " + event.ID + " is stored"}
	return r, s.Discard(ctx, q.ID, by)
}
