package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/activitylog-go/activitylog"
	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/store"
)

func newQuarantineShowCommand() *cobra.Command {
	var q storeCommand
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show a record in quarantine and how it differs from what is stored",
		Long: `Shows a record in quarantine: the event that it is or would be, and if the store
has an event with its id, each field in which they differ.

In JSON, record is what was sent as OTLP/JSON and raw its exact bytes, in base64.
The lines of tsv are a name and its value, and for differences the path, what is
stored and what was sent.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return q.reading(cmd, func(s operable) error {
				record, err := (quarantineStore{s}).find(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				d, err := detailOf(cmd, quarantineStore{s}, record)
				if err != nil {
					return err
				}
				return d.print(cmd.OutOrStdout(), q.output)
			})
		},
	}
	q.addFlags(cmd)
	return cmd
}

// A detail is all there is to know of a record.
type detail struct {
	entry
	Event       *activitylog.Event `json:"event,omitempty"`
	Problem     string             `json:"problem,omitempty"` // why there is no event
	Record      json.RawMessage    `json:"record,omitempty"`
	Raw         []byte             `json:"raw,omitempty"`
	Stored      *activitylog.Event `json:"stored,omitempty"`
	Differences []difference       `json:"differences,omitempty"`
}

// A difference is a field in which what was sent is not what is stored.
type difference struct {
	Path   string          `json:"path"`
	Stored json.RawMessage `json:"stored,omitempty"`
	Sent   json.RawMessage `json:"sent,omitempty"`
}

func detailOf(cmd *cobra.Command, s quarantineStore, q store.Quarantined) (detail, error) {
	d := detail{entry: entryOf(q), Raw: q.Raw, Record: otlpJSON(q.Raw)}
	event, err := activitylogexporter.EventOf(q)
	if err != nil {
		d.Problem = err.Error()
		return d, nil
	}
	d.Event = &event
	stored, err := s.Get(cmd.Context(), event.ID)
	if errors.Is(err, store.ErrNotFound) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	d.Stored, d.Differences = &stored, differences(stored, event)
	return d, nil
}

// otlpJSON returns a raw record as JSON, nil if there is none.
func otlpJSON(raw []byte) json.RawMessage {
	logs, err := new(plog.ProtoUnmarshaler).UnmarshalLogs(raw)
	if err != nil || raw == nil {
		return nil
	}
	text, err := new(plog.JSONMarshaler).MarshalLogs(logs)
	if err != nil {
		return nil
	}
	return text
}

// differences returns the fields in which two events differ, without those that
// are no part of their content. Of an erased event there is only so much left.
func differences(stored, sent activitylog.Event) []difference {
	if !stored.Erased.IsZero() {
		stored, sent = store.Erased(stored), store.Erased(sent)
	}
	stored, sent = store.Kept(stored), store.Kept(sent)
	stored.Observed = sent.Observed
	var list []difference
	for _, c := range activitylog.Diff(stored, sent) {
		list = append(list, difference{Path: c.Path, Stored: c.Old, Sent: c.New})
	}
	if stored.Salt != sent.Salt { // which is not for people's eyes
		list = append(list, difference{Path: "/salt"})
	}
	return list
}

func (d *detail) print(w io.Writer, format string) error {
	switch format {
	case "json":
		return writeJSON(w, d)
	case "ndjson":
		return printList(w, format, []*detail{d}, nil, nil)
	case "tsv":
		return printList(w, format, d.rows(), nil, func(row []string) []string { return row })
	}
	return d.printTable(w)
}

// rows returns the names and values of d, and then the differences.
func (d *detail) rows() [][]string {
	rows := [][]string{
		{"id", d.ID},
		{"time", d.Time.UTC().Format("2006-01-02T15:04:05.999999999Z07:00")},
		{"reason", d.Reason},
	}
	if d.Problem != "" {
		rows = append(rows, []string{"problem", d.Problem})
	}
	if d.Event != nil {
		rows = append(rows, []string{"event", jsonText(d.Event)})
	}
	if d.Record != nil {
		rows = append(rows, []string{"record", string(d.Record)})
	}
	for _, diff := range d.Differences {
		rows = append(rows, []string{diff.Path, string(diff.Stored), string(diff.Sent)})
	}
	return rows
}

// printTable prints d for people: the event over several lines.
func (d *detail) printTable(w io.Writer) error {
	for _, row := range d.rows()[:3] {
		fmt.Fprintf(w, "%-7s %s\n", row[0], printable(row[1]))
	}
	if d.Problem != "" {
		fmt.Fprintf(w, "problem %s\n", printable(d.Problem))
	}
	if d.Event != nil {
		printJSON(w, "event", []byte(jsonText(d.Event)))
	} else if d.Record != nil {
		printJSON(w, "record", d.Record)
	}
	if d.Stored == nil {
		return nil
	}
	if len(d.Differences) == 0 {
		_, err := fmt.Fprintln(w, "\nThe store has this event.")
		return err
	}
	fmt.Fprintln(w)
	return printList(w, "table", d.Differences, []string{"FIELD", "STORED", "SENT"}, func(diff difference) []string {
		return []string{diff.Path, string(diff.Stored), string(diff.Sent)}
	})
}

// printJSON prints a text of JSON, indented.
func printJSON(w io.Writer, name string, text []byte) {
	var b bytes.Buffer
	if json.Indent(&b, text, "        ", "  ") != nil {
		b.Reset()
		b.Write(text)
	}
	lines := strings.Split(b.String(), "\n")
	for i, line := range lines {
		lines[i] = printable(line)
	}
	fmt.Fprintf(w, "%-7s %s\n", name, strings.Join(lines, "\n"))
}

// jsonText returns v as JSON on one line.
func jsonText(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(b.String(), "\n")
}
