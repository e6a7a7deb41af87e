package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/api"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/store/memory"
)

var (
	noon  = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	quiet = api.WithLogger(slog.New(slog.DiscardHandler))
)

// newEvent returns the n-th event: each is a minute younger than the one before.
func newEvent(n int) activitylog.Event {
	return activitylog.Event{
		ID:      fmt.Sprintf("019aa000-0000-7000-8000-%012x", n),
		Time:    noon.Add(time.Duration(n-100) * time.Minute),
		Code:    "org.member:updated",
		Summary: fmt.Sprintf("Ann Lee updated member %d", n),
		Outcome: activitylog.Success,
		Tenant:  []string{"acme", "globex"}[n%2],
		Actor:   activitylog.Actor{ID: "usr_ann", Type: activitylog.User, Name: "Ann Lee"},
		Targets: []activitylog.Target{{Type: "member", ID: fmt.Sprintf("usr_%d", n)}},
	}
}

func newStore(t testing.TB, n int) store.Store {
	t.Helper()
	s := memory.New()
	for i := range n {
		add(t, s, newEvent(i))
	}
	return s
}

func add(t testing.TB, s store.Store, events ...activitylog.Event) {
	t.Helper()
	if _, err := s.Append(t.Context(), events); err != nil {
		t.Fatal(err)
	}
}

func get(h http.Handler, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
	return w
}

type page struct {
	Events []activitylog.Event `json:"events"`
	Next   string              `json:"next"`
}

func getPage(t testing.TB, h http.Handler, target string) page {
	t.Helper()
	w := get(h, target)
	var p page
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusOK {
		t.Fatalf("GET %s = %d %s, %v", target, w.Code, w.Body, err)
	}
	return p
}

func TestList(t *testing.T) {
	h := api.New(newStore(t, 6), api.WithClock(func() time.Time { return noon }))
	tests := []struct {
		query string
		want  string // the ids of the targets
	}{
		{"", "usr_5 usr_4 usr_3 usr_2 usr_1 usr_0"},
		{"limit=2", "usr_5 usr_4"},
		{"q=target:usr_3", "usr_3"},
		{"target=usr_3", "usr_3"},
		{"target=usr_3&target=usr_1", "usr_3 usr_1"},
		{"target=usr_3,usr_1&tenant=globex", "usr_3 usr_1"},
		{"q=tenant:acme&target=usr_2", "usr_2"},
		{"q=tenant:acme&target=usr_3", ""},
		{"-tenant=acme&limit=1", "usr_5"},
		{"after=2026-11-23T10:24&before=2026-11-23T10:25", "usr_4"},
		{"after=2026-11-23T12:24&before=2026-11-23T12:25&tz=Europe/Kyiv", "usr_4"},
		{"last=97m", "usr_5 usr_4 usr_3"},
		{"actor=", "usr_5 usr_4 usr_3 usr_2 usr_1 usr_0"}, // a field of a form left empty
	}
	for _, tt := range tests {
		var got []string
		for _, e := range getPage(t, h, "/v1/events?"+tt.query).Events {
			got = append(got, e.Target().ID)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("?%s lists %q, want %q", tt.query, s, tt.want)
		}
	}
}

func TestListIsNeverNull(t *testing.T) {
	w := get(api.New(memory.New()), "/v1/events")
	if got, want := w.Body.String(), `{"events":[],"next":""}`; got != want {
		t.Errorf("an empty store lists %s, want %s", got, want)
	}
}

// TestPages follows next through a list while events are added at its head.
func TestPages(t *testing.T) {
	s := newStore(t, 25)
	h := api.New(s)
	seen := map[string]int{}
	for target, n := "/v1/events?limit=4&q=actor:usr_ann", 25; target != "" && n < 50; n++ {
		p := getPage(t, h, target)
		for _, e := range p.Events {
			seen[e.ID]++
		}
		add(t, s, newEvent(n))
		target = ""
		if p.Next != "" {
			target = "/v1/events?limit=4&q=actor:usr_ann&cursor=" + url.QueryEscape(p.Next)
		}
	}
	for n := range 25 {
		if id := newEvent(n).ID; seen[id] != 1 {
			t.Errorf("event %d was listed %d times, want once", n, seen[id])
		}
	}
}

func TestOne(t *testing.T) {
	h := api.New(newStore(t, 3))
	want := newEvent(1)
	w := get(h, "/v1/events/"+want.ID)
	var got activitylog.Event
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		t.Fatalf("GET = %d %s, %v", w.Code, w.Body, err)
	}
	if got.ID != want.ID || !got.Time.Equal(want.Time) || got.Summary != want.Summary || got.Tenant != want.Tenant {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestErrors(t *testing.T) {
	s := newStore(t, 3)
	h := api.New(s)
	next := getPage(t, h, "/v1/events?limit=1").Next
	tests := []struct {
		method, target string
		status         int
		want           string // a part of the body
	}{
		{"GET", "/v1/events?q=actr:ann", 400, `{"error":"unknown key","parameter":"q","at":[0,4],"did_you_mean":"actor"}`},
		{"GET", "/v1/events?q=outcome:faliure", 400, `"at":[8,15],"did_you_mean":"failure"`},
		{"GET", "/v1/events?outcome=faliure", 400, `"parameter":"outcome","at":[0,7],"did_you_mean":"failure"`},
		{"GET", "/v1/events?actr=ann", 400, `"parameter":"actr","did_you_mean":"actor"`},
		{"GET", "/v1/events?limt=5", 400, `"parameter":"limt","did_you_mean":"limit"`},
		{"GET", "/v1/events?limit=0", 400, `"parameter":"limit"`},
		{"GET", "/v1/events?limit=1001", 400, `from 1 to 1000`},
		{"GET", "/v1/events?limit=ten", 400, `not \"ten\"`},
		{"GET", "/v1/events?limit=1&limit=2", 400, `limit is given 2 times`},
		{"GET", "/v1/events?tz=Mars/Olympus", 400, `"parameter":"tz"`},
		{"GET", "/v1/events?tz=Local", 400, `"parameter":"tz"`},
		{"GET", "/v1/events?cursor=nonsense", 400, `"parameter":"cursor"`},
		{"GET", "/v1/events?q=tenant:acme&cursor=" + url.QueryEscape(next), 400, `"parameter":"cursor"`},
		{"GET", "/v1/events?q=%zz", 400, `malformed URL query`},
		{"GET", "/v1/events?q=a;b", 400, `malformed URL query`},
		{"GET", "/v1/events/" + newEvent(1).ID + "?x=1", 400, `takes no parameters`},
		{"GET", "/v1/events/" + newEvent(9).ID, 404, `event not found`},
		{"GET", "/v1/events/nonsense", 404, `event not found`},
		{"GET", "/v1/events/", 404, `no such page`},
		{"GET", "/v1", 404, `no such page`},
		{"GET", "/", 404, `no such page`},
		{"POST", "/v1/events", 405, `only read`},
		{"DELETE", "/v1/events/" + newEvent(1).ID, 405, `only read`},
		{"POST", "/nowhere", 404, `no such page`},
	}
	for _, tt := range tests {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(tt.method, tt.target, nil))
		if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.want) {
			t.Errorf("%s %s = %d %s, want %d with %s", tt.method, tt.target, w.Code, w.Body, tt.status, tt.want)
		}
		if got := w.Header().Get("Content-Type"); got != "application/json; charset=utf-8" {
			t.Errorf("%s %s has Content-Type %q", tt.method, tt.target, got)
		}
		if got := w.Header().Get("Allow"); (got == "GET, HEAD") != (tt.status == 405) {
			t.Errorf("%s %s has Allow %q", tt.method, tt.target, got)
		}
	}
}

// A down store answers with an error that says where it lives.
type down struct{ store.Store }

func (down) List(context.Context, store.Query) (store.Page, error) {
	return store.Page{}, errors.New("dial db.internal: connection refused")
}

func (down) Get(context.Context, string) (activitylog.Event, error) {
	return activitylog.Event{}, errors.New("dial db.internal: connection refused")
}

func TestStoreDown(t *testing.T) {
	var logged strings.Builder
	h := api.New(down{}, api.WithLogger(slog.New(slog.NewTextHandler(&logged, nil))))
	for _, target := range []string{"/v1/events", "/v1/events/x"} {
		w := get(h, target)
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
			t.Errorf("GET %s = %d, Retry-After %q, want 503 with one", target, w.Code, w.Header().Get("Retry-After"))
		}
		if strings.Contains(w.Body.String(), "db.internal") {
			t.Errorf("GET %s shows where the store is: %s", target, w.Body)
		}
	}
	if n := strings.Count(logged.String(), "db.internal"); n != 2 {
		t.Errorf("the cause was logged %d times, want 2:\n%s", n, &logged)
	}
}

func TestConditional(t *testing.T) {
	s := newStore(t, 3)
	h := api.New(s)
	for _, target := range []string{"/v1/events?limit=1", "/v1/events/" + newEvent(1).ID, "/v1/openapi.json"} {
		first := get(h, target)
		etag := first.Header().Get("ETag")
		r := httptest.NewRequest("GET", target, nil)
		r.Header.Set("If-None-Match", etag)
		again := httptest.NewRecorder()
		h.ServeHTTP(again, r)
		if etag == "" || again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("GET %s with If-None-Match %s = %d with %d bytes, want 304 without", target, etag, again.Code, again.Body.Len())
		}

		head := httptest.NewRecorder()
		h.ServeHTTP(head, httptest.NewRequest("HEAD", target, nil))
		if head.Code != 200 || head.Body.Len() != 0 || head.Header().Get("ETag") != etag ||
			head.Header().Get("Content-Length") != fmt.Sprint(first.Body.Len()) {
			t.Errorf("HEAD %s = %d %v, want the headers of GET without a body", target, head.Code, head.Header())
		}
	}

	before := get(h, "/v1/events").Header().Get("ETag")
	add(t, s, newEvent(3))
	if after := get(h, "/v1/events").Header().Get("ETag"); after == before {
		t.Error("a new event leaves the ETag of the list as it was")
	}
}

func TestHeaders(t *testing.T) {
	h := api.New(newStore(t, 1))
	for _, target := range []string{"/v1/events", "/v1/events/x", "/nowhere"} {
		header := get(h, target).Header()
		for name, want := range map[string]string{
			"Cache-Control":           "no-store",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
			"Referrer-Policy":         "no-referrer",
			"X-Content-Type-Options":  "nosniff",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("GET %s has %s %q, want %q", target, name, got, want)
			}
		}
	}
}

func TestPrefix(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("/audit/", http.StripPrefix("/audit", api.New(newStore(t, 2))))
	server := httptest.NewServer(mux)
	defer server.Close()
	answer, err := server.Client().Get(server.URL + "/audit/v1/events?limit=1")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != 200 || !strings.Contains(string(body), newEvent(1).ID) {
		t.Errorf("GET under a prefix = %d %s", answer.StatusCode, body)
	}
}

// FuzzList checks that no parameters make the API panic, fail or answer with
// an empty list what it did not understand.
func FuzzList(f *testing.F) {
	for _, seed := range []string{"", "q=actor:ann", "limit=1&tz=UTC", "q=%ff", "cursor=x", "a=b&a=c", "q=last:1d&last=1h", "tz=../../etc/passwd"} {
		f.Add(seed)
	}
	h := api.New(newStore(f, 3), quiet)
	f.Fuzz(func(t *testing.T, rawQuery string) {
		r := httptest.NewRequest("GET", "/v1/events", nil)
		r.URL.RawQuery = rawQuery
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		switch w.Code {
		case 200:
			var p page
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Events == nil {
				t.Fatalf("?%s: %s, %v", rawQuery, w.Body, err)
			}
		case 400:
			var e api.Error
			if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil || e.Message == "" {
				t.Fatalf("?%s: %s, %v", rawQuery, w.Body, err)
			}
		default:
			t.Fatalf("?%s = %d %s", rawQuery, w.Code, w.Body)
		}
	})
}
