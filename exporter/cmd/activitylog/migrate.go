package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/activitylog-go/activitylog/exporter/backend"
)

func newMigrateCommand() *cobra.Command {
	var c storeCommand
	var print bool
	cmd := &cobra.Command{
		Use:   "migrate --store DSN [--print]",
		Short: "Create the schema of a store, or bring it to the newest version",
		Long: `Creates the schema of a store, or brings an older one to the newest version, with
credentials that may do so. Collectors then do with fewer rights and with
create_schema: false. A schema that is newer than this program is refused. There
is no way back but a backup.

In PostgreSQL it also gives the roles activitylog_writer, activitylog_reader,
activitylog_tenant and activitylog_custodian their rights, again if they were
made later than the schema, and names those that are not there.

With --print nothing is done and no server is asked: the statements that create
the schema where there is none are printed, to be read and run by others. The
columns of tsv are the version that was found and the one that there is now.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := c.check(); err != nil {
				return err
			}
			if print {
				schema, err := backend.Schema(c.dsn)
				if err != nil {
					return err
				}
				_, err = io.WriteString(cmd.OutOrStdout(), schema)
				return err
			}
			return c.migrate(cmd)
		},
	}
	c.addFlagsWithoutDefault(cmd)
	cmd.Flags().BoolVar(&print, "print", false, "print the statements and run none")
	return cmd
}

// A migrated store is what became of a store's schema.
type migrated struct {
	Store        string   `json:"store"`
	Found        int64    `json:"found"`
	Now          int64    `json:"now"`
	MissingRoles []string `json:"missing_roles,omitempty"`
}

func (c *storeCommand) migrate(cmd *cobra.Command) error {
	versions, err := backend.Version(cmd.Context(), c.dsn)
	if err != nil {
		return err
	}
	s, err := backend.Open(cmd.Context(), c.dsn) // refuses what is newer
	if err != nil {
		return err
	}
	missing, err := backend.Grant(cmd.Context(), c.dsn)
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	m := migrated{backend.Redact(c.dsn), versions.Found, versions.Newest, missing}
	if c.output == "table" {
		return m.print(cmd.OutOrStdout())
	}
	return printList(cmd.OutOrStdout(), c.output, []migrated{m}, nil, func(m migrated) []string {
		return []string{strconv.FormatInt(m.Found, 10), strconv.FormatInt(m.Now, 10)}
	})
}

// print says it for people.
func (m *migrated) print(w io.Writer) error {
	var text string
	switch m.Found {
	case m.Now:
		text = fmt.Sprintf("%s: the schema has version %d, the newest", m.Store, m.Now)
	case 0:
		text = fmt.Sprintf("%s: created the schema, version %d", m.Store, m.Now)
	default:
		text = fmt.Sprintf("%s: brought the schema from version %d to %d", m.Store, m.Found, m.Now)
	}
	if len(m.MissingRoles) > 0 {
		text += fmt.Sprintf("\n\nThere are no roles for anybody but the owner. Who may make roles runs\n\n  CREATE ROLE %s;\n\nand then you this command again, which gives them their rights.",
			strings.Join(m.MissingRoles, "; CREATE ROLE "))
	}
	_, err := fmt.Fprintln(w, text)
	return err
}
