package backends_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
)

// rules are those of an application in which people do what the queries of
// docs/backends.md ask for, and more that these must not find.
const rules = `
version: 1
tenant: {path: org}
routes:
  POST /orgs/{org}/members: {code: "org.member:invited", target: {type: member}}
  PATCH /orgs/{org}/members/{id}: {code: "org.member:updated", target: {type: member, id: path.id}}
  PATCH /orgs/{org}/teams/{id}: {code: "org.team:updated", target: {type: team, id: path.id}}
`

// requests are what people do there.
var requests = []struct{ user, method, path string }{
	{"usr_ann", "PATCH", "/orgs/acme/members/mem_bob?was=viewer&is=admin"},
	{"usr_kim", "PATCH", "/orgs/acme/members/mem_bob?was=admin&is=owner"},
	{"usr_eve", "PATCH", "/orgs/acme/members/mem_bob"}, // is refused
	{"usr_ann", "PATCH", "/orgs/globex/members/mem_bob?was=viewer&is=admin"},
	{"usr_ann", "PATCH", "/orgs/acme/members/mem_lee?was=viewer&is=admin"},
	{"usr_ann", "PATCH", "/orgs/acme/teams/mem_bob?was=small&is=large"},
	{"usr_ann", "POST", "/orgs/acme/members"},
}

// runApplication has people use the application, whose events go to the
// provider, as does one of a job, twice.
func runApplication(t *testing.T, provider log.LoggerProvider) {
	t.Helper()
	m, err := mapping.Parse("rules", []byte(rules))
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for _, pattern := range []string{"POST /orgs/{org}/members", "PATCH /orgs/{org}/members/{id}", "PATCH /orgs/{org}/teams/{id}"} {
		mux.HandleFunc(pattern, handle)
	}
	handler := middleware.New(m, middleware.WithLoggerProvider(provider), middleware.WithServeMux(mux))(mux)
	for _, request := range requests {
		r := httptest.NewRequest(request.method, request.path, nil)
		r.Header.Set("Authorization", request.user)
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	job := activitylog.Event{ID: activitylog.NewID(), Code: "job:finished", Tenant: "acme", Actor: activitylog.Actor{Type: activitylog.System}}
	for range 2 {
		activitylog.Emit(t.Context(), provider.Logger(activitylog.ScopeName), job)
	}
}

// handle does what is asked, except for Eve.
func handle(w http.ResponseWriter, r *http.Request) {
	activity, user := activitylog.From(r.Context()), r.Header.Get("Authorization")
	activity.SetActor(activitylog.Actor{ID: user, Type: activitylog.User})
	if user == "usr_eve" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if is := r.FormValue("is"); is != "" {
		activity.AddChange("/role", r.FormValue("was"), is)
	}
}

// expected returns the events of the application, each once.
func expected(t *testing.T) []activitylog.Event {
	t.Helper()
	recorder := new(activitylogtest.Recorder)
	runApplication(t, recorder)
	events := recorder.Events()
	if len(events) != len(requests)+2 {
		t.Fatalf("the application has %d events", len(events))
	}
	return events[:len(events)-1]
}

// sendApplication runs the application with the SDK and the exporter, configured
// by the environment as docs/backends.md has it.
func sendApplication(t *testing.T, endpoint string) {
	t.Helper()
	t.Setenv("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", endpoint)
	exporter, err := otlploghttp.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	provider := sdklog.NewLoggerProvider(
		sdklog.WithProcessor(sdklog.NewBatchProcessor(exporter)),
		sdklog.WithAllowKeyDuplication(),
		sdklog.WithResource(resource.NewSchemaless(attribute.String("service.name", "payments"))),
	)
	runApplication(t, provider)
	if err := provider.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
}
