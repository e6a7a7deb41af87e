package mapping_test

import (
	"testing"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
)

func TestAccess(t *testing.T) {
	tests := []struct {
		yaml, route string
		code        activitylog.Code
		want        activitylog.Code
		tenant      string
		target      string
	}{
		{"", "/orgs/{org}/members/{member}", "", "org:accessed", "acme", "org/acme"},
		{"", "GET /api/v1/orgs/{org}", "", "org:accessed", "acme", "org/acme"},
		{"", "/orgs/:org/search", "", "org:accessed", "acme", "org/acme"},
		{"", "/workspaces/{id}/boards", "", "workspace:accessed", "acme", "workspace/acme"},
		{"", "/orgs/{org}", "team:entered", "team:entered", "acme", "team/acme"},
		{"tenant: {path: shop}", "/shops/{shop}/orders", "", "shop:accessed", "acme", "shop/acme"},
		{"tenant: {path: shop}", "/orgs/{org}", "", "org:accessed", "", "org/"},
		{"tenant: {path: key}\nclassify: {key: secret}", "/spaces/{key}/doors", "", "space:accessed", "", "space/"},
		{"", "/", "", "org:accessed", "", "org/"},
		{"", "", "", "org:accessed", "", "org/"},
	}
	for _, tt := range tests {
		m := parse(t, "version: 1\n"+tt.yaml+"\n")
		r := m.Access(tt.route, tt.code)
		if r != m.Access(tt.route, tt.code) {
			t.Errorf("%s: the rule is made anew", tt.route)
		}
		var e activitylog.Event
		ok := r.Complete(&e, &mapping.Exchange{Params: params{"acme", "bob"}})
		if target := e.Target().Type + "/" + e.Target().ID; !ok || e.Code != tt.want || e.Tenant != tt.tenant || target != tt.target {
			t.Errorf("%s: %s of %q on %s, want %s of %q on %s", tt.route, e.Code, e.Tenant, target, tt.want, tt.tenant, tt.target)
		}
		if r.Tenant(&mapping.Exchange{Params: params{"acme", "bob"}}) != tt.tenant || r.Tenant(nil) != "" || (r.TenantParam() >= 0) != (tt.tenant != "") {
			t.Errorf("%s: the path's tenant is %q by parameter %d, want %q", tt.route, r.Tenant(&mapping.Exchange{Params: params{"acme", "bob"}}), r.TenantParam(), tt.tenant)
		}
	}
}
