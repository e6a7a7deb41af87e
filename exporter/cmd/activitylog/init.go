package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/activitylog-go/activitylog/exporter/cmd/activitylog/internal/openapi"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/routes"
	"github.com/activitylog-go/activitylog/mapping/scaffold"
)

func newInitCommand() *cobra.Command {
	var i initialiser
	cmd := &cobra.Command{
		Use:   "init --routes FILE|- | --openapi FILE [--mapping FILE] [--dry-run]",
		Short: "Write a mapping from the routes of an API, or add its new routes to one",
		Long: `Writes a mapping file from the routes of an API: a rule for each route that
changes something, with the code that inference and the API's operation names
give it. The routes are read from an OpenAPI document, or from a list with
METHOD PATH lines, such as what gin prints at its start. Beside a new file goes
` + scaffold.Schema + `, with which editors complete and check it.

To a mapping that is there already, the routes are added that it does not name;
everything else in it stays as it is, comments included. Rules whose route is
gone are kept and told. A file that does not load is left alone.`,
		Example: `  activitylog init --openapi openapi.yaml
  go run . 2>&1 | activitylog init --routes - --mapping activity.yaml --dry-run`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if (i.api.list == "") == (i.api.openapi == "") {
				return errors.New("init: say where the routes of the API are: --routes FILE or --openapi FILE")
			}
			return i.run(cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	i.api.add(cmd.Flags())
	cmd.Flags().StringVar(&i.file, "mapping", "activity.yaml", "mapping `FILE` to write or to add to")
	cmd.Flags().BoolVar(&i.dryRun, "dry-run", false, "print the file, write nothing")
	return cmd
}

// An initialiser is one run of the init command.
type initialiser struct {
	api    apiFlags
	file   string
	dryRun bool
}

func (i *initialiser) run(stdin io.Reader, stdout, stderr io.Writer) error {
	if info, err := os.Stat(i.file); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("init: %s is no regular file, which is what a mapping is kept in: name another with --mapping", i.file)
	}
	old, err := os.ReadFile(i.file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("init: %w", err)
	}
	api, options, err := i.readAPI(stdin)
	if err != nil {
		return err
	}
	content, report, err := i.content(old, api, options)
	if err != nil {
		return err
	}
	if i.dryRun {
		if _, err := stdout.Write(content); err != nil {
			return err
		}
		_, err := fmt.Fprint(stderr, report)
		return err
	}
	return i.write(old, content, report, stdout)
}

// readAPI returns the routes of the API.
func (i *initialiser) readAPI(stdin io.Reader) (api []routes.Route, o scaffold.Options, err error) {
	if i.api.openapi != "" {
		doc, err := openapi.Read(i.api.openapi)
		if err != nil {
			return nil, o, err
		}
		return doc.Routes, scaffold.Options{Prefixes: doc.Prefixes}, nil
	}
	if api, err = readList(i.api.list, stdin); err == nil && len(api) == 0 {
		err = fmt.Errorf("%s: the list has no routes", i.api.list)
	}
	return api, o, err
}

// content returns what the file is to say. A file that says nothing yet is new.
func (i *initialiser) content(old []byte, api []routes.Route, o scaffold.Options) ([]byte, scaffold.Report, error) {
	if len(bytes.TrimSpace(old)) == 0 {
		return scaffold.Write(api, o)
	}
	content, report, err := scaffold.Merge(i.file, old, api)
	if err != nil {
		err = fmt.Errorf("init: %s was not changed:\n%w", i.file, err)
	}
	return content, report, err
}

// write writes the file, and the schema if the file refers to it, and says
// what was done and what to do next.
func (i *initialiser) write(old, content []byte, report scaffold.Report, stdout io.Writer) error {
	var wrote []string
	if !bytes.Equal(old, content) {
		if err := writeFile(i.file, content); err != nil {
			return fmt.Errorf("init: %w", err)
		}
		wrote = append(wrote, i.file)
	}
	schema := filepath.Join(filepath.Dir(i.file), scaffold.Schema)
	if bytes.Contains(content, []byte("$schema="+scaffold.Schema)) {
		if was, err := os.ReadFile(schema); err != nil || !bytes.Equal(was, mapping.Schema()) {
			if err := writeFile(schema, mapping.Schema()); err != nil {
				return fmt.Errorf("init: %w", err)
			}
			wrote = append(wrote, schema)
		}
	}
	fmt.Fprint(stdout, report)
	if len(wrote) == 0 {
		_, err := fmt.Fprintf(stdout, "\n%s is unchanged.\n", i.file)
		return err
	}
	_, err := fmt.Fprintf(stdout, `
Wrote %s. Read the new rules and correct what reads wrong. Then:
  activitylog explain --mapping %[2]s METHOD ROUTE  # why a route has its code
  activitylog lint --mapping %[2]s %[3]s  # what is left to decide
`, strings.Join(wrote, " and "), i.file, i.api)
	return err
}

// String returns the flags as they were given.
func (f apiFlags) String() string {
	if f.openapi != "" {
		return "--openapi " + f.openapi
	}
	return "--routes " + f.list
}

// writeFile replaces a file as a whole: who reads it meanwhile sees the old or
// the new one. It keeps the file's mode, and what a link points to is replaced.
func writeFile(name string, content []byte) error {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	temp := fmt.Sprintf("%s.%d.new", name, os.Getpid())
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if pe := (*os.PathError)(nil); errors.As(err, &pe) {
		return fmt.Errorf("write %s: %w", name, pe.Err)
	}
	if err != nil {
		return err
	}
	defer os.Remove(temp)
	if info, err := os.Stat(name); err == nil {
		if err := f.Chmod(info.Mode().Perm()); err != nil {
			f.Close()
			return err
		}
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(temp, name)
}
