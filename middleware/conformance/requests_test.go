package conformance_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	chimiddleware "github.com/go-chi/chi/v5/middleware"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/middleware"
)

var ann = activitylog.Actor{ID: "usr_ann"}

func actorIs(id string) func(*testing.T, activitylog.Event) {
	return func(t *testing.T, e activitylog.Event) {
		want := activitylog.Anonymous
		if id != "" {
			want = activitylog.User
		}
		if e.Actor.ID != id || e.Actor.Type != want {
			t.Errorf("actor is %s %q, want %s %q", e.Actor.Type, e.Actor.ID, want, id)
		}
	}
}

func targetIs(ids ...string) func(*testing.T, activitylog.Event) {
	return func(t *testing.T, e activitylog.Event) {
		for _, id := range ids {
			if e.Target().ID == id {
				return
			}
		}
		t.Errorf("target is %q, want one of %q", e.Target().ID, ids)
	}
}

func inTenant(tenant, target string) func(*testing.T, activitylog.Event) {
	return func(t *testing.T, e activitylog.Event) {
		if e.Tenant != tenant || e.Target().ID != target {
			t.Errorf("tenant is %q, target %q, want %q, %q", e.Tenant, e.Target().ID, tenant, target)
		}
	}
}

// hidden are the events with a mux that answers, or leaves its route, in a
// request that the middleware has not seen: none, unless it is told of the mux.
var hidden = map[string]string{"ServeMux": ""}

// decoding are the routers that look at the path when it is unescaped: then it
// has a slash too many.
var decoding = map[string]string{"gin": "", "gorilla": ""}

// routesFound: the route is the template, wherever the router keeps it; what
// routers answer themselves is no event.
var routesFound = []row{
	{name: "5 route: found", handler: ok, want: updated, check: targetIs("bob")},
	{name: "5 route: none", handler: ok, request: request{path: "/nowhere/7"}},
	{name: "5 route: none, with a path like a code", handler: ok, request: request{path: "/org.member:updated"}},
	{name: "5 route: of another method", handler: ok, request: request{method: "DELETE"}},
	{name: "5 route: a read only", handler: ok, routes: []string{"GET /orgs/{org}"}, request: request{method: "DELETE", path: "/orgs/acme"}},
	{name: "5 route: with a slash at the end", handler: ok, request: request{path: "/orgs/acme/members/bob/"}, but: map[string]string{"echo": updated}}, // its last parameter takes all
	{name: "5 route: without its slash at the end", handler: ok, routes: []string{"POST /orgs/{org}/members/"}, request: request{method: "POST", path: "/orgs/acme/members"}},
	{name: "5 route: with a doubled slash", handler: ok, request: request{path: "/orgs//acme/members/bob"}},
	{name: "5 route: with dots", handler: ok, request: request{path: "/orgs/acme/x/../members/bob"}},
	{name: "5 route: a slash that is escaped", handler: ok, request: request{path: "/orgs/acme/members/a%2Fb"}, want: updated,
		but: decoding, check: targetIs("a/b")},
	{name: "5 route: a slash that is escaped, and refused", inside: []layer{refuse(401)}, handler: ok, request: request{path: "/orgs/acme/members/a%2Fb"}, want: denied + "401",
		but: map[string]string{"gin": "", "gorilla": "", "ServeMux": ""}, check: targetIs("a/b")},
	{name: "5 route: the rest of the path", routes: []string{"PUT /files/{path...}"}, handler: ok, request: request{method: "PUT", path: "/files/a/b.txt"}, want: "file:updated success 200", check: targetIs("a/b.txt")},
	{name: "5 route: like a template", handler: ok, request: request{path: "/orgs/{org}/members/{member}"}, want: updated, check: targetIs("{member}")},
	{name: "5 route: behind a copy of the request", inside: []layer{copies}, handler: ok, want: updated, but: hidden},
	{name: "5 route: behind two copies", inside: []layer{copies, copies}, handler: ok, want: updated, but: hidden},
	{name: "5 route: in front of a copy", outside: []layer{copies}, handler: ok, want: updated},
	{name: "5 route: mounted", prefix: "/api", rules: "strip_prefixes: [/api]\n", handler: ok, request: request{path: "/api/orgs/acme/members/bob"}, want: updated,
		check: func(t *testing.T, e activitylog.Event) {
			if e.HTTP.Path != "/api/orgs/acme/members/bob" || e.Target().ID != "bob" {
				t.Errorf("path is %q, target %q", e.HTTP.Path, e.Target().ID)
			}
		}},
	{name: "5 route: of another method, mounted", prefix: "/api", handler: ok, request: request{method: "DELETE", path: "/api/orgs/acme/members/bob"}},
	{name: "5 route: none, mounted", prefix: "/api", handler: ok, request: request{path: "/api/orgs/acme/nowhere"}},
	{name: "5 route: chi, a slash that is stripped further in", routers: []string{"chi"}, inside: []layer{chimiddleware.StripSlashes, copies}, handler: ok,
		request: request{path: "/orgs/acme/members/bob/"}, want: updated, check: targetIs("bob")},
	{name: "5 route: chi, a slash that is stripped further out", routers: []string{"chi"}, outside: []layer{chimiddleware.StripSlashes}, inside: []layer{copies}, handler: ok,
		request: request{path: "/orgs/acme/members/bob/"}, want: updated, check: targetIs("bob")},
	{name: "5 route: chi, cleaned further in", routers: []string{"chi"}, inside: []layer{chimiddleware.CleanPath, copies}, handler: ok,
		request: request{path: "/orgs//acme/x/../members/bob"}, want: updated, check: inTenant("acme", "bob")},
	{name: "5 route: gin, routed again", gin: func(r *gin.Engine) gin.HandlerFunc {
		return func(c *gin.Context) {
			if c.Param("member") == "ann" {
				c.Status(202)
				return
			}
			c.Request.URL.Path = "/orgs/acme/members/ann"
			r.HandleContext(c)
		}
	}, want: "org.member:updated success 202", check: targetIs("bob")},
}

// refuse returns a layer that stands for authentication, authorisation or a
// limit of the rate: it knows who asks, and refuses.
func refuse(status int) layer {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			activitylog.From(r.Context()).SetActor(ann)
			http.Error(w, "no", status)
		})
	}
}

// identify returns a layer that puts the actor into a context which the
// activity middleware never sees.
func identify(next http.Handler) http.Handler {
	type user struct{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), user{}, ann)
		activitylog.From(ctx).SetActor(ctx.Value(user{}).(activitylog.Actor))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func unreached(http.Handler) http.Handler {
	return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("reached") })
}

// identities: the middleware stands outside of those that know the actor.
var identities = []row{
	{name: "6 actor: nobody", handler: ok, want: updated, check: actorIs("")},
	{name: "6 actor: in a derived context", inside: []layer{identify}, handler: ok, want: updated, but: hidden, check: actorIs("usr_ann")},
	{name: "6 actor: by the handler, in a derived context", handler: func(_ http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		activitylog.From(ctx).SetActor(ann)
	}, want: updated, check: actorIs("usr_ann")},
	{name: "6 actor: refused with 401", inside: []layer{refuse(401), unreached}, handler: ok, want: denied + "401", but: hidden, check: actorIs("usr_ann")},
	{name: "6 actor: refused with 403", inside: []layer{refuse(403), unreached}, handler: ok, want: denied + "403", but: hidden, check: actorIs("usr_ann")},
	{name: "6 actor: refused with 429", inside: []layer{refuse(429), unreached}, handler: ok, want: denied + "429", but: hidden, check: actorIs("usr_ann")},
	{name: "6 actor: known, then refused further in", inside: []layer{identify, refuse(403)}, handler: ok, want: denied + "403", but: hidden, check: actorIs("usr_ann")},
	{name: "6 actor: in gin's context", gin: ginHandler(func(c *gin.Context) {
		activitylog.From(c).SetActor(ann)
		c.AbortWithStatus(403)
	}), want: denied + "403", check: actorIs("usr_ann")},
	{name: "6 actor: from what the handler left in the request", handler: func(_ http.ResponseWriter, r *http.Request) { r.Header.Set("X-Verified", "usr_ann") },
		options: []middleware.Option{middleware.WithActor(func(r *http.Request) activitylog.Actor { return activitylog.Actor{ID: r.Header.Get("X-Verified")} })},
		want:    updated, check: actorIs("usr_ann")},
}

func sourceIs(client, peer, request string) func(*testing.T, activitylog.Event) {
	return func(t *testing.T, e activitylog.Event) {
		if s := e.Source; s.ClientAddress != client || s.PeerAddress != peer || s.RequestID != request {
			t.Errorf("client is %q, peer %q, request %q, want %q, %q, %q", s.ClientAddress, s.PeerAddress, s.RequestID, client, peer, request)
		}
	}
}

var forged = []string{
	"X-Forwarded-For: 1.1.1.1, 198.51.100.9", "X-Real-IP: 1.1.1.1", "Forwarded: for=1.1.1.1", "True-Client-IP: 1.1.1.1", "CF-Connecting-IP: 1.1.1.1",
}

var loopback = middleware.WithTrustedProxies(netip.MustParsePrefix("127.0.0.0/8"))

var requestID = middleware.WithRequestID(middleware.FromHeader("X-Request-ID"))

func agentIs(ok func(string) bool) func(*testing.T, activitylog.Event) {
	return func(t *testing.T, e activitylog.Event) {
		if agent := e.Source.UserAgent; !ok(agent) {
			t.Errorf("user agent is %.200q (%d bytes)", agent, len(agent))
		}
	}
}

// headers: no header is believed, and none can do harm.
var headers = []row{
	{name: "7 header: forged addresses", request: request{header: forged}, handler: ok, want: updated, check: sourceIs("127.0.0.1", "127.0.0.1", "")},
	{name: "7 header: forged addresses, in front of a trusted proxy's", request: request{header: forged}, options: []middleware.Option{loopback}, handler: ok, want: updated, check: sourceIs("198.51.100.9", "127.0.0.1", "")},
	{name: "7 header: an endless list of addresses", request: request{header: []string{"X-Forwarded-For: 1.1.1.1" + strings.Repeat(", 127.0.0.2", 5000)}}, options: []middleware.Option{loopback}, handler: ok, want: updated, check: sourceIs("127.0.0.2", "127.0.0.1", "")},
	{name: "7 header: forged actors", request: request{header: []string{"X-User-Id: eve", "X-Forwarded-User: eve", "Remote-User: eve", "X-Actor: eve", "Authorization: Basic ZXZlOmV2ZQ==", "Baggage: user.id=eve,enduser.id=eve"}}, handler: ok, want: updated, check: actorIs("")},
	{name: "7 header: suppression", request: request{header: []string{"X-Activitylog-Suppress: 1", "X-Audit: off", "X-Audit-Skip: true", "X-Handled: true", "DNT: 1", "Purpose: prefetch"}}, handler: ok, want: updated},
	{name: "7 header: a method that is to override", request: request{header: []string{"X-HTTP-Method-Override: GET", "X-Method-Override: GET"}}, handler: ok, want: updated},
	{name: "7 header: user agent that is no UTF-8", request: request{header: []string{"User-Agent: evil\xff\xc3"}}, handler: ok, want: updated, check: agentIs(func(s string) bool { return strings.HasPrefix(s, "evil") && utf8.ValidString(s) })},
	{name: "7 header: user agent with NUL", request: request{header: []string{"User-Agent: evil\x00"}}, handler: ok},
	{name: "7 header: user agent with a line feed", request: request{header: []string{"User-Agent: evil\n X: y"}}, handler: ok, want: updated, but: map[string]string{"HTTP/2": ""}, check: agentIs(func(s string) bool { return s == "evil X: y" })},
	{name: "7 header: user agent without an end", request: request{header: []string{"User-Agent: " + strings.Repeat("x", 100_000)}}, handler: ok, want: updated, check: agentIs(func(s string) bool { return len(s) <= activitylog.MaxString })},
	{name: "7 header: request id", request: request{header: []string{"X-Request-ID: req_1"}}, options: []middleware.Option{requestID}, handler: ok, want: updated, check: sourceIs("127.0.0.1", "127.0.0.1", "req_1")},
	{name: "7 header: request id that nobody asked for", request: request{header: []string{"X-Request-ID: req_1"}}, handler: ok, want: updated, check: sourceIs("127.0.0.1", "127.0.0.1", "")},
	{name: "7 header: request id without an end", request: request{header: []string{"X-Request-ID: " + strings.Repeat("x", 5000)}}, options: []middleware.Option{requestID}, handler: ok, want: updated, check: sourceIs("127.0.0.1", "127.0.0.1", "")},
	{name: "7 header: request id that is no UTF-8", request: request{header: []string{"X-Request-ID: \xff"}}, options: []middleware.Option{requestID}, handler: ok, want: updated, check: sourceIs("127.0.0.1", "127.0.0.1", "")},
	{name: "7 header: request id with another line", request: request{header: []string{"X-Request-ID: a\r\n X-User-Id: eve"}}, options: []middleware.Option{requestID}, handler: ok, want: updated, but: map[string]string{"HTTP/2": ""}, check: sourceIs("127.0.0.1", "127.0.0.1", "")},
}

// oddID is an id that is to stay what it is: data.
func oddID(name, escaped string, but map[string]string, ids ...string) row {
	return row{name: "C.2 id: " + name, request: request{path: "/orgs/acme/members/" + escaped}, handler: ok, want: updated, but: but, check: targetIs(ids...)}
}

// abuses are the rows of attacks by HTTP that no gotcha has.
var abuses = []row{
	oddID("climbs", "..%2f..%2fetc%2fpasswd", decoding, "../../etc/passwd"),
	oddID("with line feeds", "bob%0d%0aX-Evil:%20a=b", nil, "bob\r\nX-Evil: a=b"),
	oddID("with NUL and no UTF-8", "b%00o%ffb", nil, "b\uFFFDo\uFFFDb"),
	oddID("a formula", "=cmd%7C'%2Fc'!A1", decoding, "=cmd|'/c'!A1"),
	oddID("markup", "%3Cscript%3E", nil, "<script>"),
	oddID("written from right to left", "%E2%80%AEbob", nil, "\u202Ebob"),
	{name: "C.2 id: without an end", request: request{path: "/orgs/acme/members/" + strings.Repeat("b", 20_000)}, handler: ok, want: updated, check: func(t *testing.T, e activitylog.Event) {
		if n := len(e.Target().ID); n > activitylog.MaxString || !e.Truncated {
			t.Errorf("target has %d bytes, truncated is %v", n, e.Truncated)
		}
	}},
	{name: "C.2 secrets: in headers and the query", request: request{path: "/orgs/acme/members/bob?token=hunter2&password=hunter2", header: []string{
		"Authorization: Bearer hunter2", "Cookie: session=hunter2", "X-Api-Key: hunter2", "Proxy-Authorization: Basic hunter2", "X-Csrf-Token: hunter2",
	}}, handler: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Set-Cookie", "session=hunter2")
		io.WriteString(w, `{"token":"hunter2"}`)
	}, want: updated, check: noSecret},
	{name: "C.2 secrets: in bodies", rules: "routes:\n  PATCH /orgs/{org}/members/{member}: {code: org.member:updated, changes: {from: request}, target: {type: member, id: response./id}}\n",
		request: request{body: `{"role":"admin","password":"hunter2","card":{"cvv":"hunter2"},"api_key":"hunter2"}`},
		handler: func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			io.WriteString(w, `{"id":"usr_7","token":"hunter2"}`)
		}, want: updated, check: func(t *testing.T, e activitylog.Event) {
			noSecret(t, e)
			if len(e.Changes) != 4 || e.Target().ID != "usr_7" {
				t.Errorf("changes of %q are %+v", e.Target().ID, e.Changes)
			}
		}},
	{name: "C.2 rules: a value is no expression", rules: "routes:\n  PATCH /orgs/{org}/members/{member}: {cases: [{when: {request: {/status: (a+)+$}}, code: member:matched}, {code: org.member:updated}]}\n",
		request: request{body: `{"status":"` + strings.Repeat("a", 5000) + `!"}`}, handler: digest, want: updated},
}

func noSecret(t *testing.T, e activitylog.Event) {
	text, err := json.Marshal(e)
	if err != nil || strings.Contains(string(text), "hunter2") {
		t.Errorf("the event tells a secret: %v, %s", err, text)
	}
}
