package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/internal/secret/secrettest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/ginactivity"
)

// A secretsApp is an application that tells its secrets to everybody.
type secretsApp struct {
	mapping   *mapping.Mapping
	provider  *sdklog.LoggerProvider
	reader    *sdkmetric.ManualReader
	meters    *sdkmetric.MeterProvider
	mu        sync.Mutex
	sent      bytes.Buffer // what the SDK sends
	log       bytes.Buffer // what is reported to otel.Handle
	needles   needles
	seed      uint64
	framework string
	kind      string
	index     int // of the kind among the fakes
}

func newSecretsApp(t *testing.T, a addresses) *secretsApp {
	t.Helper()
	h := &secretsApp{needles: needles{}}
	var err error
	if h.mapping, err = mapping.Parse("activitylog.yaml", []byte(secretsMapping)); err != nil {
		t.Fatal(err)
	}
	target, _ := url.Parse("http://" + a.http)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		body, _ := io.ReadAll(r.In.Body)
		h.mu.Lock()
		h.sent.Write(body)
		h.mu.Unlock()
		r.Out.Body = io.NopCloser(bytes.NewReader(body))
	}}
	between := httptest.NewServer(proxy)
	t.Cleanup(between.Close)
	exporter := must(otlploghttp.New(t.Context(), otlploghttp.WithEndpointURL(between.URL+"/v1/logs")))(t)
	h.provider = sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(exporter, sdklog.WithMaxQueueSize(1<<16))))
	h.reader = sdkmetric.NewManualReader()
	h.meters = sdkmetric.NewMeterProvider(sdkmetric.WithReader(h.reader))
	before := otel.GetErrorHandler()
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		h.mu.Lock()
		defer h.mu.Unlock()
		fmt.Fprintln(&h.log, err)
	}))
	t.Cleanup(func() { otel.SetErrorHandler(before) })
	return h
}

func (h *secretsApp) options() []middleware.Option {
	return []middleware.Option{
		middleware.WithLoggerProvider(h.provider), middleware.WithMeterProvider(h.meters),
		middleware.WithRequestID(middleware.FromHeader("X-Request-ID")), middleware.WithAccess("", 0),
		middleware.WithSession(func(r *http.Request) string {
			if r.Header.Get("X-Panic") != "" {
				panic("no session: " + control + " " + r.Header.Get("X-Panic"))
			}
			return r.Header.Get("X-Session-ID")
		}),
	}
}

func (h *secretsApp) netHTTP(t *testing.T) http.Handler {
	mux := http.NewServeMux()
	for _, route := range secretsRoutes {
		mux.HandleFunc(route, h.handle)
	}
	return middleware.New(h.mapping, append(h.options(), middleware.WithServeMux(mux))...)(mux)
}

func (h *secretsApp) gin(t *testing.T) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.UseRawPath = true
	engine.Use(ginactivity.New(h.mapping, h.options()...))
	colons := strings.NewReplacer("{", ":", "}", "")
	for _, route := range secretsRoutes {
		method, pattern, _ := strings.Cut(route, " ")
		engine.Handle(method, colons.Replace(pattern), func(c *gin.Context) { h.handle(c.Writer, c.Request) })
	}
	return engine
}

// fake returns a secret of the present kind that only one place has.
func (h *secretsApp) fake(place string) string {
	h.mu.Lock() // handlers ask too
	defer h.mu.Unlock()
	h.seed++
	f := secrettest.Fakes(h.seed)[h.index]
	h.needles.add(f.Secret, fmt.Sprintf("%s: %s, %s", place, h.kind, h.framework))
	return f.Text
}

// secret returns a secret that only its name tells.
func (h *secretsApp) secret(place string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seed++
	s := fmt.Sprintf("correct horse %d battery", h.seed)
	h.needles.add(s, fmt.Sprintf("%s: %s, %s", place, h.kind, h.framework))
	return s
}

// inHeader returns s as it can stand in a header.
func inHeader(s string) string { return strings.ReplaceAll(s, "\n", `\n`) }

func (h *secretsApp) send(t *testing.T, method, url, media, body string, header map[string]string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", media)
	for name, value := range header {
		req.Header.Set(name, inHeader(value))
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return // the handler has panicked
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
}

// headers are those in which a client may send a secret.
var headers = []string{
	"Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key", "User-Agent", "Referer", "X-Request-ID", "X-Session-ID", "Idempotency-Key",
	"X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via", "Traceparent", "Tracestate", "Baggage", "Origin", "Accept-Language", "X-Csrf-Token", "X-Odd",
}

func (h *secretsApp) headers() map[string]string {
	m := map[string]string{}
	for _, name := range headers {
		m[name] = h.fake("header " + name)
	}
	m["X-Odd"] += " " + control
	return m
}

// requests sends what a client may send with secrets of a kind.
func (h *secretsApp) requests(t *testing.T, server string) {
	t.Helper()
	fake := func(place string) string { return h.fake(place) }
	in := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	path := func(place string) string {
		return server + "/orgs/" + url.PathEscape(fake(place+" tenant")) + "/notes/" + url.PathEscape(fake(place+" path")) + "?q=" + url.QueryEscape(fake(place+" query"))
	}
	const asJSON, asForm = "application/json", "application/x-www-form-urlencoded"
	body := in(map[string]any{
		"title": control + " " + fake("body title"), "note": fake("body note"), "list": []any{fake("body list"), map[string]any{"deep": fake("body deep")}},
		"nested": map[string]any{"a": map[string]any{"b": fake("body nested")}}, fake("body key"): 1, "text": in(map[string]any{"quoted": fake("body JSON in JSON")}),
		"password": fake("body password"), "hidden": fake("body hidden"),
	})
	h.send(t, "POST", path("created"), asJSON, body, h.headers())
	h.send(t, "PUT", path("updated"), asJSON, "{}", map[string]string{"X-Do": "tell", "User-Agent": control})
	h.send(t, "PUT", path("panic"), asJSON, "{}", map[string]string{"X-Do": "panic"})
	h.send(t, "PUT", path("denied"), asJSON, "{}", map[string]string{"X-Do": "deny"})
	h.send(t, "PUT", path("option"), asJSON, "{}", map[string]string{"X-Panic": fake("panic of an option")})
	h.send(t, "POST", path("form"), asForm, "note="+url.QueryEscape(fake("form"))+"&"+url.QueryEscape(fake("form key"))+"=1", nil)
	h.send(t, "POST", path("cut"), asJSON, body[:len(body)/2], nil)
	h.send(t, "POST", path("no JSON"), asJSON, fake("body that is no JSON"), nil)
	h.send(t, "POST", server+"/orgs/acme/bulk", asJSON, in(map[string]any{"items": []any{map[string]any{"id": fake("item id")}, map[string]any{"id": control}}}), nil)
	h.send(t, "DELETE", path("deleted"), asJSON, "", nil)
	h.send(t, "POST", server+"/orgs/acme/invitations/"+url.PathEscape(fake("token in the path"))+"/accept", asJSON, "", nil)
}

// handle does what the client asks it to.
func (h *secretsApp) handle(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	draft := activitylog.From(r.Context())
	switch r.Header.Get("X-Do") {
	case "tell":
		h.tell(draft)
		activitylog.Emit(r.Context(), h.provider.Logger("app"), h.event())
	case "panic":
		draft.SetReason(h.fake("reason before a panic"))
		panic(h.fake("panic"))
	case "deny":
		draft.SetReason(h.fake("reason of a denial"))
		w.Header().Set("WWW-Authenticate", inHeader(h.fake("response header")))
		w.WriteHeader(http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	for _, name := range []string{"Set-Cookie", "Location", "X-Token", "ETag"} {
		w.Header().Set(name, inHeader(h.fake("response header "+name)))
	}
	json.NewEncoder(w).Encode(map[string]any{"id": h.fake("response id"), "secret": h.fake("response secret"), "list": []any{h.fake("response list")}})
}

// A noted is a value that an application compares with another one.
type noted struct {
	Note   string         `json:"note"`
	Hidden string         `json:"hidden" activity:"secret"`
	More   map[string]any `json:"more"`
}

// tell tells of an event all that there is to be told.
func (h *secretsApp) tell(draft *activitylog.Draft) {
	fake := func(place string) string { return h.fake("told " + place) }
	draft.SetActor(activitylog.Actor{
		ID: fake("actor id"), Name: control + " " + fake("actor name"), Email: fake("actor email"), Type: activitylog.ActorType(fake("actor type")),
		OnBehalfOf: activitylog.Party{ID: fake("on behalf of id"), Name: fake("on behalf of name")},
	})
	draft.SetTenant(fake("tenant"))
	for range 2 {
		draft.AddTarget(activitylog.Target{Type: fake("target type"), ID: fake("target id"), Name: fake("target name")})
	}
	draft.SetReason(strings.Repeat("x ", 95) + fmt.Errorf("call: %w", fmt.Errorf("%s", fake("reason"))).Error()) // so that a sentence would cut it
	draft.Set("detail", fake("attribute"))
	draft.Set(fake("attribute name"), true)
	draft.Set("error", fmt.Errorf("%s", fake("error")))
	draft.Set("map", map[string]any{"a": fake("map"), fake("map key"): []string{fake("list")}})
	draft.AddChange("/note", fake("old"), fake("new"))
	draft.AddChange("/"+fake("change path"), 1, map[string]any{"a": []any{fake("change in a map")}, fake("change key"): nil})
	draft.AddChange("/raw", nil, json.RawMessage(escapeAll(fake("escaped"))))
	draft.AddChange("/long", nil, strings.Repeat("x ", 35)+fake("long"))
	draft.AddChanges(activitylog.Diff(
		noted{fake("diff old"), fake("diff hidden old"), map[string]any{"a": fake("diff old map")}},
		noted{fake("diff new"), fake("diff hidden new"), map[string]any{"b": fake("diff new map"), fake("diff key"): 1}},
	)...)
}

// escapeAll returns s as a JSON text all in escapes.
func escapeAll(s string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	return `"` + b.String() + `"`
}

// event returns an event of no request with secrets in every field.
func (h *secretsApp) event() activitylog.Event {
	fake := func(place string) string { return h.fake("emitted " + place) }
	e := activitylog.Event{
		ID: fake("id"), Code: activitylog.Code(fake("code")), EventName: fake("event name"), Summary: control + " " + fake("summary"), Reason: fake("reason"),
		ErrorType: fake("error type"), Tenant: fake("tenant"), Service: fake("service"), Stream: fake("stream"),
		Source: activitylog.Source{ClientAddress: fake("client"), PeerAddress: fake("peer"), UserAgent: fake("user agent"), SessionID: fake("session"), RequestID: fake("request")},
		HTTP:   activitylog.HTTP{Method: fake("method"), Route: fake("route"), Path: fake("path")},
	}
	e.Outcome = activitylog.Outcome(fake("outcome"))
	return e
}

// named puts secrets that look like nothing where a name tells of them.
func (h *secretsApp) named(t *testing.T, server string) {
	t.Helper()
	body := map[string]any{"title": control, "hidden": h.secret("field that the mapping names")}
	for _, name := range []string{
		"password", "Password", "PASSWORD", "new_password", "passwd", "passphrase", "secret", "client_secret", "clientSecret", "token", "access_token", "refreshToken",
		"api_key", "apiKey", "API-KEY", "private_key", "signingKey", "jwt", "credentials", "pin", "otp", "cvv", "security_code", "recovery_codes", "seed_phrase", "cookie",
	} {
		body[name] = h.secret("field " + name)
		body["in_"+name] = map[string]any{name: h.secret("nested field " + name), "list": []any{map[string]any{name: h.secret("field in a list " + name)}}}
	}
	b, _ := json.Marshal(body)
	header := map[string]string{}
	for _, name := range []string{"Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key", "X-Auth-Token", "X-Csrf-Token"} {
		header[name] = h.secret("header " + name)
	}
	h.send(t, "POST", server+"/orgs/acme/notes/1?password="+url.QueryEscape(h.secret("query")), "application/json", string(b), header)
	h.send(t, "POST", server+"/orgs/acme/notes/1", "application/x-www-form-urlencoded", "password="+url.QueryEscape(h.secret("form")), nil)
	h.send(t, "POST", server+"/orgs/acme/invitations/"+url.PathEscape(h.secret("token in the path"))+"/accept", "application/json", "", nil)
}

// foreign sends records of another SDK straight to the Collector: an event, one
// of the same id with other content, which goes into quarantine, and one
// without a sentence.
func (h *secretsApp) foreign(t *testing.T, a addresses) {
	t.Helper()
	for i, f := range secrettest.Fakes(0) {
		h.kind, h.index = "another sender's "+f.Kind, i
		id := activitylog.NewID()
		for n := range 3 {
			text := func(place string) map[string]any { return map[string]any{"stringValue": h.fake(place)} }
			attrs := []any{}
			add := func(key string, value map[string]any) {
				attrs = append(attrs, map[string]any{"key": key, "value": value})
			}
			add(activitylog.KeyEventName, text("code"))
			if n < 2 {
				add(activitylog.KeyID, map[string]any{"stringValue": id})
			} else {
				add(activitylog.KeyID, text("id"))
			}
			for _, key := range []string{
				activitylog.KeyTenantID, activitylog.KeyActorID, activitylog.KeyActorName, activitylog.KeyActorEmail, activitylog.KeyTargetType, activitylog.KeyTargetID, activitylog.KeyTargetName,
				activitylog.KeyReason, activitylog.KeyErrorType, activitylog.KeyMethod, activitylog.KeyRoute, activitylog.KeyPath, activitylog.KeyClientAddress, activitylog.KeyUserAgent,
				activitylog.KeySessionID, activitylog.KeyRequestID, activitylog.KeyStream, "http.user_agent", "enduser.id", "custom", activitylog.KeyOutcome, activitylog.KeyActorType, activitylog.KeyChanges, activitylog.KeyTargets,
			} {
				add(key, text(key))
			}
			add("control", map[string]any{"stringValue": control})
			add("number", map[string]any{"intValue": n})
			add("bytes", map[string]any{"bytesValue": []byte(h.fake("bytes"))})
			add("map", map[string]any{"kvlistValue": map[string]any{"values": []any{map[string]any{"key": h.fake("key"), "value": text("value")}}}})
			add(h.fake("attribute name"), map[string]any{"boolValue": true})
			record := map[string]any{"timeUnixNano": "1790000000000000000", "eventName": h.fake("event name"), "attributes": attrs}
			if n < 2 {
				record["body"] = text("body")
			}
			body, _ := json.Marshal(map[string]any{"resourceLogs": []any{map[string]any{
				"resource":  map[string]any{"attributes": []any{map[string]any{"key": "service.name", "value": text("service")}}},
				"scopeLogs": []any{map[string]any{"logRecords": []any{record}}},
			}}})
			resp, err := http.Post("http://"+a.http+"/v1/logs", "application/json", bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if answer, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
				t.Fatalf("%s: %s", resp.Status, answer)
			}
			resp.Body.Close()
		}
	}
}

// metrics returns the application's metrics as text.
func (h *secretsApp) metrics(t *testing.T) []byte {
	var all metricdata.ResourceMetrics
	if err := h.reader.Collect(context.Background(), &all); err != nil {
		t.Error(err)
	}
	return fmt.Appendf(nil, "%+v", all)
}

// readFiles returns what is in the files of the database.
