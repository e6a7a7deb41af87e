package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/lint"
)

func newDiffCommand() *cobra.Command {
	var output string
	var api apiFlags
	cmd := &cobra.Command{
		Use:   "diff OLD NEW [--routes FILE|- | --openapi FILE] [--output FORMAT]",
		Short: "Show which routes have other codes in a new mapping",
		Long: `Shows which routes have other codes in the mapping file NEW than in OLD. It looks
at the routes that either file names; with the routes of the API also at those
whose codes are inferred. A code that NEW lists among the aliases of its
successor is renamed: what is stored under it reads like what comes.

The exit status is 0 if no route changes, 1 if one does, 2 if a mapping does not load.`,
		Example: `  git show main:activity.yaml >old.yaml && activitylog diff old.yaml activity.yaml`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return errors.New("diff: takes the OLD and the NEW mapping file, as in: diff old.yaml activity.yaml")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if output != "text" && output != "json" {
				return fmt.Errorf("--output: must be text or json, not %q", output)
			}
			before, err := mapping.Load(args[0])
			after, err2 := mapping.Load(args[1])
			if err := errors.Join(err, err2); err != nil {
				return err
			}
			served, err := api.read(after, cmd.InOrStdin())
			if err != nil {
				return err
			}
			changes := lint.Diff(before, after, served)
			write := writeChanges
			if output == "json" {
				write = writeChangesJSON
			}
			if err := write(cmd.OutOrStdout(), changes); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "activitylog: %s with other codes in %s than in %s\n", count(len(changes), "route"), args[1], args[0])
			if len(changes) > 0 {
				return errFindings
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&output, "output", "text", "text or json")
	api.add(cmd.Flags())
	return cmd
}

func writeChanges(out io.Writer, changes []lint.Change) error {
	w := bufio.NewWriter(out)
	for _, c := range changes {
		fmt.Fprintf(w, "%s %s (%s)\n", c.Method, c.Route, c.Kind)
		writeCases(w, "-", c.Old)
		writeCases(w, "+", c.New)
	}
	return w.Flush()
}

func writeCases(w io.Writer, mark string, cases []mapping.Case) {
	if len(cases) == 0 {
		fmt.Fprintf(w, "  %s no event\n", mark)
	}
	for i, c := range cases {
		when := ""
		switch {
		case c.When != "":
			when = " if " + c.When
		case i > 0:
			when = " otherwise"
		}
		fmt.Fprintf(w, "  %s %s%s\n", mark, c.Code, when)
	}
}

type jsonCase struct {
	Code string `json:"code"`
	When string `json:"when,omitempty"`
}

func jsonCases(cases []mapping.Case) []jsonCase {
	list := []jsonCase{}
	for _, c := range cases {
		list = append(list, jsonCase{string(c.Code), c.When})
	}
	return list
}

func writeChangesJSON(out io.Writer, changes []lint.Change) error {
	type change struct {
		Method string     `json:"method"`
		Route  string     `json:"route"`
		Kind   string     `json:"kind"`
		Old    []jsonCase `json:"old"`
		New    []jsonCase `json:"new"`
	}
	list := []change{}
	for _, c := range changes {
		list = append(list, change{c.Method, c.Route, string(c.Kind), jsonCases(c.Old), jsonCases(c.New)})
	}
	return writeJSON(out, list)
}
