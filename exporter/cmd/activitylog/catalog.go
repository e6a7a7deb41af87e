package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
)

func newCatalogCommand() *cobra.Command {
	var file, output string
	var markdown bool
	cmd := &cobra.Command{
		Use:     "catalog [--mapping FILE] [--markdown | --output FORMAT]",
		Aliases: []string{"catalogue"},
		Short:   "Print the event codes of a mapping with their titles and sentences",
		Long: `Prints the codes that a mapping knows, sorted: what the application can say, for
documentation and for review. Without --mapping, the shipped catalogue.

Formats: text, the codes with their titles; markdown, a table of everything; json.`,
		Example: `  activitylog catalog --mapping activity.yaml --markdown >docs/activity.md`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if markdown {
				output = "markdown"
			}
			write, ok := catalogs[output]
			if !ok {
				return fmt.Errorf("--output: must be one of %s, not %q", strings.Join(slices.Sorted(maps.Keys(catalogs)), ", "), output)
			}
			m, err := loadMapping(file)
			if err != nil {
				return err
			}
			return write(cmd.OutOrStdout(), m.Catalogue())
		},
	}
	cmd.Flags().StringVar(&file, "mapping", "", "mapping `FILE`; without it, the shipped catalogue")
	cmd.Flags().StringVar(&output, "output", "text", "text, markdown or json")
	cmd.Flags().BoolVar(&markdown, "markdown", false, "the same as --output markdown")
	cmd.MarkFlagsMutuallyExclusive("markdown", "output")
	return cmd
}

// loadMapping returns the mapping in a file, the one in force without a file
// if there is none.
func loadMapping(file string) (*mapping.Mapping, error) {
	if file == "" {
		return mapping.Default(), nil
	}
	return mapping.Load(file)
}

// catalogs write a catalogue, by the name of the format.
var catalogs = map[string]func(io.Writer, *catalogue.Catalogue) error{
	"text":     catalogText,
	"json":     catalogJSON,
	"markdown": func(w io.Writer, c *catalogue.Catalogue) error { _, err := w.Write(c.Markdown()); return err },
}

func catalogText(out io.Writer, c *catalogue.Catalogue) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, e := range c.Entries() {
		fmt.Fprintf(w, "%s\t%s\n", e.Code, printable(c.Title(e.Code)))
	}
	return w.Flush()
}

type jsonEntry struct {
	Code         activitylog.Code           `json:"code"`
	Title        string                     `json:"title"`
	Sentences    []jsonSentence             `json:"sentences"`
	Attempts     []jsonSentence             `json:"attempts,omitempty"`
	Severity     string                     `json:"severity,omitempty"`
	Aliases      []activitylog.Code         `json:"aliases,omitempty"`
	Translations map[string]jsonTranslation `json:"translations,omitempty"`
	Routes       []string                   `json:"routes,omitempty"`
}

type jsonTranslation struct {
	Title     string         `json:"title,omitempty"`
	Sentences []jsonSentence `json:"sentences,omitempty"`
	Attempts  []jsonSentence `json:"attempts,omitempty"`
}

type jsonSentence struct {
	Text string `json:"text"`
	When string `json:"when,omitempty"`
}

func jsonSentences(sentences []catalogue.Sentence) []jsonSentence {
	list := []jsonSentence{}
	for _, s := range sentences {
		list = append(list, jsonSentence{s.Text, s.When.String()})
	}
	return list
}

func catalogJSON(out io.Writer, c *catalogue.Catalogue) error {
	list := []jsonEntry{}
	for _, e := range c.Entries() {
		entry := jsonEntry{
			Code: e.Code, Title: c.Title(e.Code), Aliases: e.Aliases, Routes: e.Routes,
			Sentences: jsonSentences(e.Sentences), Attempts: jsonSentences(e.Attempts),
		}
		if e.Severity != 0 {
			entry.Severity = strings.ToLower(e.Severity.String())
		}
		for tag, t := range e.Translations {
			if entry.Translations == nil {
				entry.Translations = make(map[string]jsonTranslation)
			}
			entry.Translations[tag] = jsonTranslation{t.Title, jsonSentences(t.Sentences), jsonSentences(t.Attempts)}
		}
		list = append(list, entry)
	}
	return writeJSON(out, list)
}
