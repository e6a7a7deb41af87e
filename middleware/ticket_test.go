package middleware_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
)

const deferring = `version: 1
catalogue: none
tenant: {path: org}
events:
  payout:made:
    sentence: "{actor} made payout {target}"
  refund:made: {}
routes:
  POST /orgs/{org}/payouts:
    cases:
      - {when: {request: {/kind: refund}}, code: refund:made}
      - {code: payout:made}
    target: {type: payout, id: request./ref}
  POST /orgs/{org}/payouts/bulk:
    each: request
    code: payout:made
    target: {type: payout, id: item}
  POST /orgs/{org}/notes: {ignore: nobody's business}
`

func byAnn(*http.Request) activitylog.Actor { return activitylog.Actor{ID: "usr_1", Name: "Ann Lee"} }

// deferrer is a handler that hands a ticket on and then answers.
func deferrer(status int, tickets chan<- activitylog.Ticket) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		tickets <- activitylog.From(r.Context()).Defer()
		w.WriteHeader(status)
	}
}

// TestDefer follows work from the request to its end in a worker with another
// version of the mapping.
func TestDefer(t *testing.T) {
	later := parse(t, strings.ReplaceAll(deferring, "payout:made:", "payout:paid:\n    aliases: [\"payout:made\"]"))
	wrapped := func(next http.Handler) http.Handler { // hides the pattern that the mux finds
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r.WithContext(r.Context())) })
	}
	for _, tt := range []struct {
		name, path, body string
		status           int
		worker           *mapping.Mapping
		own, end         string // of the request, of the work's end
	}{
		{"accepted", "/orgs/acme/payouts", `{"ref":"po_1"}`, 202, nil,
			"payout:made unknown acme usr_1 po_1", "payout:made success acme usr_1 po_1: Ann Lee made payout po_1"},
		{"the mapping has changed", "/orgs/acme/payouts", `{"ref":"po_1"}`, 202, later,
			"payout:made unknown acme usr_1 po_1", "payout:paid success acme usr_1 po_1: Ann Lee made payout po_1"},
		{"a case that looks at the body", "/orgs/acme/payouts", `{"ref":"po_1","kind":"refund"}`, 202, nil,
			"refund:made unknown acme usr_1 po_1", "refund:made success acme usr_1 po_1: Ann Lee made refund of po_1"},
		{"failed after all", "/orgs/acme/payouts", `{"ref":"po_1"}`, 503, nil,
			"payout:made failure acme usr_1 po_1", "payout:made success acme usr_1 po_1: Ann Lee made payout po_1"},
		{"several at once", "/orgs/acme/payouts/bulk", `["po_1","po_2"]`, 202, nil,
			"payout:made unknown acme usr_1 po_1, payout:made unknown acme usr_1 po_2", "payout:made success acme usr_1 : Ann Lee made payout"},
		{"no event", "/orgs/acme/notes", `{}`, 202, nil, "", ""},
	} {
		for name, order := range map[string]struct {
			options func(*http.ServeMux) []middleware.Option
			wrap    func(http.Handler) http.Handler
		}{
			"plain": {func(*http.ServeMux) []middleware.Option { return nil }, func(h http.Handler) http.Handler { return h }},
			"with a middleware between": {func(mux *http.ServeMux) []middleware.Option {
				return []middleware.Option{middleware.WithServeMux(mux)}
			}, wrapped},
		} {
			t.Run(tt.name+", "+name, func(t *testing.T) {
				rec, m, tickets := new(activitylogtest.Recorder), parse(t, deferring), make(chan activitylog.Ticket, 1)
				mux := http.NewServeMux()
				for _, route := range []string{"/orgs/{org}/payouts", "/orgs/{org}/payouts/bulk", "/orgs/{org}/notes"} {
					mux.HandleFunc("POST "+route, deferrer(tt.status, tickets))
				}
				options := append(order.options(mux), middleware.WithLoggerProvider(rec), middleware.WithActor(byAnn))
				s := serve(t, middleware.New(m, options...)(order.wrap(mux)))
				resp, err := s.Client().Post(s.URL+tt.path, "application/json", strings.NewReader(tt.body))
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
				s.Close()
				own := rec.Events()
				var lines []string
				for _, e := range own {
					lines = append(lines, fmt.Sprintf("%s %s %s %s %s", e.Code, e.Outcome, e.Tenant, e.Actor.ID, e.Target().ID))
				}
				if got := strings.Join(lines, ", "); got != tt.own {
					t.Errorf("the request: %s, want %s", got, tt.own)
				}

				rec.Reset()
				worker := m
				if tt.worker != nil {
					worker = tt.worker
				}
				if err := worker.Complete(t.Context(), rec.Logger("worker"), <-tickets, activitylog.Event{}); err != nil {
					t.Fatal(err)
				}
				if tt.end == "" {
					activitylogtest.ExpectNone(t, rec)
					return
				}
				e := only(t, rec)
				if got := fmt.Sprintf("%s %s %s %s %s: %s", e.Code, e.Outcome, e.Tenant, e.Actor.ID, e.Target().ID, e.Summary); got != tt.end {
					t.Errorf("the end: %s, want %s", got, tt.end)
				}
				for _, of := range own {
					if attributeOf(e, activitylog.AttrOperation) == "" || attributeOf(e, activitylog.AttrOperation) != attributeOf(of, activitylog.AttrOperation) ||
						e.Source.RequestID == "" || e.Source.RequestID != of.Source.RequestID || e.ID == of.ID {
						t.Errorf("nothing joins %+v and %+v", of, e)
					}
				}
			})
		}
	}
}

// TestDeferRace checks that work may end before its request does, and that
// tickets may be taken in any goroutine, also when it is too late.
func TestDeferRace(t *testing.T) {
	rec, m := new(activitylogtest.Recorder), parse(t, deferring)
	done := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orgs/{org}/payouts", func(w http.ResponseWriter, r *http.Request) {
		d := activitylog.From(r.Context())
		first := make(chan struct{})
		go func() {
			defer close(done)
			if err := m.Complete(t.Context(), rec.Logger("worker"), d.Defer(), activitylog.Event{}); err != nil {
				t.Error(err)
			}
			close(first)
			for range 1000 {
				d.Defer()
			}
		}()
		io.Copy(io.Discard, r.Body)
		<-first
		w.WriteHeader(202)
	})
	s := serve(t, middleware.New(m, middleware.WithLoggerProvider(rec), middleware.WithActor(byAnn),
		middleware.WithRequestID(middleware.FromHeader("X-Request-ID")))(mux))
	if status := do(t, s, "POST", "/orgs/acme/payouts", "X-Request-ID", "req_7"); status != 202 {
		t.Fatal(status)
	}
	events := await(t, rec, 2)
	<-done
	if len(events) != 2 || events[0].Outcome != activitylog.Success || events[1].Outcome != activitylog.Unknown {
		t.Fatalf("%+v", events)
	}
	for _, e := range events {
		if e.Source.RequestID != "req_7" || attributeOf(e, activitylog.AttrOperation) != attributeOf(events[0], activitylog.AttrOperation) {
			t.Errorf("the request id is %q, the operation %q", e.Source.RequestID, attributeOf(e, activitylog.AttrOperation))
		}
	}
}

// TestDeferAtTheEnd takes tickets while requests end whose rule is found, or
// given up, only then.
func TestDeferAtTheEnd(t *testing.T) {
	for _, tt := range []struct{ method, override string }{{"GET", "GET"}, {"POST", "DELETE"}} {
		rec := new(activitylogtest.Recorder)
		mux := http.NewServeMux()
		var running sync.WaitGroup
		mux.HandleFunc("/orgs/{org}/members", func(w http.ResponseWriter, r *http.Request) {
			d, began := activitylog.From(r.Context()), make(chan struct{})
			running.Go(func() {
				for i := range 200 {
					if ticket := d.Defer(); tt.method == "GET" && ticket != "" {
						t.Errorf("a request that reads has the ticket %s", ticket)
					}
					if i == 0 {
						close(began)
					}
				}
			})
			<-began
		})
		h := middleware.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithActor(byAnn), middleware.WithServeMux(mux),
			middleware.WithAccess("", 0))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Method = tt.override
			mux.ServeHTTP(w, r)
		}))
		for range 20 {
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(tt.method, "/orgs/acme/members", nil))
		}
		running.Wait()
	}
}

// TestTicketTells checks that a ticket tells no more than the event would.
func TestTicketTells(t *testing.T) {
	rec, tickets := new(activitylogtest.Recorder), make(chan activitylog.Ticket, 1)
	m := parse(t, "version: 1\nroutes:\n  POST /invitations/{token}/accept: {code: invitation:accepted, changes: {from: request}}\n")
	mux := http.NewServeMux()
	mux.HandleFunc("POST /invitations/{token}/accept", deferrer(202, tickets))
	s := serve(t, middleware.New(m, middleware.WithLoggerProvider(rec))(mux))
	do(t, s, "POST", "/invitations/hunter2/accept?q=hunter2", "Authorization", "Bearer hunter2", "Cookie", "a=hunter2", "User-Agent", "hunter2")
	if ticket := <-tickets; strings.Contains(string(ticket), "hunter2") || !json.Valid([]byte(ticket)) {
		t.Errorf("the ticket is %s", ticket)
	}
}

// TestReplay checks that a request that was answered before is counted and is
// no event, whoever says so on the server's side, and nobody on the client's.
func TestReplay(t *testing.T) {
	const header = "Idempotent-Replayed"
	mark := func(w http.ResponseWriter, r *http.Request) { activitylog.From(r.Context()).MarkReplay() }
	answer := func(value string, status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set(header, value)
			w.WriteHeader(status)
		}
	}
	for _, tt := range []struct {
		name    string
		handler http.HandlerFunc
		option  string
		events  int64
	}{
		{"marked", mark, "", 0},
		{"marked by one of two", mark, header, 0},
		{"the response says so", answer("true", 201), header, 0},
		{"the response says so, in another case", answer("True", 200), "idempotent-replayed", 0},
		{"a failure that is told again", answer("1", 500), header, 0},
		{"the response says no", answer("false", 201), header, 1},
		{"the response says something else", answer("maybe", 201), header, 1},
		{"nobody asks the response", answer("true", 201), "", 1},
		{"the client says so", func(http.ResponseWriter, *http.Request) {}, header, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec, counted := new(activitylogtest.Recorder), newCounters()
			mux := http.NewServeMux()
			mux.HandleFunc("POST /orgs/{org}/members", tt.handler)
			s := serve(t, middleware.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithMeterProvider(counted),
				middleware.WithReplayHeader(tt.option))(mux))
			do(t, s, "POST", "/orgs/acme/members", header, "true", "Idempotency-Key", "k1")
			s.Close()
			got := counted.read(t)
			if n := int64(len(rec.Events())); n != tt.events || got["activitylog.requests.replayed"] != 1-tt.events {
				t.Errorf("%d events, want %d; counted %v", n, tt.events, got)
			}
		})
	}
}

// TestMultiStatus sends a bulk request over a real connection.
func TestMultiStatus(t *testing.T) {
	m := parse(t, `version: 1
routes:
  POST /payouts/bulk:
    each: request./payouts
    result: {in: response./results, by: /id, status: /status, reason: /error/message}
    code: payout:made
    target: {type: payout, id: item./id}
`)
	for _, tt := range []struct{ name, response, want string }{
		{"told", `{"results":[{"id":"b","status":422,"error":{"message":"no such bank"}},{"id":"a","status":201}]}`, "a success 201  | b failure 422 no such bank"},
		{"too long to be read", `{"results":[{"id":"a","status":201,"x":"` + strings.Repeat("x", 70_000) + `"}]}`, "a unknown 207  | b unknown 207 "},
	} {
		rec := new(activitylogtest.Recorder)
		mux := http.NewServeMux()
		mux.HandleFunc("POST /payouts/bulk", func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusMultiStatus)
			io.WriteString(w, tt.response)
		})
		s := serve(t, middleware.New(m, middleware.WithLoggerProvider(rec))(mux))
		resp, err := s.Client().Post(s.URL+"/payouts/bulk", "application/json", strings.NewReader(`{"payouts":[{"id":"a"},{"id":"b"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		s.Close()
		var got []string
		for _, e := range rec.Events() {
			got = append(got, fmt.Sprintf("%s %s %d %s", e.Target().ID, e.Outcome, e.HTTP.Status, e.Reason))
			if e.Outcome == activitylog.Unknown && (attributeOf(e, "unread.result") == "" || attributeOf(e, "unread.response") == "") {
				t.Errorf("%s: nothing says why it is not known: %v", tt.name, e.Attributes)
			}
		}
		if text := strings.Join(got, " | "); strings.TrimSpace(text) != strings.TrimSpace(tt.want) {
			t.Errorf("%s: %s, want %s", tt.name, text, tt.want)
		}
	}
}

// TestLetInAllTheSame checks that a request that was let in is an access, also
// if nobody knows yet what became of it, or if it was a replay.
func TestLetInAllTheSame(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"deferred": func(w http.ResponseWriter, r *http.Request) {
			activitylog.From(r.Context()).Defer()
			w.WriteHeader(202)
		},
		"multi-status": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusMultiStatus) },
		"a replay":     func(_ http.ResponseWriter, r *http.Request) { activitylog.From(r.Context()).MarkReplay() },
	} {
		rec := new(activitylogtest.Recorder)
		mux := http.NewServeMux()
		mux.HandleFunc("POST /orgs/{org}/members", handler)
		s := serve(t, middleware.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithActor(byAnn), middleware.WithAccess("", 0))(mux))
		do(t, s, "POST", "/orgs/acme/members")
		s.Close()
		t.Run(name, func(t *testing.T) {
			e := activitylogtest.Expect(t, rec, activitylogtest.Code("org:accessed"), activitylogtest.Outcome(activitylog.Success))
			if len(e.Attributes) > 0 {
				t.Errorf("the access has what belongs to the request: %v", e.Attributes)
			}
		})
	}
}
