package mapping_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
)

// TestSecretParams has parameters of which the mapping says that they are secret.
func TestSecretParams(t *testing.T) {
	const accept, redeem = "POST /invitations/{token}/accept", "POST /redeem/{accessToken}"
	tests := []struct {
		name, yaml, route string
		want              string // which parameters are secret
		event             string
	}{
		{"nothing is said, the name says it", "", accept, "true", "invitation:accepted invitation/"},
		{"public", "classify: {token: public}", accept, "false", "invitation:accepted invitation/hunter2"},
		{"an id that is called like its things", "", "DELETE /tokens/{token}", "false", "token:deleted token/hunter2"},
		{"such an id, of which the file says that it is secret", "classify: {token: secret}", "DELETE /tokens/{token}", "true", "token:deleted token/"},
		{"by name", "classify: {token: secret}", accept, "true", "invitation:accepted invitation/"},
		{"by a name spelt otherwise", "classify: {access_token: secret}", redeem, "true", "redeem:updated redeem/"},
		{"by pointer", "classify: {/token: secret}", accept, "true", "invitation:accepted invitation/"},
		{"another class", "classify: {token: personal}", accept, "false", "invitation:accepted invitation/hunter2"},
		{"by the rule", "routes:\n  " + accept + ": {code: member:joined, changes: {secret: [/token]}}", accept, "true", "member:joined member/"},
		{"named otherwise by the router", "classify: {token: secret}\nroutes:\n  " + accept + ": {code: member:joined}", "POST /invitations/{t}/accept", "true", "member:joined member/"},
		{"the tenant", "tenant: {path: key}\nclassify: {key: secret}", "PUT /spaces/{key}/doors/{door}", "true false", "door:updated door/acme"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			method, route, _ := strings.Cut(tt.route, " ")
			r := parse(t, "version: 1\ncatalogue: none\n"+tt.yaml+"\n").Rule(method, route)
			var got []string
			for i := range r.Params {
				got = append(got, fmt.Sprint(r.Secret(i)))
			}
			if strings.Join(got, " ") != tt.want || r.Secret(-1) || r.Secret(len(r.Params)) {
				t.Errorf("secret is %q, want %q", got, tt.want)
			}
			var e activitylog.Event
			r.Complete(&e, &mapping.Exchange{Params: params{"hunter2", "acme"}})
			if event := fmt.Sprintf("%s %s/%s", e.Code, e.Target().Type, e.Target().ID); event != tt.event || e.Tenant != "" {
				t.Errorf("event is %s of tenant %q, want %s of none", event, e.Tenant, tt.event)
			}
		})
	}
}

// TestSecretsOfInferredRoutes checks that classify holds where no rule names the route.
func TestSecretsOfInferredRoutes(t *testing.T) {
	change := activitylog.NewChange("/user/door_code", "hunter2", "hunter3")
	e := send(t, "version: 1\nclassify: {door_code: secret}\n", "PUT", "/users/{id}", request{changes: []activitylog.Change{change}, status: 200})
	if len(e.Changes) != 1 || !e.Changes[0].Redacted || e.Changes[0].New != nil {
		t.Errorf("changes are %+v, want one that is redacted", e.Changes)
	}
}

// TestSecretsAreRefused has rules that would put a secret into an event.
func TestSecretsAreRefused(t *testing.T) {
	for _, from := range []string{"path.token", "query.token", "request./token"} {
		yaml := "version: 1\nclassify: {token: secret}\nroutes:\n  POST /a/{token}: {code: a:made, target: {id: " + from + "}}\n"
		_, err := mapping.Parse("a.yaml", []byte(yaml))
		var problem *mapping.Error
		if !errors.As(err, &problem) || problem.Pos.Line != 4 || !strings.Contains(err.Error(), "target.id: /token is secret") {
			t.Errorf("%s: error is %v, want one that says that it is secret", from, err)
		}
	}
	if _, err := mapping.Parse("a.yaml", []byte("version: 1\nclassify: {token: secret}\nroutes:\n  POST /a/{id}: {code: a:made, target: {id: path.id, name: query.name}}\n")); err != nil {
		t.Errorf("what is not secret: %v", err)
	}
}

// TestSecretsStaySo asks about more fields than are remembered, each twice.
func TestSecretsStaySo(t *testing.T) {
	r := parse(t, "version: 1\n").Rule("PUT", "/a/{id}")
	for i := range 10_000 {
		path := fmt.Sprintf("/f%d/password", i/2)
		e := activitylog.Event{Outcome: activitylog.Success, Changes: []activitylog.Change{
			activitylog.NewChange(path, "hunter1", "hunter2"), activitylog.NewChange(path+"_count", 1, 2),
		}}
		if r.Complete(&e, nil); !e.Changes[0].Redacted || e.Changes[1].Redacted {
			t.Fatalf("%s: %+v", path, e.Changes)
		}
	}
}
