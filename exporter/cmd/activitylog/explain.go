package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/activitylog-go/activitylog/mapping"
)

func newExplainCommand() *cobra.Command {
	var file, output string
	cmd := &cobra.Command{
		Use:   "explain [--mapping FILE] [--output text|json] METHOD ROUTE | --output tsv -",
		Short: "Say which event code a route has, and why",
		Long: `Say which rule of a mapping or which steps of inference decide on a route, and
the code, title and sentence that follow.

With --output tsv and "-", routes are read from standard input, one
METHOD<TAB>ROUTE a line, and written as METHOD<TAB>ROUTE<TAB>CODE. The code is
empty where there is no event, and that of the last case where there are several.`,
		Example: `  activitylog explain --mapping activity.yaml PATCH '/orgs/{org}/members/{member}'
  activitylog explain --mapping activity.yaml --output tsv - <routes.tsv`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case output != "text" && output != "json" && output != "tsv":
				return fmt.Errorf("--output: must be text, json or tsv, not %q", output)
			case output == "tsv" && (len(args) != 1 || args[0] != "-"):
				return errors.New(`explain --output tsv: takes "-" and reads routes from standard input`)
			case output != "tsv" && len(args) != 2:
				return errors.New("explain: takes METHOD and ROUTE, as in: explain PATCH '/orgs/{org}'")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := loadMapping(file)
			if err != nil {
				return err
			}
			if output == "tsv" {
				return explainLines(m, cmd.InOrStdin(), cmd.OutOrStdout())
			}
			if !strings.HasPrefix(args[1], "/") {
				return fmt.Errorf("explain: the route must begin with a slash, not %q", args[1])
			}
			x := m.Explain(strings.ToUpper(args[0]), args[1])
			if output == "json" {
				return explainJSON(cmd.OutOrStdout(), x)
			}
			_, err = fmt.Fprint(cmd.OutOrStdout(), x)
			return err
		},
	}
	cmd.Flags().StringVar(&file, "mapping", "", "mapping `FILE`; without it, inference with the shipped catalogue")
	cmd.Flags().StringVar(&output, "output", "text", "text or json; or tsv, for many routes")
	return cmd
}

// explainJSON writes an explanation for programs. The rule is null, and the
// code empty, where there is none.
func explainJSON(out io.Writer, x mapping.Explanation) error {
	var rule *jsonPlace
	if !x.Rule.IsZero() {
		at := placeOf(x.Rule)
		rule = &at
	}
	return writeJSON(out, struct {
		Method   string     `json:"method"`
		Route    string     `json:"route"`
		Code     string     `json:"code"`
		Cases    []jsonCase `json:"cases"`
		Title    string     `json:"title,omitempty"`
		Sentence string     `json:"sentence,omitempty"`
		Rule     *jsonPlace `json:"rule"`
		Steps    []string   `json:"steps"`
	}{x.Method, x.Route, string(x.Code), jsonCases(x.Cases), x.Title, x.Sentence, rule, x.Steps})
}

// explainLines answers METHOD<TAB>ROUTE lines with the code behind.
func explainLines(m *mapping.Mapping, in io.Reader, out io.Writer) error {
	w := bufio.NewWriter(out)
	lines := bufio.NewScanner(in)
	n := 1
	for ; lines.Scan(); n++ {
		line := bytes.TrimSuffix(lines.Bytes(), []byte("\r"))
		if len(line) == 0 {
			continue
		}
		method, route, ok := bytes.Cut(line, []byte("\t"))
		if !ok || len(method) == 0 || len(route) == 0 || route[0] != '/' || bytes.ContainsRune(route, '\t') {
			w.Flush() // the answers up to here
			return fmt.Errorf("stdin:%d: must be METHOD<TAB>ROUTE with a route that begins with a slash, not %q", n, line)
		}
		code := m.Explain(string(method), string(route)).Code
		fmt.Fprintf(w, "%s\t%s\t%s\n", method, route, code)
	}
	if err := lines.Err(); err != nil {
		w.Flush()
		return fmt.Errorf("stdin:%d: %w", n, err)
	}
	return w.Flush()
}
