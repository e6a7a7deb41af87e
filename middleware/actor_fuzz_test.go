package middleware_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// FuzzClaimsActor reads claims of any kind. Whoever acts for a subject, the
// subject is not said to have acted.
func FuzzClaimsActor(f *testing.F) {
	for _, claims := range []string{
		`{}`, `{"sub":"u1","name":"Ann","email":"a@x.example","email_verified":false}`, `{"client_id":"app","sub":"app"}`,
		`{"sub":"u1","act":{"sub":"s1","act":{"sub":"s0"}}}`, `{"sub":"u1","azp":"app","act":{}}`, `{"sub":1,"act":[null]}`,
	} {
		f.Add([]byte(claims))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var claims map[string]any
		if json.Unmarshal(data, &claims) != nil {
			return
		}
		a := middleware.ClaimsActor(claims)
		if (a.ID == "") != (a.Type == "") || a.ID == "" && a.Name+a.Email != "" {
			t.Errorf("%s: actor is %+v", data, a)
		}
		inner, _ := claims["act"].(map[string]any)
		if sub, _ := claims["sub"].(string); claims["act"] != nil && sub != "" {
			own := inner["sub"] == sub || inner["client_id"] == sub || inner["azp"] == sub
			if a.OnBehalfOf.ID != sub || a.ID == sub && !own {
				t.Errorf("%s: actor is %+v, want somebody on behalf of %s", data, a, sub)
			}
		}
	})
}

// FuzzSecretsInThePath has tokens of every kind in a path.
func FuzzSecretsInThePath(f *testing.F) {
	for _, token := range []string{"hunter2", "a/b", "{token}", "%2F", "..", "\x00", "é", "?x", "accept"} {
		f.Add(token)
	}
	m := parse(f, "version: 1\nclassify: {token: secret}\n")
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /invitations/{token}/accept", func(http.ResponseWriter, *http.Request) {})
	h := middleware.New(m, middleware.WithLoggerProvider(rec))(mux)
	f.Fuzz(func(t *testing.T, token string) {
		r := httptest.NewRequest("POST", "/", nil)
		r.RequestURI = "/invitations/" + url.PathEscape(token) + "/accept"
		var err error
		if r.URL, err = url.ParseRequestURI(r.RequestURI); err != nil {
			return
		}
		rec.Reset()
		h.ServeHTTP(httptest.NewRecorder(), r)
		for _, e := range rec.Events() {
			text, _ := e.MarshalJSON()
			if e.HTTP.Path != "/invitations/{token}/accept" || e.Target() != (activitylog.Target{Type: e.Target().Type}) || len(token) > 9 && strings.Contains(string(text), token) {
				t.Errorf("%q: event is %s", token, text)
			}
		}
	})
}
