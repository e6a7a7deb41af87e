package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/activitylog-go/activitylog/exporter/cmd/activitylog/internal/openapi"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/lint"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

// errFindings ends a command that looks for findings, has found some and has
// told them: the exit status is 1.
var errFindings = errors.New("findings")

func newLintCommand() *cobra.Command {
	var l lintCommand
	cmd := &cobra.Command{
		Use:   "lint --mapping FILE [--routes FILE|- | --openapi FILE] [--output FORMAT]",
		Short: "Find what is undecided or wrong in a mapping",
		Long: `Finds what is undecided or wrong in a mapping. With the routes of the API, from a
list with METHOD PATH lines or from an OpenAPI document, it finds the mutating
routes on which nobody has decided, too, and the rules that no route reaches.

` + checkTable() + `
Each finding is told as FILE:LINE:COLUMN: message, with the lines around and, where
one is enough to settle it, the YAML to paste. Other formats: json; github, workflow
commands that annotate a pull request; gitlab, a Code Quality report; sarif.

The exit status is 0 if there are no findings, 1 if there are, 2 if the mapping
does not load.`,
		Example: `  activitylog lint --mapping activity.yaml --openapi openapi.yaml
  activitylog lint --mapping activity.yaml --routes routes.txt --output github`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return l.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&l.file, "mapping", "", "mapping `FILE`")
	flags.StringVar(&l.output, "output", "text", "text, json, github, gitlab or sarif")
	l.api.add(flags)
	return cmd
}

type lintCommand struct {
	file, output string
	api          apiFlags
}

func (l *lintCommand) run(cmd *cobra.Command) error {
	write, ok := reports[l.output]
	if !ok {
		return fmt.Errorf("--output: must be one of %s, not %q", strings.Join(slices.Sorted(maps.Keys(reports)), ", "), l.output)
	}
	if l.file == "" {
		return errors.New("lint: --mapping: the mapping file is missing")
	}
	m, err := mapping.Load(l.file)
	if problems := problemsOf(err); len(problems) > 0 {
		return errors.Join(
			write(cmd.OutOrStdout(), problems),
			fmt.Errorf("lint: %s does not load: %s", l.file, count(len(problems), "problem")))
	}
	if err != nil {
		return err
	}
	served, err := l.api.read(m, cmd.InOrStdin())
	if err != nil {
		return err
	}
	found := lint.Check(m, served)
	if err := write(cmd.OutOrStdout(), found); err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "activitylog: %s: %s\n", l.file, summary(found, served))
	if len(found) > 0 {
		return errFindings
	}
	return nil
}

// checkTable lists the checks with what they find.
func checkTable() string {
	var b strings.Builder
	for _, c := range lint.Checks() {
		fmt.Fprintf(&b, "  %-20s %s\n", c.Name, c.Doc)
	}
	return b.String()
}

// problemsOf returns the problems of a mapping that does not load.
func problemsOf(err error) []lint.Finding {
	var found []lint.Finding
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range all.Unwrap() {
			found = append(found, problemsOf(one)...)
		}
		return found
	}
	if e := (*mapping.Error)(nil); errors.As(err, &e) {
		found = append(found, lint.Finding{Pos: e.Pos, Msg: e.Msg})
	}
	return found
}

// summary says in one line what was looked at and found.
func summary(found []lint.Finding, served []routes.Route) string {
	text := "no findings"
	if len(found) > 0 {
		counts := make(map[string]int)
		for _, f := range found {
			counts[f.Check]++
		}
		var parts []string
		for _, c := range lint.Checks() {
			if n := counts[c.Name]; n > 0 {
				parts = append(parts, fmt.Sprintf("%s %d", c.Name, n))
			}
		}
		text = fmt.Sprintf("%s: %s", count(len(found), "finding"), strings.Join(parts, ", "))
	}
	if served != nil {
		return fmt.Sprintf("%s (with %s of the API)", text, count(len(served), "route"))
	}
	var left []string
	for _, c := range lint.Checks() {
		if c.NeedsRoutes {
			left = append(left, c.Name)
		}
	}
	return fmt.Sprintf("%s (not looked for without --routes or --openapi: %s)", text, strings.Join(left, ", "))
}

// count returns "1 route", "2 routes".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// apiFlags say where the routes of an API are read from.
type apiFlags struct{ list, openapi string }

func (f *apiFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.list, "routes", "", "routes of the API, METHOD PATH lines in `FILE`, or - for standard input")
	flags.StringVar(&f.openapi, "openapi", "", "OpenAPI document of the API, in `FILE`")
}

// read returns the routes, nil if the flags name none.
func (f *apiFlags) read(m *mapping.Mapping, stdin io.Reader) ([]routes.Route, error) {
	var all []routes.Route
	if f.list != "" {
		listed, err := readList(f.list, stdin)
		if err != nil {
			return nil, err
		}
		all = append(all, listed...)
	}
	if f.openapi != "" {
		doc, err := openapi.Read(f.openapi)
		if err != nil {
			return nil, err
		}
		all = append(all, behindPrefix(m, doc)...)
	}
	if all == nil && f.list != "" {
		return nil, fmt.Errorf("%s: the list has no routes", f.list)
	}
	return all, nil
}

func readList(name string, stdin io.Reader) ([]routes.Route, error) {
	if name == "-" {
		return routes.Read("stdin", stdin)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("routes: %w", err)
	}
	defer file.Close()
	return routes.Read(name, file)
}

// behindPrefix returns the routes of a document as the mapping knows them: with
// the path of the server, if the mapping strips that.
func behindPrefix(m *mapping.Mapping, doc *openapi.Document) []routes.Route {
	prefix := ""
	for _, p := range m.StripPrefixes() {
		if slices.Contains(doc.Prefixes, p) {
			prefix = p
			break
		}
	}
	for i := range doc.Routes {
		doc.Routes[i].Path = prefix + doc.Routes[i].Path
	}
	return doc.Routes
}
