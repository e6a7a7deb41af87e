package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// visited is an API of which a client may read. What authenticates it says who
// the actor is; the header User is the credential.
func visited() *http.ServeMux {
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, r *http.Request) {
		if s := r.Header.Get("Status"); s != "" {
			status, _ := strconv.Atoi(s)
			w.WriteHeader(status)
		}
	}
	mux.HandleFunc("GET /orgs/{org}/members", answer)
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", answer)
	mux.HandleFunc("POST /orgs/{org}/members/search", answer)
	mux.HandleFunc("GET /me", func(_ http.ResponseWriter, r *http.Request) {
		activitylog.From(r.Context()).SetTenant("acme")
	})
	mux.HandleFunc("GET /quiet/orgs/{org}", func(_ http.ResponseWriter, r *http.Request) {
		activitylog.From(r.Context()).Suppress("a poll")
	})
	return mux
}

func identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		activitylog.From(r.Context()).SetActor(activitylog.Actor{ID: r.Header.Get("User")})
		next.ServeHTTP(w, r)
	})
}

func session(r *http.Request) string { return r.Header.Get("Session") }

// A visit is a request: "GET /me", with headers.
type visit struct {
	request string
	header  []string
}

func ann(request string, header ...string) visit {
	return visit{request, append([]string{"User", "ann"}, header...)}
}

func TestAccess(t *testing.T) {
	const list, change, search = "GET /orgs/acme/members", "PATCH /orgs/acme/members/bob", "POST /orgs/acme/members/search"
	sessions := middleware.WithSession(session)
	tests := []struct {
		name   string
		opts   []middleware.Option
		visits []visit
		want   string
	}{
		{"one actor", nil, []visit{ann(list), ann(list), ann(list)}, "org:accessed acme ann"},
		{"two actors", nil, []visit{ann(list), {list, []string{"User", "bob"}}, ann(list)}, "org:accessed acme ann; org:accessed acme bob"},
		{"two tenants", nil, []visit{ann(list), ann("GET /orgs/globex/members"), ann(list)}, "org:accessed acme ann; org:accessed globex ann"},
		{"nobody", nil, []visit{{list, nil}}, ""},
		{"a change is an access", nil, []visit{ann(change), ann(list), ann(change)}, "org:accessed acme ann; org.member:updated acme ann; org.member:updated acme ann"},
		{"a search is an access", nil, []visit{ann(search), ann(list)}, "org:accessed acme ann"},
		{"HEAD", nil, []visit{ann("HEAD /orgs/acme/members")}, "org:accessed acme ann"},
		{"OPTIONS", nil, []visit{ann("OPTIONS /orgs/acme/members")}, ""},
		{"not let in", nil, []visit{ann(list, "Status", "403"), ann(list, "Status", "302"), ann(list, "Status", "500"), ann(list, "Status", "304")}, "org:accessed acme ann"},
		{"suppressed", nil, []visit{ann("GET /quiet/orgs/acme")}, ""},
		{"no tenant", nil, []visit{ann("GET /nowhere")}, ""},
		{"the application says the tenant", nil, []visit{ann("GET /me"), ann("GET /me"), ann(list)}, "org:accessed acme ann"},
		{"a function says the tenant", []middleware.Option{middleware.WithTenant(func(*http.Request) string { return "t1" })}, []visit{ann(list), ann("GET /orgs/globex/members")}, "org:accessed t1 ann"},
		{"two sessions", []middleware.Option{sessions}, []visit{ann(list, "Session", "1"), ann(list, "Session", "2"), ann(list, "Session", "1")}, "org:accessed acme ann; org:accessed acme ann"},
		{"some without a session", []middleware.Option{sessions}, []visit{ann(list), ann(list), ann(list, "Session", "ann")}, "org:accessed acme ann; org:accessed acme ann"},
		{"a session that is refused first", []middleware.Option{sessions}, []visit{ann(list, "Session", "1", "Status", "401"), ann(list, "Session", "1")}, "org:accessed acme ann"},
		{"a code", []middleware.Option{middleware.WithAccess("team:entered", 0)}, []visit{ann(list)}, "team:entered acme ann"},
		{"window", []middleware.Option{middleware.WithAccess("", 90*time.Minute)}, []visit{ann(list), ann(list), ann(list), ann(list)}, "org:accessed acme ann; org:accessed acme ann"},
	}
	for _, tt := range tests {
		for _, knowing := range []bool{false, true} { // the route, before the handler
			t.Run(fmt.Sprintf("%s, knowing %v", tt.name, knowing), func(t *testing.T) {
				rec := new(activitylogtest.Recorder)
				meter := newCounters()
				mux := visited()
				now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
				opts := append([]middleware.Option{
					middleware.WithLoggerProvider(rec), middleware.WithMeterProvider(meter), middleware.WithAccess("", 0),
					middleware.WithClock(func() time.Time { return now }),
				}, tt.opts...)
				if knowing {
					opts = append(opts, middleware.WithServeMux(mux))
				}
				h := middleware.New(inferred(t), opts...)(identify(mux))
				for _, v := range tt.visits {
					method, path, _ := strings.Cut(v.request, " ")
					r := httptest.NewRequest(method, path, nil)
					for i := 0; i < len(v.header); i += 2 {
						r.Header.Set(v.header[i], v.header[i+1])
					}
					h.ServeHTTP(httptest.NewRecorder(), r)
					now = now.Add(50 * time.Minute)
				}
				var got []string
				for _, e := range rec.Events() {
					got = append(got, fmt.Sprintf("%s %s %s", e.Code, e.Tenant, e.Actor.ID))
				}
				if strings.Join(got, "; ") != tt.want {
					t.Errorf("events are\n%s, want\n%s", strings.Join(got, "; "), tt.want)
				}
				if n := meter.read(t); n["activitylog.requests.unrouted"]+n["activitylog.requests.unmapped"]+n["activitylog.events.suppressed"] != 0 {
					t.Errorf("counters are %v, want none of reads", n)
				}
			})
		}
	}
}

// TestAccessEvent looks at the event of an access.
func TestAccessEvent(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	m := parse(t, "version: 1\ntenant: {path: org}\n")
	h := middleware.New(m, middleware.WithLoggerProvider(rec), middleware.WithAccess("", 0), middleware.WithSession(session))(identify(visited()))
	do(t, serve(t, h), "GET", "/orgs/acme/members?token=hunter2", "User", "ann", "Session", "s1")
	e := only(t, rec)
	if e.Code != "org:accessed" || e.Outcome != activitylog.Success || e.Target() != (activitylog.Target{Type: "org", ID: "acme"}) || e.Source.SessionID != "s1" {
		t.Errorf("event is %+v", e)
	}
	if want := (activitylog.HTTP{Method: "GET", Route: "/orgs/{org}/members", Path: "/orgs/acme/members", Status: 200}); e.HTTP != want {
		t.Errorf("request is %+v, want %+v", e.HTTP, want)
	}
	if e.Summary != "ann accessed acme from 127.0.0.1" {
		t.Errorf("sentence is %q", e.Summary)
	}
}

// TestAccessOff checks that reads have no draft where nobody asks for accesses.
func TestAccessOff(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orgs/{org}", func(_ http.ResponseWriter, r *http.Request) {
		if activitylog.From(r.Context()) != nil {
			t.Error("the request passes through the recorder")
		}
	})
	middleware.New(inferred(t))(mux).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/orgs/acme", nil))
}

// TestAccessOfNoCode has a code that is none.
func TestAccessOfNoCode(t *testing.T) {
	heard := listen(t)
	rec := new(activitylogtest.Recorder)
	h := middleware.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithAccess("Accessed!", 0))(identify(visited()))
	do(t, serve(t, h), "GET", "/orgs/acme/members", "User", "ann")
	if e := only(t, rec); e.Code != "org:accessed" || len(heard.list()) != 1 || !strings.Contains(heard.list()[0], `WithAccess: code "Accessed!"`) {
		t.Errorf("event is %s, otel.Handle was told %q", e.Code, heard.list())
	}
}

// TestAccessesAreBounded has more sessions than are remembered: the oldest is
// forgotten and told of again, the youngest is not.
func TestAccessesAreBounded(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	h := middleware.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithAccess("", 0), middleware.WithSession(session))(identify(visited()))
	get := func(session int) {
		r := httptest.NewRequest("GET", "/orgs/acme/members", nil)
		r.Header.Set("User", "ann")
		r.Header.Set("Session", strconv.Itoa(session))
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	for i := range 10_001 {
		get(i)
	}
	get(10_000)
	get(1)
	if n := len(rec.Events()); n != 10_001 {
		t.Errorf("%d events, want 10001", n)
	}
	get(0)
	if n := len(rec.Events()); n != 10_002 {
		t.Errorf("%d events, want 10002", n)
	}
}

// TestKnownAccessDoesNotAllocate reads in a session that is known.
func TestKnownAccessDoesNotAllocate(t *testing.T) {
	const route = "GET /orgs/{org}/members"
	activity := middleware.New(inferred(t), middleware.WithLoggerProvider(new(activitylogtest.Recorder)),
		middleware.WithAccess("", 0), middleware.WithSession(session),
		middleware.WithActor(middleware.Always(activitylog.Actor{ID: "ann"})),
		middleware.WithRoute(func(*http.Request) string { return route }))
	h := activity(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := httptest.NewRequest("GET", "/orgs/acme/members", nil)
	r.Header.Set("Session", "s1")
	w := httptest.NewRecorder()
	if n := allocsOf(func() { h.ServeHTTP(w, r) }); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}
