package catalogue_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"go.opentelemetry.io/otel/log"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (rerun with -update if intended)\ngot:\n%s\nwant:\n%s", name, got, want)
	}
}

// TestShippedTable pins the table of codes of the catalogue that is shipped.
func TestShippedTable(t *testing.T) {
	golden(t, "payments.md.golden", string(mapping.Default().Catalogue().Markdown()))
}

// TestMarkdown pins the table, with everything in it that could break one.
func TestMarkdown(t *testing.T) {
	c, err := catalogue.New(
		catalogue.Entry{Code: "org:created", Routes: []string{"POST /orgs", "PUT /orgs/{org:a|b}"}, Aliases: []activitylog.Code{"team:created"}},
		catalogue.Entry{
			Code: "key:rotated", Title: "Key | rotated\nby <b>hand</b> & *never* _otherwise_", Severity: log.SeverityError,
			Sentences: []catalogue.Sentence{
				{Text: "{actor} rotated {change./max_age.new|number}", When: catalogue.Condition{Changed: patterns(t, "/max_age")}},
				{Text: `{actor} did [this](javascript:) \ ~that~ ` + "`x`"},
			},
		},
		catalogue.Entry{Code: "café:créé", Title: "Café créé"},
	)
	if err != nil {
		t.Fatal(err)
	}
	got := string(c.Markdown())
	golden(t, "markdown.golden", got)
	width := utf8.RuneCountInString(strings.SplitN(got, "\n", 2)[0])
	for line := range strings.Lines(got) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n != width {
			t.Errorf("a line of %d characters where the heading has %d: %s", n, width, line)
		}
	}
	var none *catalogue.Catalogue
	if n := strings.Count(string(none.Markdown()), "\n"); n != 2 {
		t.Errorf("an empty catalogue's table has %d lines, want the heading's two", n)
	}
}
