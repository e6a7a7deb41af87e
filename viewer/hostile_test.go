package viewer_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/api"
	"github.com/activitylog-go/activitylog/viewer"
	"github.com/activitylog-go/activitylog/viewer/internal/sample"
)

// TestHostile shows events whose every field attacks the reader: what they
// say must be text, and nothing in it may act without being seen.
func TestHostile(t *testing.T) {
	events := sample.Hostile(now)
	h := newViewer(t, events)
	pages := []string{"/", "/?tz=Europe/Kyiv"}
	for _, e := range events {
		pages = append(pages, "/events/"+e.ID)
	}
	tags := regexp.MustCompile(`<(script|img|svg)\b[^>]*>`)
	acting := regexp.MustCompile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
	for _, target := range pages {
		w := get(h, target)
		body := w.Body.String()
		checkHTML(t, target, body)
		for _, tag := range tags.FindAllString(body, -1) {
			ours := strings.HasPrefix(tag, `<svg class="mark"`) || strings.HasPrefix(tag, `<svg viewBox="0 0 12 12"`) ||
				strings.HasPrefix(tag, `<script type="module" blocking="render" src="`)
			if !ours {
				t.Errorf("GET %s has the tag %s", target, tag)
			}
		}
		if at := acting.FindStringIndex(body); at != nil {
			t.Errorf("GET %s has %q, which acts and is not seen: …%s…", target, body[at[0]:at[1]], body[max(0, at[0]-40):at[1]])
		}
		for _, link := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(body, -1) {
			if to := html.UnescapeString(link[1]); !strings.HasPrefix(to, "./") && !strings.HasPrefix(to, "../") && to != "#content" {
				t.Errorf("GET %s links to %q", target, to)
			}
		}
	}
}

// TestVisible pins how single characters are shown.
func TestVisible(t *testing.T) {
	tests := []struct{ name, shown string }{
		{"Ann & Bob", "Ann &amp; Bob"},
		{"<b>", "&lt;b&gt;"},
		{"a\nb", "a␊b"},
		{"a\x1b[31mb", "a␛[31mb"},
		{"a\u007fb", "a␡b"},
		{"a\u0085b", "a‹U+0085›b"},
		{"a\u202eb", "a‹U+202E›b"},
		{"a\u2066b", "a‹U+2066›b"},
		{"a\u200bb", "a‹U+200B›b"},
		{"a\u00adb", "a‹U+00AD›b"},
		{"a\U000e0041b", "a‹U+E0041›b"},
		{"نمی‌خواهم", "نمی‌خواهم"}, // written with a zero-width non-joiner
		{"👩‍🔧", "👩‍🔧"},             // and this with a joiner
	}
	for _, tt := range tests {
		e := sample.Event(0, now)
		e.Actor.Name, e.Summary = tt.name, tt.name+" did it"
		body := get(newViewer(t, []activitylog.Event{e}), "/events/"+e.ID).Body.String()
		if want := "<b>" + strings.ReplaceAll(tt.shown, "+", "&#43;") + "</b> did it</bdi></h1>"; !strings.Contains(body, want) {
			t.Errorf("%q is not shown as %s", tt.name, want)
		}
	}
}

// TestScope asks for every kind of page as a tenant who has no events.
func TestScope(t *testing.T) {
	scope := func(r *http.Request) (api.Scope, error) {
		if r.Header.Get("Tenant") == "" {
			return api.Scope{}, http.ErrNoCookie
		}
		return api.Scope{Tenants: []string{r.Header.Get("Tenant")}}, nil
	}
	events := sample.Events(now)
	h := viewer.New(newStore(t, events), clock, quiet, viewer.WithScope(scope))
	ask := func(tenant, target string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", target, nil)
		r.Header.Set("Tenant", tenant)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for _, target := range []string{"/", "/?q=tenant:acme", "/?q=-tenant:x", "/events/" + events[0].ID, "/v1/events", "/v1/events/" + events[0].ID} {
		if w := ask("acme", target); !strings.Contains(w.Body.String(), events[0].ID) {
			t.Errorf("acme does not see its own event at %s: %d", target, w.Code)
		}
		if body := ask("initech", target).Body.String(); strings.Contains(body, "data-id") || strings.Contains(body, "Acme Payments") || strings.Contains(body, `"summary"`) {
			t.Errorf("initech reads of acme at %s:\n%s", target, body)
		}
		if w := ask("", target); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "cookie") {
			t.Errorf("GET %s without a scope = %d, want 403 without the cause", target, w.Code)
		}
	}
}

// TestZone checks days and clocks in a zone whose date is another one.
func TestZone(t *testing.T) {
	e := sample.Event(0, time.Date(2026, 11, 22, 23, 30, 0, 5, time.UTC))
	h := newViewer(t, []activitylog.Event{e})
	for target, want := range map[string][]string{
		"/":                                  {"Yesterday, Sunday 22 November", ">23:30:00</time>", "11 h ago", `<span class="muted">UTC</span>`},
		"/?tz=Europe/Kyiv":                   {"Today, Monday 23 November", ">01:30:00</time>", "UTC+2"},
		"/?tz=Asia/Kolkata":                  {"Today, Monday 23 November", ">05:00:00</time>", "UTC+5:30"},
		"/?tz=America/New_York":              {"Yesterday, Sunday 22 November", ">18:30:00</time>", "UTC-5"},
		"/events/" + e.ID + "?tz=Asia/Tokyo": {"Monday 23 November 2026, 08:30:00.000000005", "2026-11-22T23:30:00.000000005Z"},
	} {
		body := html.UnescapeString(get(h, target).Body.String())
		for _, part := range want {
			if !strings.Contains(body, part) {
				t.Errorf("GET %s lacks %q", target, part)
			}
		}
	}
}
