package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/activitylog-go/activitylog"
)

// A printer prints events, page by page.
type printer interface {
	print(events []activitylog.Event) error
	end() error
}

func newPrinter(format string, w io.Writer) (printer, error) {
	switch format {
	case "table":
		return &tablePrinter{w: w}, nil
	case "json":
		return &jsonPrinter{w: w, before: "[\n", between: ",\n", after: "\n]\n", empty: "[]\n"}, nil
	case "ndjson":
		return &jsonPrinter{w: w, between: "\n", after: "\n"}, nil
	case "tsv":
		return tsvPrinter{w}, nil
	}
	return nil, fmt.Errorf("--output: must be table, json, ndjson or tsv, not %q", format)
}

// A tablePrinter prints columns for people.
type tablePrinter struct {
	w     io.Writer
	begun bool
}

func (p *tablePrinter) print(events []activitylog.Event) error {
	w := tabwriter.NewWriter(p.w, 0, 0, 2, ' ', 0)
	if !p.begun && len(events) > 0 {
		fmt.Fprintln(w, "TIME\tOUTCOME\tEVENT\tACTOR\tSUMMARY")
		p.begun = true
	}
	for _, e := range events {
		actor := e.Actor.ID
		if actor == "" {
			actor = string(e.Actor.Type)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", tableTime(e.Time),
			printable(string(e.Outcome)), printable(string(e.Code)), printable(actor), printable(e.Summary))
	}
	return w.Flush()
}

func (p *tablePrinter) end() error { return nil }

// A jsonPrinter prints events as JSON with something between them.
type jsonPrinter struct {
	w                             io.Writer
	before, between, after, empty string
	begun                         bool
}

func (p *jsonPrinter) print(events []activitylog.Event) error {
	for _, e := range events {
		text, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("event %s: %w", e.ID, err)
		}
		separator := p.between
		if !p.begun {
			separator, p.begun = p.before, true
		}
		if _, err := fmt.Fprintf(p.w, "%s%s", separator, text); err != nil {
			return err
		}
	}
	return nil
}

func (p *jsonPrinter) end() error {
	text := p.after
	if !p.begun {
		text = p.empty
	}
	_, err := io.WriteString(p.w, text)
	return err
}

// A tsvPrinter prints tab-separated columns for programs.
type tsvPrinter struct{ w io.Writer }

func (p tsvPrinter) print(events []activitylog.Event) error {
	for _, e := range events {
		columns := []string{
			e.Time.UTC().Format(time.RFC3339Nano), string(e.Code), string(e.Outcome), e.Tenant, e.Actor.ID,
			e.Target().Type, e.Target().ID, e.ID, e.Summary,
		}
		for i, text := range columns {
			columns[i] = printable(strings.ReplaceAll(text, `\`, `\\`))
		}
		if _, err := fmt.Fprintln(p.w, strings.Join(columns, "\t")); err != nil {
			return err
		}
	}
	return nil
}

func (p tsvPrinter) end() error { return nil }

// printable returns s with everything escaped that a terminal would obey or
// that would let one text pass for another: control characters, line breaks,
// marks that turn the direction of writing.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\n':
			b.WriteString(`\n`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// tableTime returns a time as tables have it.
func tableTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }
