package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// formats are the values of --output of the commands that list things.
var formats = []string{"table", "json", "ndjson", "tsv"}

func checkFormat(format string) error {
	if !slices.Contains(formats, format) {
		return fmt.Errorf("--output: must be table, json, ndjson or tsv, not %q", format)
	}
	return nil
}

// printList prints a list in one of the formats: its JSON, or for table and
// tsv the cells of each, of which only a table has a header.
func printList[T any](w io.Writer, format string, list []T, header []string, cells func(T) []string) error {
	switch format {
	case "json":
		if list == nil {
			list = []T{}
		}
		return writeJSON(w, list)
	case "ndjson":
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		for _, v := range list {
			if err := enc.Encode(v); err != nil {
				return err
			}
		}
		return nil
	case "tsv":
		return printRows(w, list, func(v T) []string {
			row := cells(v)
			for i, text := range row {
				row[i] = strings.ReplaceAll(text, `\`, `\\`)
			}
			return row
		})
	default:
		if len(list) == 0 {
			return nil
		}
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, strings.Join(header, "\t"))
		if err := printRows(table, list, cells); err != nil {
			return err
		}
		return table.Flush()
	}
}

// printRows prints rows with tabs between their cells, in which nothing is left
// that a terminal would obey.
func printRows[T any](w io.Writer, list []T, cells func(T) []string) error {
	for _, v := range list {
		row := cells(v)
		for i, text := range row {
			row[i] = printable(text)
		}
		if _, err := fmt.Fprintln(w, strings.Join(row, "\t")); err != nil {
			return err
		}
	}
	return nil
}
