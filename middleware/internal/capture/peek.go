package capture

import (
	"bytes"

	"github.com/activitylog-go/activitylog/mapping"
)

// Peek puts into x what the handler has read so far of what the rule asks for,
// while it runs.
func (b *Bodies) Peek(rule *mapping.Rule, x *mapping.Exchange) {
	if b == nil {
		return
	}
	request, response := rule.Reads()
	if request {
		x.Request = b.request.peek()
	}
	if response {
		x.Response.Problem = notYet
	}
}

func (c *Request) peek() mapping.Body {
	if c.body == nil {
		return mapping.Body{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.state == spoiled:
		return mapping.Body{Problem: c.problem}
	case c.state != open || c.bytes == nil:
		return mapping.Body{Problem: notRead}
	case !c.isWhole(*c.bytes):
		return mapping.Body{Problem: notWhole}
	}
	return mapping.Body{JSON: bytes.Clone(*c.bytes)}
}
