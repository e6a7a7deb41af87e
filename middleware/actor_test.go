package middleware_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

func TestClaimsActor(t *testing.T) {
	type claims = map[string]any
	user := func(id string) activitylog.Actor { return activitylog.Actor{ID: id, Type: activitylog.User} }
	service := func(id string) activitylog.Actor {
		return activitylog.Actor{ID: id, Type: activitylog.Service}
	}
	for_ := func(a activitylog.Actor, id, name string) activitylog.Actor {
		a.OnBehalfOf = activitylog.Party{ID: id, Name: name}
		return a
	}
	for _, tt := range []struct {
		name   string
		claims claims
		want   activitylog.Actor
	}{
		{"none", nil, activitylog.Actor{}},
		{"names without a subject", claims{"name": "Ann", "email": "ann@x.example"}, activitylog.Actor{}},
		{"user", claims{"sub": "u1", "name": "Ann", "email": "ann@x.example"}, activitylog.Actor{ID: "u1", Type: activitylog.User, Name: "Ann", Email: "ann@x.example"}},
		{"preferred user name", claims{"sub": "u1", "preferred_username": "ann"}, activitylog.Actor{ID: "u1", Type: activitylog.User, Name: "ann"}},
		{"verified address", claims{"sub": "u1", "email": "a@x.example", "email_verified": true}, activitylog.Actor{ID: "u1", Type: activitylog.User, Email: "a@x.example"}},
		{"address of somebody else", claims{"sub": "u1", "email": "a@x.example", "email_verified": false}, user("u1")},
		{"user by way of a client", claims{"sub": "u1", "client_id": "app", "azp": "app"}, user("u1")},
		{"client", claims{"client_id": "app"}, service("app")},
		{"authorised party", claims{"azp": "app"}, service("app")},
		{"client that is its own subject", claims{"sub": "app", "client_id": "app"}, service("app")},
		{"claims of the wrong kind", claims{"sub": 7.0, "name": []any{"Ann"}, "client_id": true}, activitylog.Actor{}},
		{"name of the wrong kind", claims{"sub": "u1", "name": 7.0, "email_verified": "false"}, user("u1")},
		{"support acts for a user", claims{"sub": "u1", "name": "Ann", "act": claims{"sub": "s1", "name": "Sue"}}, activitylog.Actor{ID: "s1", Type: activitylog.User, Name: "Sue", OnBehalfOf: activitylog.Party{ID: "u1", Name: "Ann"}}},
		{"the client acts for a user", claims{"sub": "u1", "email": "ann@x.example", "client_id": "app", "act": claims{"sub": "app"}}, for_(service("app"), "u1", "ann@x.example")},
		{"another client acts for a user", claims{"sub": "u1", "client_id": "app", "act": claims{"client_id": "job"}}, for_(service("job"), "u1", "")},
		{"who acted before does not count", claims{"sub": "u1", "act": claims{"sub": "s2", "act": claims{"sub": "s1"}}}, for_(user("s2"), "u1", "")},
		{"somebody acts for a user", claims{"sub": "u1", "client_id": "app", "act": claims{}}, for_(activitylog.Actor{}, "u1", "")},
		{"an act that is none", claims{"sub": "u1", "act": "s1"}, for_(activitylog.Actor{}, "u1", "")},
		{"no act", claims{"sub": "u1", "act": nil}, user("u1")},
	} {
		if got := middleware.ClaimsActor(tt.claims); got != tt.want {
			t.Errorf("%s: actor is %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// TestNothingGiven passes nil for an option and for a function: they are left out.
func TestNothingGiven(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(http.ResponseWriter, *http.Request) {})
	ann := activitylog.Actor{ID: "ann", Type: activitylog.User}
	actor := middleware.First(nil, middleware.Always(ann), nil)
	h := middleware.New(nil, nil, middleware.WithLoggerProvider(rec), middleware.WithActor(actor), nil)(mux)
	do(t, serve(t, h), "PATCH", "/orgs/acme/members/bob")
	if e := only(t, rec); e.Actor != ann {
		t.Errorf("actor is %+v", e.Actor)
	}
}

type contextKey string

// TestActors sends requests through servers that know their clients in
// several ways.
func TestActors(t *testing.T) {
	fixed := func(id string) func(*http.Request) activitylog.Actor {
		return middleware.Always(activitylog.Actor{ID: id})
	}
	nobody := middleware.Always(activitylog.Actor{})
	claims := middleware.ActorFromClaims(func(r *http.Request) map[string]any {
		c, _ := r.Context().Value(contextKey("claims")).(map[string]any)
		return c
	})
	for _, tt := range []struct {
		name, path string
		actor      func(*http.Request) activitylog.Actor
		header     []string
		want       activitylog.Actor
		tried      string
	}{
		{"nobody", "/fine", nil, nil, activitylog.Actor{Type: activitylog.Anonymous}, ""},
		{"headers are not believed", "/fine", nil, []string{"X-User-Id", "eve", "Authorization", "Basic YW5uOmh1bnRlcjI="}, activitylog.Actor{Type: activitylog.Anonymous}, ""},
		{"basic auth", "/fine", middleware.BasicAuthActor, []string{"Authorization", "Basic YW5uOmh1bnRlcjI="}, activitylog.Actor{ID: "ann", Type: activitylog.User}, ""},
		{"basic auth, and it fails", "/500", middleware.BasicAuthActor, []string{"Authorization", "Basic YW5uOmh1bnRlcjI="}, activitylog.Actor{ID: "ann", Type: activitylog.User}, ""},
		{"basic auth, refused", "/401", middleware.BasicAuthActor, []string{"Authorization", "Basic YW5uOmh1bnRlcjI="}, activitylog.Actor{Type: activitylog.Anonymous}, "ann"},
		{"basic auth, forbidden", "/403", middleware.BasicAuthActor, []string{"Authorization", "Basic YW5uOmh1bnRlcjI="}, activitylog.Actor{Type: activitylog.Anonymous}, "ann"},
		{"no basic auth", "/401", middleware.BasicAuthActor, []string{"Authorization", "Bearer hunter2"}, activitylog.Actor{Type: activitylog.Anonymous}, ""},
		{"basic auth that is none", "/fine", middleware.BasicAuthActor, []string{"Authorization", "Basic !"}, activitylog.Actor{Type: activitylog.Anonymous}, ""},
		{"claims", "/fine", claims, nil, activitylog.Actor{ID: "u1", Type: activitylog.User}, ""},
		{"claims of one who is denied", "/403", claims, nil, activitylog.Actor{ID: "u1", Type: activitylog.User}, ""},
		{"service", "/fine", middleware.Always(activitylog.Actor{ID: "stripe", Type: activitylog.Service}), nil, activitylog.Actor{ID: "stripe", Type: activitylog.Service}, ""},
		{"system", "/fine", middleware.Always(activitylog.Actor{ID: "janitor", Type: activitylog.System}), nil, activitylog.Actor{ID: "janitor", Type: activitylog.System}, ""},
		{"the first that knows", "/fine", middleware.First(nobody, fixed("ann"), fixed("bob")), nil, activitylog.Actor{ID: "ann", Type: activitylog.User}, ""},
		{"none knows", "/fine", middleware.First(nobody), nil, activitylog.Actor{Type: activitylog.Anonymous}, ""},
		{"impersonation", "/fine", middleware.Impersonation(fixed("sue"), fixed("ann")), nil, activitylog.Actor{ID: "sue", Type: activitylog.User, OnBehalfOf: activitylog.Party{ID: "ann"}}, ""},
		{"oneself", "/fine", middleware.Impersonation(fixed("sue"), fixed("sue")), nil, activitylog.Actor{ID: "sue", Type: activitylog.User}, ""},
		{"the application knows better", "/set", middleware.BasicAuthActor, []string{"Authorization", "Basic YW5uOmh1bnRlcjI="}, activitylog.Actor{ID: "usr_ann", Type: activitylog.User}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec := new(activitylogtest.Recorder)
			mux := http.NewServeMux()
			mux.HandleFunc("PUT /{how}", func(w http.ResponseWriter, r *http.Request) {
				switch r.PathValue("how") {
				case "401":
					w.WriteHeader(401)
				case "403":
					w.WriteHeader(403)
				case "500":
					w.WriteHeader(500)
				case "set":
					activitylog.From(r.Context()).SetActor(activitylog.Actor{ID: "usr_ann"})
					w.WriteHeader(403)
				}
			})
			opts := []middleware.Option{middleware.WithLoggerProvider(rec)}
			if tt.actor != nil {
				opts = append(opts, middleware.WithActor(tt.actor))
			}
			m := parse(t, "version: 1\nroutes:\n  PUT /{how}: {code: thing:updated}\n")
			activity := middleware.New(m, opts...)(mux)
			verify := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				ctx := context.WithValue(r.Context(), contextKey("claims"), map[string]any{"sub": "u1"})
				activity.ServeHTTP(w, r.WithContext(ctx))
			})
			do(t, serve(t, verify), "PUT", tt.path, tt.header...)
			e := only(t, rec)
			text, _ := e.MarshalJSON()
			if e.Actor != tt.want || attributeOf(e, "actor.tried") != tt.tried || strings.Contains(string(text), "hunter2") {
				t.Errorf("event is %s, want the actor %+v, tried %q, and no password", text, tt.want, tt.tried)
			}
			if tt.tried != "" && strings.Contains(e.Summary, tt.tried) {
				t.Errorf("the sentence accuses somebody: %s", e.Summary)
			}
		})
	}
}
