package clickhouse_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/activitylog-go/activitylog/exporter/clickhouse"
	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
	"github.com/activitylog-go/activitylog/query"
)

// FuzzGlob asks the server whether a text fits a glob, and compares.
func FuzzGlob(f *testing.F) {
	conn, err := chtest.Connect(chtest.Database(f))
	if err != nil {
		f.Fatal(err)
	}
	defer conn.Close()
	for _, seed := range [][2]string{{"*", ""}, {"a*b", "a%b"}, {`\*`, `\x`}, {"_%*", "_%\n"}, {"?", "?"}, {"'*", "'; --"}, {"ä*", "äö"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, glob, text string) {
		if !utf8.ValidString(glob) || !utf8.ValidString(text) || strings.Contains(glob+text, "\x00") {
			return // events are clean, and a glob of another kind fits none of them
		}
		var got bool
		if err := conn.QueryRow(t.Context(), "SELECT toBool(? LIKE ?)", text, clickhouse.LikePattern(glob)).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if want := (query.Value{Text: glob, Glob: true}).MatchText(text); got != want {
			t.Errorf("%q fits %q: %v, want %v", text, glob, got, want)
		}
	})
}
