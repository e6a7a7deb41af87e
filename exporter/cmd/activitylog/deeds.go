package main

import (
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/activitylog-go/activitylog/store"
)

func newDeedsCommand() *cobra.Command {
	var c storeCommand
	cmd := &cobra.Command{
		Use:   "deeds",
		Short: "List what was done to the log: pruned, held, released, erased, discarded",
		Long: `Lists what was done to the log, by whom and why, oldest first: events that were
pruned by retention or erased, holds that were added or released, records that
were discarded from quarantine. Times are in UTC. The columns of tsv are time,
kind, events, by, reason and what.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.reading(cmd, func(s operable) error {
				deeds, err := s.Deeds(cmd.Context())
				if err != nil {
					return err
				}
				return c.printDeeds(cmd, deeds)
			})
		},
	}
	c.addFlags(cmd)
	return cmd
}

// A deedEntry is a deed in a list.
type deedEntry struct {
	Time   time.Time `json:"time"`
	Kind   string    `json:"kind"`
	Events int       `json:"events"`
	By     string    `json:"by"`
	Reason string    `json:"reason"`
	What   string    `json:"what"`
}

func (c *storeCommand) printDeeds(cmd *cobra.Command, deeds []store.Deed) error {
	var list []deedEntry
	for _, d := range deeds {
		list = append(list, deedEntry{d.Time.UTC(), d.Kind, d.Events, d.By, d.Reason, d.What})
	}
	header := []string{"TIME", "KIND", "EVENTS", "BY", "REASON", "WHAT"}
	return printList(cmd.OutOrStdout(), c.output, list, header, func(e deedEntry) []string {
		at := e.Time.Format(time.RFC3339Nano)
		if c.output == "table" {
			at = tableTime(e.Time)
		}
		return []string{at, e.Kind, strconv.Itoa(e.Events), e.By, e.Reason, e.What}
	})
}
