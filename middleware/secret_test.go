package middleware_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// TestSecretsInThePath has tokens in paths and queries.
func TestSecretsInThePath(t *testing.T) {
	m := parse(t, `
version: 1
tenant: {path: org}
classify: {token: secret}
routes:
  GET /downloads/{token...}: {code: file:downloaded}
`)
	tests := []struct{ method, pattern, path, want string }{
		{"POST", "/invitations/{token}/accept", "/invitations/hunter2/accept", "/invitations/{token}/accept"},
		{"POST", "/invitations/{token}/accept", "/invitations/hunter2%2Fhunter2/accept?token=hunter2", "/invitations/{token}/accept"},
		{"POST", "/orgs/{org}/links/{token}", "/orgs/acme/links/hunter2", "/orgs/acme/links/{token}"},
		{"GET", "/downloads/{token...}", "/downloads/a/hunter2/b", "/downloads/{token...}"},
		{"PUT", "/orgs/{org}", "/orgs/acme?token=hunter2", "/orgs/acme"},
		{"PUT", "/links/{token}/", "/links/hunter2/", "/links/{token}/"},
	}
	for _, tt := range tests {
		for _, prefix := range []string{"", "/api"} {
			for _, outside := range []bool{true, false} {
				rec := new(activitylogtest.Recorder)
				mux := http.NewServeMux()
				mux.HandleFunc(tt.method+" "+tt.pattern, func(http.ResponseWriter, *http.Request) {})
				activity := middleware.New(m, middleware.WithLoggerProvider(rec))
				var h http.Handler = http.StripPrefix(prefix, activity(mux))
				want := prefix + tt.want
				if outside {
					// The middleware cannot know what is stripped further in. StripPrefix
					// copies the request, so it is told of the route.
					h = middleware.New(m, middleware.WithLoggerProvider(rec), middleware.WithRoute(func(*http.Request) string { return tt.pattern }))(http.StripPrefix(prefix, mux))
					if strings.Contains(tt.want, "{") && prefix != "" {
						want = tt.pattern
					}
				}
				do(t, serve(t, h), tt.method, prefix+tt.path)
				e := only(t, rec)
				text, err := e.MarshalJSON()
				if err != nil {
					t.Fatal(err)
				}
				if e.HTTP.Path != want || strings.Contains(string(text), "hunter2") {
					t.Errorf("%s%s, outside %v: path is %s, want %s: %s", prefix, tt.path, outside, e.HTTP.Path, want, text)
				}
			}
		}
	}
}
