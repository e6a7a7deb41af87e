package mapping

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
)

// A condition says of which events a case holds. The zero condition holds always.
type condition struct {
	status   []statusRange         // any of them
	outcomes []activitylog.Outcome // any of them
}

type statusRange struct{ low, high int }

func (c *condition) holds(e *activitylog.Event) bool {
	if len(c.status) > 0 && !slices.ContainsFunc(c.status, func(r statusRange) bool {
		return r.low <= e.HTTP.Status && e.HTTP.Status <= r.high
	}) {
		return false
	}
	return len(c.outcomes) == 0 || slices.Contains(c.outcomes, e.Outcome)
}

func (c *condition) always() bool { return len(c.status) == 0 && len(c.outcomes) == 0 }

// String returns the condition in words.
func (c *condition) String() string {
	var parts []string
	var codes []string
	for _, r := range c.status {
		code := strconv.Itoa(r.low)
		if r.low != r.high {
			code = fmt.Sprintf("%dxx", r.low/100)
		}
		codes = append(codes, code)
	}
	if len(codes) > 0 {
		parts = append(parts, "the status is "+strings.Join(codes, " or "))
	}
	var outcomes []string
	for _, o := range c.outcomes {
		outcomes = append(outcomes, string(o))
	}
	if len(outcomes) > 0 {
		parts = append(parts, "the outcome is "+strings.Join(outcomes, " or "))
	}
	return strings.Join(parts, " and ")
}

func (s *source) readCondition(f field) condition {
	var c condition
	before := len(s.errs)
	s.object(f.value, f.at, "when", []string{"status", "outcome"}, func(g field) {
		for _, v := range s.list(g, "when."+g.key) {
			text := s.text(v, "when."+g.key)
			if text == "" {
				continue
			}
			if g.key == "outcome" {
				c.outcomes = append(c.outcomes, s.readOutcome(v, text))
			} else {
				c.status = append(c.status, s.readStatus(v, text))
			}
		}
	})
	if c.always() && len(s.errs) == before {
		s.errorf(f.at, "when: it is empty: leave it out of the case that always holds")
	}
	return c
}

func (s *source) readStatus(f field, text string) statusRange {
	if class, ok := strings.CutSuffix(text, "xx"); ok && len(class) == 1 && class >= "1" && class <= "5" {
		low := int(class[0]-'0') * 100
		return statusRange{low, low + 99}
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 100 || n > 599 {
		s.errorf(tokenOf(f.value, f.at), "when.status: must be a status such as 404 or a class such as 4xx, not %q", text)
	}
	return statusRange{n, n}
}

func (s *source) readOutcome(f field, text string) activitylog.Outcome {
	outcome := activitylog.Outcome(text)
	if !slices.Contains(activitylog.Outcomes(), outcome) {
		var known []string
		for _, o := range activitylog.Outcomes() {
			known = append(known, string(o))
		}
		s.errorf(tokenOf(f.value, f.at), "when.outcome: %q is no outcome%s", text, didYouMean(text, known))
	}
	return outcome
}
