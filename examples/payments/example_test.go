package payments_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/examples/payments"
)

func Example() {
	rec := new(activitylogtest.Recorder) // in a program, the SDK's LoggerProvider
	api, err := payments.New(payments.Config{LoggerProvider: rec})
	if err != nil {
		fmt.Println(err)
		return
	}

	r := httptest.NewRequest("PATCH", "/orgs/acme/members/mem_bob", strings.NewReader(`{"role":"admin"}`))
	r.Header.Set("Authorization", "Bearer "+payments.DemoToken)
	api.ServeHTTP(httptest.NewRecorder(), r)

	r = httptest.NewRequest(http.MethodPost, "/orgs/acme/api-keys", nil)
	api.ServeHTTP(httptest.NewRecorder(), r)

	for _, e := range rec.Events() {
		fmt.Println(e.Code, e.Outcome, "|", e.Summary)
	}
	// Output:
	// org.member:updated success | Ann Lee changed role of Bob Ito from viewer to admin
	// org.api_key:created denied | Anonymous (192.0.2.1) tried to create an API key: there is no bearer token
}
