// Command activitylog keeps, shows and queries activity logs: everything that
// the project does, in one program.
//
// Its exit status is 0 if all is well, 1 for a finding of a command that looks
// for them, and 2 for an error.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	_ "time/tzdata" // for the time zones of the viewer, where the machine has none

	"github.com/spf13/cobra"

	"github.com/activitylog-go/activitylog/query"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is main with all that it depends on. It returns the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	cmd := newRootCommand()
	cmd.SetArgs(args)
	cmd.SetIn(stdin)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := cmd.Execute()
	if errors.Is(err, errFindings) {
		return 1
	}
	if err != nil {
		fmt.Fprintf(stderr, "activitylog: %v\n", err)
		if e := (*query.Error)(nil); errors.As(err, &e) {
			fmt.Fprintf(stderr, "\n%s\n", e.Underlined())
		}
		return 2
	}
	return 0
}

func newRootCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "activitylog",
		Short:         "Who did what, to which resource, with what outcome",
		SilenceErrors: true, // run reports them
		SilenceUsage:  true,
	}
	cmd.AddCommand(
		newCatalogCommand(),
		newCollectorCommand(),
		newDeedsCommand(),
		newDemoCommand(),
		newDiffCommand(),
		newEraseCommand(),
		newExplainCommand(),
		newHoldCommand(),
		newInitCommand(),
		newLintCommand(),
		newMigrateCommand(),
		newQuarantineCommand(),
		newQueryCommand(),
		newRetentionCommand(),
		newSchemaCommand(),
		newVersionCommand(),
	)
	return cmd
}
