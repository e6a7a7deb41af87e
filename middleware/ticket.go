package middleware

import (
	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware/internal/engine"
)

// Describe tells what is known of the event while the handler runs. It may be
// called from any goroutine, so it changes nothing of c.
func (c *call) Describe(set activitylog.Fields) (activitylog.Event, bool) {
	rule := c.ruleSoFar()
	if rule == nil {
		return activitylog.Event{}, false
	}
	end := engine.End{
		Request:  c.inner,
		Mapping:  c.mapping,
		Rule:     rule,
		Exchange: mapping.Exchange{Params: paramsSoFar{c, rule}, Query: c.origin.Query, Header: c.outer.Header},
	}
	c.bodies.Peek(rule, &end.Exchange)
	return c.handler.engine.Describe(set, &c.origin, &end)
}

// ruleSoFar returns the rule of the request by what the router has found until
// now, or nil.
func (c *call) ruleSoFar() *mapping.Rule {
	if c.decided {
		return c.rule
	}
	route, _ := c.handler.routeAfter(c.inner)
	if route == "" {
		route = c.before
	}
	if route == "" {
		return nil
	}
	return c.handler.engine.Rule(c.mapping, c.origin.Method, route)
}

// paramsSoFar are the path parameters of a request whose rule may not be final.
type paramsSoFar struct {
	call *call
	rule *mapping.Rule
}

func (p paramsSoFar) Param(i int) string { return p.call.param(p.rule, i) }
