package activitylogtest

import (
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/lint"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

// Check fails the test for each thing in m that a person has to decide or
// mend, above all for each mutating route of the router that has neither a
// code nor a reason to have none, and for each rule that no route reaches:
//
//	func TestActivity(t *testing.T) {
//		m, err := mapping.Load("activity.yaml")
//		if err != nil {
//			t.Fatal(err)
//		}
//		activitylogtest.Check(t, newRouter(), m)
//	}
//
// It takes the routers that [routes.Of] takes, and []routes.Route. The checks
// are those of activitylog lint, see [lint.Checks].
func Check(t testing.TB, router any, m *mapping.Mapping) {
	t.Helper()
	api, err := routes.Of(router)
	if err != nil {
		t.Fatalf("activitylogtest: %v", err)
	}
	if len(api) == 0 {
		t.Fatalf("activitylogtest: the %T has no routes: hand it in after they have been registered", router)
	}
	for _, f := range lint.Check(m, api) {
		t.Errorf("%s%s", f, toPaste(f.Fix))
	}
}

// toPaste returns YAML on lines of its own.
func toPaste(fix string) string {
	if fix == "" {
		return ""
	}
	const indent = "\n\t"
	return "\nto paste:" + indent + strings.ReplaceAll(strings.TrimSpace(fix), "\n", indent)
}
