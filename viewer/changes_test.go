package viewer_test

import (
	"html"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
)

// TestChanges checks what the page of an event says of changes whose values
// it does not show.
func TestChanges(t *testing.T) {
	one, two := []byte(`"hmac-sha256:`+strings.Repeat("0f", 32)+`"`), []byte(`"hmac-sha256:`+strings.Repeat("9a", 32)+`"`)
	tests := []struct {
		change activitylog.Change
		want   string
	}{
		{activitylog.Change{Path: "/pin", Redacted: true}, "secret, not kept"},
		{activitylog.Change{Path: "/pin", Old: []byte(`"1234"`), New: []byte(`"4711"`), Redacted: true}, "secret, not kept"},
		{activitylog.Change{Path: "/pin", Old: one, New: two, Redacted: true}, "secret, another one than before"},
		{activitylog.Change{Path: "/pin", Old: one, New: one, Redacted: true}, "secret, the same before and after"},
		{activitylog.Change{Path: "/pin", New: one, Redacted: true}, "secret, none before"},
		{activitylog.Change{Path: "/pin", Old: one, Redacted: true}, "secret, none after"},
		{activitylog.Change{Path: "/pin", Old: one, Redacted: true, Truncated: true}, "secret, not kept"},
		{activitylog.Change{Path: "/pin", Truncated: true}, "too large or unreadable, not kept"},
		{activitylog.Change{Truncated: true}, "too large or unreadable, not kept"},
		{activitylog.Change{New: []byte(`"2900 more changes"`), Truncated: true}, "2900 more changes"},
	}
	for _, tt := range tests {
		e := activitylog.Event{ID: activitylog.NewID(), Time: now, Code: "a:updated", Changes: []activitylog.Change{tt.change}}
		page := html.UnescapeString(get(newViewer(t, []activitylog.Event{e}), "/events/"+e.ID).Body.String())
		_, table, _ := strings.Cut(page, `<section class="changes">`)
		table, _, _ = strings.Cut(table, "</section>")
		if !strings.Contains(table, `<span class="muted">`+tt.want+`</span>`) {
			t.Errorf("%+v: no %q in\n%s", tt.change, tt.want, table)
		}
		if strings.Contains(table, "hmac") || strings.Contains(table, "4711") || strings.Contains(table, "<code></code>") {
			t.Errorf("%+v:\n%s", tt.change, table)
		}
	}
}
