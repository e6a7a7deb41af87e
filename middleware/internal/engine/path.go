package engine

import (
	"strings"

	"github.com/activitylog-go/activitylog/mapping"
)

// shownPath returns the path that the client sent, with the parts of the route
// in place of the parameters that the rule calls secret. A path that cannot be
// told apart by the route is not shown at all: the route stands for it.
func (o *Origin) shownPath(rule *mapping.Rule) string {
	if !hasSecret(rule) {
		return o.Path
	}
	stripped, ok := strings.CutSuffix(o.Path, o.Routed)
	if _, matches := Param(rule.Route, o.Routed, -1); !ok || !matches {
		return rule.Route
	}
	return stripped + conceal(rule, o.Routed)
}

func hasSecret(rule *mapping.Rule) bool {
	for i := range rule.Params {
		if rule.Secret(i) {
			return true
		}
	}
	return false
}

// conceal returns a path that the rule's route matches without its secrets.
func conceal(rule *mapping.Rule, path string) string {
	segments := strings.Split(path, "/")
	param := 0
	for i, part := range strings.Split(rule.Route, "/") {
		secret := false
		for range strings.Count(part, "{") {
			secret = secret || rule.Secret(param)
			param++
		}
		if secret && i < len(segments) {
			segments[i] = part
			if strings.HasSuffix(part, "...}") {
				segments = segments[:i+1]
			}
		}
	}
	return strings.Join(segments, "/")
}
