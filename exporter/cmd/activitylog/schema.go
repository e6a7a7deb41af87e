package main

import (
	"github.com/spf13/cobra"

	"github.com/activitylog-go/activitylog/mapping"
)

func newSchemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of mapping files, for editors",
		Long: `Prints the JSON Schema of mapping files. An editor that finds it beside the file
completes and checks what one writes, if the file begins with

  # yaml-language-server: $schema=activitylog.schema.json`,
		Example: `  activitylog schema >activitylog.schema.json`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(mapping.Schema())
			return err
		},
	}
}
