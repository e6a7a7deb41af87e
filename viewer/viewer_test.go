package viewer_test

import (
	"context"
	"errors"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/store/memory"
	"github.com/activitylog-go/activitylog/viewer"
	"github.com/activitylog-go/activitylog/viewer/internal/sample"
)

var (
	now   = time.Date(2026, 11, 23, 10, 44, 12, 418_123_456, time.UTC)
	clock = viewer.WithClock(func() time.Time { return now })
	quiet = viewer.WithLogger(slog.New(slog.DiscardHandler))
)

func newStore(t testing.TB, events []activitylog.Event) *memory.Store {
	t.Helper()
	s := memory.NewWithClock(func() time.Time { return now })
	if _, err := s.Append(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	return s
}

func newViewer(t testing.TB, events []activitylog.Event) http.Handler {
	return viewer.New(newStore(t, events), clock, quiet)
}

func get(h http.Handler, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
	return w
}

// A down store does not answer.
type down struct{ store.Store }

func (down) List(context.Context, store.Query) (store.Page, error) {
	return store.Page{}, errors.New("dial db.internal: connection refused")
}

func (down) Get(context.Context, string) (activitylog.Event, error) {
	return activitylog.Event{}, errors.New("dial db.internal: connection refused")
}

func TestErrors(t *testing.T) {
	events := sample.Events(now)
	up, broken := newViewer(t, events), viewer.New(down{}, quiet)
	tests := []struct {
		h              http.Handler
		method, target string
		status         int
		want           string // a part of the page
	}{
		{up, "GET", "/?q=actr:x", 400, `<u>actr</u>`},
		{up, "GET", "/?q=outcome:", 400, `aria-invalid="true"`},
		{up, "GET", "/?q=actor:%22x", 400, `The quote is not closed`},
		{up, "GET", "/?outcome=faliure", 400, `Did you mean <em>failure</em>`},
		{up, "GET", "/?limit=5", 400, `Unknown key`},
		{up, "GET", "/?tz=Mars/Olympus", 400, `Unknown time zone`},
		{up, "GET", "/?tz=Local", 400, `Unknown time zone`},
		{up, "GET", "/?q=%zz", 400, `address of this page is malformed`},
		{up, "GET", "/?cursor=nonsense", 400, `begin again from the newest`},
		{up, "GET", "/events/nonsense", 404, `There is no event with this id`},
		{up, "GET", "/events/", 404, `There is no such page`},
		{up, "GET", "/a/b/c", 404, `href="../../"`},
		{up, "GET", "/assets/viewer.css", 404, `There is no such page`},
		{up, "POST", "/", 405, `only read`},
		{broken, "GET", "/", 503, `delivers them afterwards`},
		{broken, "GET", "/events/x", 503, `Try again`},
		{broken, "GET", "/v1/events", 503, `{"error":`},
		{up, "GET", "/v1/nonsense", 404, `{"error":`},
	}
	for _, tt := range tests {
		w := httptest.NewRecorder()
		tt.h.ServeHTTP(w, httptest.NewRequest(tt.method, tt.target, nil))
		if body := w.Body.String(); w.Code != tt.status || !strings.Contains(body, tt.want) || strings.Contains(body, "db.internal") {
			t.Errorf("%s %s = %d, want %d with %s and without the cause:\n%s", tt.method, tt.target, w.Code, tt.status, tt.want, body)
		}
		if !strings.HasPrefix(tt.target, "/v1") {
			checkHTML(t, tt.target, w.Body.String())
		}
	}
}

// TestHead checks that HEAD has the status of GET and no body.
func TestHead(t *testing.T) {
	h := newViewer(t, sample.Events(now))
	for _, target := range []string{"/", "/?q=actr:x", "/nowhere", "/events/" + sample.Events(now)[0].ID} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("HEAD", target, nil))
		if want := get(h, target).Code; w.Code != want || w.Body.Len() != 0 {
			t.Errorf("HEAD %s = %d with %d bytes, want %d without", target, w.Code, w.Body.Len(), want)
		}
	}
}

func TestHeaders(t *testing.T) {
	h := newViewer(t, sample.Events(now))
	for _, target := range []string{"/", "/?q=actr:x", "/nowhere", "/events/" + sample.Events(now)[0].ID} {
		header := get(h, target).Header()
		for name, want := range map[string]string{
			"Cache-Control":           "no-store",
			"Content-Type":            "text/html; charset=utf-8",
			"Referrer-Policy":         "no-referrer",
			"X-Content-Type-Options":  "nosniff",
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("GET %s has %s %q, want %q", target, name, got, want)
			}
		}
	}
}

// TestConditional checks what the script relies on: nothing new is 304, also
// when time has passed; something new is not.
func TestConditional(t *testing.T) {
	s := newStore(t, sample.Events(now))
	at := now
	h := viewer.New(s, quiet, viewer.WithClock(func() time.Time { return at }))
	ask := func(etag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("If-None-Match", etag)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	etag := ask("").Header().Get("ETag")
	at = at.Add(time.Minute)
	if w := ask(etag); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("nothing new: %d, want 304", w.Code)
	}
	if _, err := s.Append(t.Context(), []activitylog.Event{sample.Event(0, at)}); err != nil {
		t.Fatal(err)
	}
	if w := ask(etag); w.Code != http.StatusOK || w.Header().Get("ETag") == etag {
		t.Errorf("a new event: %d with ETag %s, want 200 with another", w.Code, w.Header().Get("ETag"))
	}
	etag = ask("").Header().Get("ETag")
	at = at.Add(24 * time.Hour)
	if w := ask(etag); w.Code != http.StatusOK {
		t.Errorf("a new day, when today is yesterday: %d, want 200", w.Code)
	}
}

func TestAssets(t *testing.T) {
	h := newViewer(t, nil)
	links := regexp.MustCompile(`(?:href|src)="\./(assets/[^"#]+)`).FindAllStringSubmatch(get(h, "/").Body.String(), -1)
	seen := map[string]bool{}
	for _, link := range links {
		seen[filepath.Ext(link[1])] = true
		w := get(h, "/"+link[1])
		if w.Code != 200 || w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || w.Header().Get("Content-Type") == "" {
			t.Errorf("GET %s = %d %v", link[1], w.Code, w.Header())
		}
	}
	if !seen[".css"] || !seen[".js"] || !seen[".svg"] {
		t.Errorf("the page loads %v, want a style sheet, a script and an icon", seen)
	}
}

// TestPages follows Older to the end while events arrive.
func TestPages(t *testing.T) {
	var events []activitylog.Event
	for i := range 120 {
		events = append(events, sample.Event(i, now.Add(-time.Duration(i)*time.Second)))
	}
	s := newStore(t, events)
	h := viewer.New(s, clock, quiet)
	seen := map[string]int{}
	older := regexp.MustCompile(`<a href="\./([^"]*)" rel="next">Older</a>`)
	ids := regexp.MustCompile(`data-id="([^"]+)"`)
	for target, n := "/?q=service:payments-api", 0; target != "" && n < 20; n++ {
		body := get(h, target).Body.String()
		for _, id := range ids.FindAllStringSubmatch(body, -1) {
			seen[id[1]]++
		}
		target = ""
		if next := older.FindStringSubmatch(body); next != nil {
			target = "/" + html.UnescapeString(next[1])
		}
		if _, err := s.Append(t.Context(), []activitylog.Event{sample.Event(500+n, now.Add(time.Duration(n)*time.Second))}); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range events {
		if seen[e.ID] != 1 {
			t.Errorf("event %s was listed %d times, want once", e.ID, seen[e.ID])
		}
	}
}

// TestPrefix walks from the list under a prefix by its own links.
func TestPrefix(t *testing.T) {
	mux := http.NewServeMux()
	h := http.StripPrefix("/our/audit", newViewer(t, sample.Events(now)))
	mux.Handle("/our/audit", h)
	mux.Handle("/our/audit/", h)
	server := httptest.NewServer(mux)
	defer server.Close()

	seen := map[string]bool{}
	queue := []string{server.URL + "/our/audit", server.URL + "/our/audit/a/b"}
	links := regexp.MustCompile(`(?:href|src|action)="([^"]*)"`)
	for len(queue) > 0 && len(seen) < 150 {
		at := queue[0]
		queue = queue[1:]
		answer, err := server.Client().Get(at)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode != 200 && !strings.HasSuffix(at, "/a/b") {
			t.Errorf("GET %s = %d", at, answer.StatusCode)
		}
		if !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, link := range links.FindAllStringSubmatch(string(body), -1) {
			to, err := answer.Request.URL.Parse(html.UnescapeString(link[1]))
			if err != nil {
				t.Fatalf("%s links to %q: %v", at, link[1], err)
			}
			to.Fragment = ""
			if !strings.HasPrefix(to.Path, "/our/audit/") {
				t.Errorf("%s links to %s, out of the prefix", at, to)
			}
			if !seen[to.String()] {
				seen[to.String()] = true
				queue = append(queue, to.String())
			}
		}
	}
	if len(seen) < 150 {
		t.Errorf("found %d links only", len(seen))
	}
}

// TestCanonical checks that equal questions get one URL.
func TestCanonical(t *testing.T) {
	h := newViewer(t, sample.Events(now))
	long := strings.Repeat("x", query.MaxText*2/3)
	tests := []struct{ asked, want string }{
		{"/", ""},
		{"/?q=actor:usr_ann", ""},
		{"/?q=actor:usr_ann+last:7d&tz=Europe/Kyiv", ""},
		{"/?q=", "./"},
		{"/?tz=UTC", "./"},
		{"/?actor=usr_ann", "./?q=actor:usr_ann"},
		{"/?actor=&event=&outcome=denied&outcome=failure&q=actor%3Ausr_ann", "./?q=actor:usr_ann+outcome:denied,failure"},
		{"/?q=outcome:denied+actor:usr_ann", "./?q=actor:usr_ann+outcome:denied"},
		{"/?q=last:24h+actor:usr_ann", "./?q=actor:usr_ann+last:24h"},
		{"/?q=actor:usr_ann&event=org.member:*&tz=Europe/Kyiv", "./?q=actor:usr_ann+event:org.member:*&tz=Europe/Kyiv"},
		{"/?after=2026-11-23T10:00&tz=Europe/Kyiv", "./?q=after:2026-11-23T08:00:00Z&tz=Europe/Kyiv"},
		{"/?q=actor:%22x+last:24h+y%22", ""},          // not a time
		{"/?q=actor:" + long + "&target=" + long, ""}, // together longer than a query may be
		{"/?actor=%22Ann+Lee%22", "./?q=actor:%22Ann+Lee%22"},
	}
	for _, tt := range tests {
		w := get(h, tt.asked)
		status := http.StatusOK
		if tt.want != "" {
			status = http.StatusSeeOther
		}
		if got := w.Header().Get("Location"); got != tt.want || w.Code != status {
			t.Errorf("GET %s = %d to %q, want to %q", tt.asked, w.Code, got, tt.want)
		}
	}
}

// TestSentences checks that an event that says nothing is put into words.
func TestSentences(t *testing.T) {
	ann := activitylog.Actor{ID: "usr_ann", Type: activitylog.User, Name: "Ann Lee"}
	bob := []activitylog.Target{{Type: "member", ID: "usr_bob", Name: "Bob Ito"}}
	for want, e := range map[string]activitylog.Event{
		"<b>Ann Lee</b> invited": {Code: "org.member:invited", Actor: ann, Targets: bob},
		"<b>Bob Ito</b>":         {Code: "org.member:invited", Actor: ann, Targets: bob},
		"Denied 403":             {Code: "org.member:invited", Actor: ann, Outcome: activitylog.Denied, HTTP: activitylog.HTTP{Status: 403}},
		"Failed 500":             {Code: "org.member:invited", Actor: ann, Outcome: activitylog.Failure, HTTP: activitylog.HTTP{Status: 500}},
		"Unknown outcome":        {Code: "org.member:invited", Actor: ann, Outcome: activitylog.Unknown},
		"As Is":                  {Code: "org.member:invited", Actor: ann, Summary: "As Is"},
	} {
		e.ID, e.Time = activitylog.NewID(), now
		h := newViewer(t, []activitylog.Event{e})
		for _, target := range []string{"/", "/events/" + e.ID} {
			if body := get(h, target).Body.String(); !strings.Contains(body, want) {
				t.Errorf("GET %s lacks %q:\n%s", target, want, body)
			}
		}
	}
}
