package conformance_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// members are rules that look at both bodies.
const members = `routes:
  PATCH /orgs/{org}/members/{member}:
    cases:
      - {when: {request: {/status: inactive}}, code: org.member:deactivated}
      - {code: org.member:updated}
    target: {type: member, id: response./id, name: request./name}
`

const (
	inactive    = `{"status":"inactive","name":"Bob"}`
	deactivated = "org.member:deactivated success 200"
)

// digest reads the body to its end and answers, without a status, with all
// that it has seen of it.
func digest(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{
		"id": "usr_7", "sum": fmt.Sprintf("%x", sha256.Sum256(body)), "read": len(body),
		"err": fmt.Sprint(err), "declared": r.ContentLength, "coding": r.TransferEncoding, "trailer": r.Trailer,
	})
}

// unread expects what the event says of bodies that could not be read.
func unread(request, response string) func(*testing.T, activitylog.Event) {
	return func(t *testing.T, e activitylog.Event) {
		for name, want := range map[string]string{"unread.request": request, "unread.response": response} {
			if got := attributeOf(e, name); !strings.Contains(got, want) || (got == "") != (want == "") {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
	}
}

// attributeOf returns an attribute of an event as text, or "".
func attributeOf(e activitylog.Event, name string) string {
	for _, kv := range e.Attributes {
		if string(kv.Key) == name {
			return kv.Value.Emit()
		}
	}
	return ""
}

// read expects that both bodies could be read.
func read(t *testing.T, e activitylog.Event) {
	unread("", "")(t, e)
	targetIs("usr_7")(t, e)
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

var jsonType = []string{"Content-Type: application/json"}

// sent are bodies that clients send, and how far an event can know them.
func sent() []row {
	long := inactive[:len(inactive)-1] + `,"text":"` + strings.Repeat("x", 200_000) + `"}`
	expecting := []string{"Content-Type: application/json", "Expect: 100-continue"}
	all := []struct {
		name    string
		request request
		want    string
		unread  string
	}{
		{"JSON", request{header: jsonType, body: inactive}, deactivated, ""},
		{"JSON without a type", request{body: inactive}, deactivated, ""},
		{"chunked", request{header: jsonType, body: inactive, chunked: true}, deactivated, ""},
		{"asks whether to send it", request{header: expecting, body: inactive, waits: true}, deactivated, ""},
		{"asks whether to send it in chunks", request{header: expecting, body: inactive, waits: true, chunked: true}, deactivated, ""},
		{"followed by another request", request{header: jsonType, body: inactive, again: true}, deactivated, ""},
		{"empty", request{header: jsonType}, updated, ""},
		{"empty and chunked", request{header: jsonType, chunked: true}, updated, ""},
		{"multipart", request{header: []string{"Content-Type: multipart/form-data; boundary=x"}, body: "--x\r\nContent-Disposition: form-data; name=\"status\"\r\n\r\ninactive\r\n--x--\r\n"}, updated, "content type is not JSON"},
		{"form", request{header: []string{"Content-Type: application/x-www-form-urlencoded"}, body: "status=inactive"}, updated, "content type is not JSON"},
		{"compressed", request{header: []string{"Content-Type: application/json", "Content-Encoding: gzip"}, body: zipped(inactive)}, updated, "content encoding"},
		{"a bomb", request{header: []string{"Content-Type: application/json", "Content-Encoding: gzip"}, body: zipped(strings.Repeat(" ", 10<<20) + inactive)}, updated, "content encoding"},
		{"long", request{header: jsonType, body: long}, updated, "longer than 64 KiB"},
		{"long and chunked", request{header: jsonType, body: long, chunked: true}, updated, "longer than 64 KiB"},
		{"binary", request{header: []string{"Content-Type: application/octet-stream"}, body: "\x00\xff\xfe\x01"}, updated, "content type is not JSON"},
		{"binary that says JSON", request{header: jsonType, body: "\x00\xff\xfe\x01"}, updated, "not valid JSON"},
		{"invalid JSON", request{header: jsonType, body: `{"status":"inactive",}`}, updated, "not valid JSON"},
		{"JSON that is no UTF-8", request{header: jsonType, body: "{\"status\":\"inactive\",\"name\":\"\xff\"}"}, deactivated, ""},
		{"breaks off", request{header: jsonType, body: inactive[:20], cut: true}, updated, "broke off"},
		{"breaks off in chunks", request{header: jsonType, body: inactive[:20], cut: true, chunked: true}, updated, "broke off"},
		{"deep", request{header: jsonType, body: strings.Repeat("[", 20_000)}, updated, "JSON"},
		{"deep and valid", request{header: jsonType, body: `{"status":"inactive","name":"Bob","a":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}"}, deactivated, ""},
		{"many keys", request{header: jsonType, body: "{" + strings.Repeat(`"k":1,`, 9000) + `"status":"inactive"}`}, deactivated, ""},
		{"a number", request{header: jsonType, body: "7"}, updated, ""},
	}
	var rows []row
	for _, b := range all {
		r := row{name: "8 body: " + b.name, rules: members, request: b.request, handler: digest, want: b.want, check: read}
		if b.unread != "" {
			r.check = unread(b.unread, "")
		}
		if b.request.cut && b.request.chunked { // what HTTP/2 calls the end of a body without a length is its end
			r.but = map[string]string{"HTTP/2": updated}
			r.check = nil
		}
		rows = append(rows, r)
	}
	return rows
}

// answers returns a handler that reads the body and sends an answer of a type.
func answers(header, text string) http.HandlerFunc {
	name, value, _ := strings.Cut(header, ": ")
	return func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set(name, value)
		io.WriteString(w, text)
	}
}

var patch = request{header: jsonType, body: inactive}

// bodies: all of them reach the handler and the client as they are.
var bodies = slices.Concat(sent(), []row{
	{name: "8 body: half of it is read", rules: members, request: request{header: jsonType, body: inactive, again: true}, handler: func(w http.ResponseWriter, r *http.Request) {
		io.CopyN(w, r.Body, 10)
	}, want: updated, check: unread("did not read it whole", "not valid JSON")},
	{name: "8 body: refused with 401 before it is read", rules: members, request: request{header: []string{"Expect: 100-continue"}, body: inactive, waits: true},
		inside: []layer{refuse(401)}, handler: digest, want: denied + "401", but: hidden, check: unread("did not read it", "content type is not JSON")},
	{name: "8 body: refused by the handler before it is read", rules: members, request: request{header: []string{"Expect: 100-continue"}, body: inactive, waits: true},
		handler: writes(401), want: denied + "401", check: unread("did not read it", "not valid JSON")},
	{name: "8 body: put back by a layer that has read it", rules: members, request: patch, inside: []layer{func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			head := make([]byte, 5)
			n, _ := io.ReadFull(r.Body, head)
			r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(head[:n]), r.Body))
			next.ServeHTTP(w, r)
		})
	}}, handler: digest, want: deactivated, but: map[string]string{"ServeMux": updated}}, // its route is known too late
	{name: "8 body: echoed", rules: members, request: patch, handler: func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }, want: deactivated},
	{name: "8 body: a byte more than the handler takes", rules: members, request: patch, handler: tooLarge, except: toldToClose, want: "org.member:updated failure 413 413",
		check: unread("did not read it whole", "content type is not JSON")},
	{name: "8 body: a byte more than the handler takes, chunked", rules: members, request: request{body: inactive, chunked: true}, handler: tooLarge, except: toldToClose, want: "org.member:updated failure 413 413"},
	{name: "8 body: a byte more than a layer outside takes", rules: members, request: request{header: jsonType, body: inactive, again: true}, outside: []layer{func(h http.Handler) http.Handler { return http.MaxBytesHandler(h, 10) }},
		handler: refusesLong, want: "org.member:updated failure 413 413", check: unread("broke off", "content type is not JSON")},
	{name: "8 answer: compressed", rules: members, request: patch, handler: answers("Content-Encoding: gzip", zipped(`{"id":"usr_7"}`)), want: deactivated, check: unread("", "content encoding")},
	{name: "8 answer: a page", rules: members, request: patch, handler: answers("Content-Type: text/html", "<p>"), want: deactivated, check: unread("", "content type is not JSON")},
	{name: "8 answer: long", rules: members, request: patch, handler: answers("Content-Type: application/json", `"`+strings.Repeat("x", 200_000)+`"`), want: deactivated, check: unread("", "longer than 64 KiB")},
	{name: "8 answer: breaks off", rules: members, request: patch, handler: func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, `{"id":"us`)
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}, want: "org.member:deactivated failure 200 panic", check: unread("", "not valid JSON")},
	{name: "8 answer: byte by byte", rules: members, request: patch, handler: func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		for _, b := range []byte(`{"id":"usr_7"}`) {
			w.Write([]byte{b})
		}
	}, want: deactivated, check: read},
})

// toldToClose is what http.MaxBytesReader tells only net/http's own writer: to
// say that the connection ends. It is the one thing that a writer of another
// cannot do.
const toldToClose = "Connection: close\r\n"

// tooLarge takes ten bytes.
func tooLarge(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 10)
	refusesLong(w, r)
}

func refusesLong(w http.ResponseWriter, r *http.Request) {
	if _, err := io.ReadAll(r.Body); err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
	}
}

// TestMaxBytesReader shows the exception that package middleware admits: the
// connection of a request that is too long stays open.
func TestMaxBytesReader(t *testing.T) {
	r := request{body: inactive, again: true}
	a := app{routes: []string{route}, handler: tooLarge}
	bare, _ := exchange(t, serve(t, newServeMux(a)), request.overHTTP1, r)
	a.mapping, a.options = parse(t, ""), []middleware.Option{middleware.WithLoggerProvider(new(activitylogtest.Recorder))}
	with, _ := exchange(t, serve(t, newServeMux(a)), request.overHTTP1, r)
	if strings.HasSuffix(bare, "again") || !strings.HasSuffix(with, "again") {
		t.Errorf("the exception is not as it is told: the client gets\n%q\nwithout the middleware\n%q", with, bare)
	}
}

// payouts are rules for requests that do many things.
const payouts = `routes:
  POST /orgs/{org}/payouts/bulk:
    each: request./payouts
    result: {in: response./results, by: /id, status: /status}
    code: payout:processed
    target: {type: payout, id: item./id}
  POST /orgs/{org}/payouts/import:
    each: request./payouts
    code: payout:imported
    target: {type: payout, id: item./id}
`

// graphql are rules for a route that does everything.
const graphql = `routes:
  POST /orgs/{org}/graphql:
    cases: [{when: {request: {/operationName: RemoveMember}}, code: org.member:deleted}]
    result: {error: /errors, reason: /errors/0/message}
`

func reasonIs(want string) func(*testing.T, activitylog.Event) {
	return func(t *testing.T, e activitylog.Event) {
		if e.Reason != want {
			t.Errorf("reason is %q, want %q", e.Reason, want)
		}
	}
}

func post(path, body string) request {
	return request{method: "POST", path: path, header: jsonType, body: body}
}

const three = `{"payouts":[{"id":"1"},{"id":"2"},{"id":"3"}]}`

// actions: a request is not an action.
var actions = []row{
	{name: "9 action: three in a request", rules: payouts, routes: []string{"POST /orgs/{org}/payouts/import"}, request: post("/orgs/acme/payouts/import", three), handler: digest,
		want: "payout:imported success 200\npayout:imported success 200\npayout:imported success 200", check: targetIs("1", "2", "3")},
	{name: "9 action: three in a request, chunked", rules: payouts, routes: []string{"POST /orgs/{org}/payouts/import"},
		request: request{method: "POST", path: "/orgs/acme/payouts/import", body: three, chunked: true}, handler: digest,
		want: "payout:imported success 200\npayout:imported success 200\npayout:imported success 200", check: targetIs("1", "2", "3")},
	{name: "9 action: three in a request that cannot be read", rules: payouts, routes: []string{"POST /orgs/{org}/payouts/import"}, request: post("/orgs/acme/payouts/import", three[:20]), handler: digest,
		want: "payout:imported success 200"},
	{name: "9 action: three in a request that is refused", rules: payouts, routes: []string{"POST /orgs/{org}/payouts/import"}, request: post("/orgs/acme/payouts/import", three), inside: []layer{refuse(403)}, handler: digest,
		want: "payout:imported denied 403", but: hidden},
	{name: "9 action: 207, one of three failed", rules: payouts, routes: []string{"POST /orgs/{org}/payouts/bulk"}, request: post("/orgs/acme/payouts/bulk", three), handler: func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusMultiStatus)
		io.WriteString(w, `{"results":[{"id":"3","status":403},{"id":"1","status":201},{"id":"2","status":500}]}`)
	}, want: "payout:processed success 201\npayout:processed failure 500 500\npayout:processed denied 403", check: targetIs("1", "2", "3")},
	{name: "9 action: 207, and nobody says what became of what", handler: writes(207), want: "org.member:updated unknown 207"},
	{name: "9 action: GraphQL, 200 with errors", rules: graphql, routes: []string{"POST /orgs/{org}/graphql"}, request: post("/orgs/acme/graphql", `{"operationName":"RemoveMember"}`),
		handler: answers("Content-Type: application/json", `{"errors":[{"message":"no such member"}]}`), want: "org.member:deleted failure 200", check: reasonIs("no such member")},
	{name: "9 action: GraphQL, a query", rules: graphql, routes: []string{"POST /orgs/{org}/graphql"}, request: post("/orgs/acme/graphql", `{"operationName":"Members"}`), handler: digest},
	{name: "9 action: RPC, 200 and the handler knows better", handler: func(_ http.ResponseWriter, r *http.Request) {
		activitylog.From(r.Context()).SetOutcome(activitylog.Denied)
		activitylog.From(r.Context()).SetReason("not hers")
	}, want: "org.member:updated denied 200", check: reasonIs("not hers")},
	{name: "9 action: a replay", handler: func(w http.ResponseWriter, r *http.Request) {
		activitylog.From(r.Context()).MarkReplay()
		ok(w, r)
	}},
	{name: "9 action: a replay, by a header of the answer", options: replays, handler: answers("Idempotent-Replayed: true", "ok")},
	{name: "9 action: a replay, by a header of the request", options: replays, request: request{header: []string{"Idempotent-Replayed: true", "Idempotency-Key: 1"}}, handler: ok, want: updated},
	{name: "9 action: none, says the handler", handler: func(_ http.ResponseWriter, r *http.Request) {
		activitylog.From(r.Context()).Suppress("a dry run")
	}},
	{name: "9 action: accepted, and nothing more is known", handler: writes(202), want: "org.member:updated success 202"},
	{name: "9 action: accepted, to be done later", rules: "routes:\n  PATCH /orgs/{org}/members/{member}: {code: org.member:updated, operation: response./job}\n", handler: func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(202)
		io.WriteString(w, `{"job":"job_1"}`)
	}, want: "org.member:updated unknown 202", check: func(t *testing.T, e activitylog.Event) {
		if attributeOf(e, "operation.id") != "job_1" {
			t.Errorf("operation is %q", attributeOf(e, "operation.id"))
		}
	}},
	{name: "9 action: nothing changed", rules: "routes:\n  PATCH /orgs/{org}/members/{member}: {cases: [{when: {changed: [/role]}, code: org.member:role_changed}]}\n", handler: func(_ http.ResponseWriter, r *http.Request) {
		activitylog.From(r.Context()).AddChanges(activitylog.NewChange("/seen_at", 1, 2))
	}},
	{name: "9 action: something changed", rules: "routes:\n  PATCH /orgs/{org}/members/{member}: {cases: [{when: {changed: [/role]}, code: org.member:role_changed}]}\n", handler: func(_ http.ResponseWriter, r *http.Request) {
		activitylog.From(r.Context()).AddChange("/role", "viewer", "admin")
	}, want: "org.member:role_changed success 200"},
	{name: "9 action: a search by POST", routes: []string{"POST /orgs/{org}/members/search"}, request: post("/orgs/acme/members/search", "{}"), handler: digest},
	{name: "9 action: an action by POST", routes: []string{"POST /orgs/{org}/members/{member}/activate"}, request: post("/orgs/acme/members/bob/activate", "{}"), handler: digest, want: "org.member:activated success 200", check: targetIs("bob")},
}

var replays = []middleware.Option{middleware.WithReplayHeader("Idempotent-Replayed")}

// slow answers when nobody listens any more.
var slow = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	<-r.Context().Done()
	w.WriteHeader(201)
})

// override lets a header choose the method, as those layers do that serve
// HTML forms.
func override(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Method = r.Header.Get("X-HTTP-Method-Override")
		next.ServeHTTP(w, r)
	})
}

// overriding are the routers that look for the route behind their layers.
var overriding = []string{"ServeMux", "ServeMux told", "chi"}

var past = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)

const viewed = "routes:\n  GET /orgs/{org}/statements/{statement}: {code: statement:viewed}\n"

var statements = []string{"GET /orgs/{org}/statements/{statement}"}

var runnersUp = []row{
	{name: "R timeout: of the handler", handler: http.TimeoutHandler(slow, time.Millisecond, "late").ServeHTTP, want: "org.member:updated failure 503 503"},
	{name: "R timeout: in front of the router", inside: []layer{func(h http.Handler) http.Handler { return http.TimeoutHandler(slow, time.Millisecond, "late") }}, handler: ok,
		want: "org.member:updated failure 503 503", but: hidden},
	{name: "R method: HEAD of a route that is an event when read", rules: viewed, routes: statements, request: request{method: "HEAD", path: "/orgs/acme/statements/7"}, handler: ok},
	{name: "R method: GET of a route that is an event when read", rules: viewed, routes: statements, request: request{method: "GET", path: "/orgs/acme/statements/7"}, handler: ok, want: "statement:viewed success 200", check: targetIs("7")},
	{name: "R method: GET of a route that is none", rules: viewed, routes: []string{"GET /orgs/{org}"}, request: request{method: "GET", path: "/orgs/acme"}, handler: ok},
	{name: "R method: OPTIONS", handler: ok, request: request{method: "OPTIONS", header: []string{"Origin: https://a.example", "Access-Control-Request-Method: PATCH"}}},
	{name: "R method: that nobody knows", handler: ok, request: request{method: "BREW"}},
	{name: "R method: overridden in front of the middleware", routes: []string{"POST /orgs/{org}/members/{member}", "DELETE /orgs/{org}/members/{member}"}, outside: []layer{override}, routers: overriding,
		request: request{method: "POST", header: []string{"X-HTTP-Method-Override: DELETE"}}, handler: ok, want: "org.member:deleted success 200"},
	{name: "R method: overridden behind the middleware", routes: []string{"POST /orgs/{org}/members/{member}", "DELETE /orgs/{org}/members/{member}"}, inside: []layer{override}, routers: overriding,
		request: request{method: "POST", header: []string{"X-HTTP-Method-Override: DELETE"}}, handler: ok, want: "org.member:deleted success 200"},
	{name: "R clock: that stands still in 1970", options: []middleware.Option{middleware.WithClock(func() time.Time { return past })}, handler: ok, want: updated, check: func(t *testing.T, e activitylog.Event) {
		if !e.Time.Equal(past) {
			t.Errorf("the event is of %v", e.Time)
		}
	}},
}
