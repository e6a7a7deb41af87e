package viewer_test

import (
	"html"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/viewer"
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

// TestErased checks that an event whose personal part is gone reads as one and
// not as something that broke.
func TestErased(t *testing.T) {
	e := activitylog.Event{
		ID: activitylog.NewID(), Time: now, Code: "org.member:updated", Summary: "Ann Lee updated Bob Ito",
		Actor:   activitylog.Actor{ID: "usr_ann", Type: activitylog.User, Name: "Ann Lee"},
		Targets: []activitylog.Target{{Type: "member", ID: "mem_bob", Name: "Bob Ito"}},
		Changes: []activitylog.Change{activitylog.NewChange("/role", "viewer", "admin")},
	}
	s := newStore(t, []activitylog.Event{e})
	if n, _, err := s.Erase(t.Context(), store.Erasure{Person: "usr_ann"}); err != nil || n != 1 {
		t.Fatalf("Erase = %d, %v", n, err)
	}
	h := viewer.New(s, clock, quiet)
	for target, wants := range map[string][]string{
		"/":               {"usr_ann", "mem_bob"},
		"/events/" + e.ID: {"usr_ann", "mem_bob", `<span class="muted">erased</span>`, "what may say who a person is was removed"},
	} {
		page := html.UnescapeString(get(h, target).Body.String())
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("GET %s: no %q in\n%s", target, want, page)
			}
		}
		for _, gone := range []string{"Ann Lee", "Bob Ito", "secret"} {
			if strings.Contains(page, gone) {
				t.Errorf("GET %s shows %q", target, gone)
			}
		}
	}
}
