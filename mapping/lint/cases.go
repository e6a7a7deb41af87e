package lint

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
)

// shadowedCases finds the cases that never decide, because one before them, or
// several together, hold whenever they do.
func (l *linter) shadowedCases() {
	for _, r := range l.rules {
		var before []claims
		for i, c := range r.Value.Cases {
			own := claimsOf(c.When)
			if by := coveredBy(own, before); by != "" {
				l.add(ShadowedCase, c.Code.Pos, "case %d, %s, never decides: %s: put it before them, or drop it", i+1, c.Code.Value, by)
			}
			before = append(before, own)
		}
	}
}

// claims are what a condition asks for: a list of values, of which one must be
// there, for each thing that it looks at.
type claims map[string][]string

func claimsOf(w *document.When) claims {
	c := make(claims)
	if w == nil {
		return c
	}
	put := func(what string, texts []document.Text) {
		for _, t := range texts {
			c[what] = append(c[what], t.Value)
		}
	}
	put(status, w.Status)
	put(outcome, w.Outcome)
	put(changed, w.Changed)
	for from, tests := range map[string]document.Map[[]document.Text]{
		"request": w.Request, "response": w.Response, "item": w.Item, "query": w.Query, "header": w.Header,
	} {
		for _, t := range tests {
			put(from+" "+t.Key.Value, t.Value)
		}
	}
	return c
}

// The things that an event alone answers.
const (
	status  = "status"
	outcome = "outcome"
	changed = "changed"
)

// coveredBy says which of the cases before take all that c asks for, "" if
// something is left for it.
func coveredBy(c claims, before []claims) string {
	for i, earlier := range before {
		if c.implies(earlier) {
			return fmt.Sprintf("case %d holds whenever it does", i+1)
		}
	}
	union := make(claims) // of what the cases take that ask for one thing only
	for _, earlier := range before {
		if len(earlier) == 1 {
			for what, values := range earlier {
				union[what] = append(slices.Clip(union[what]), values...)
			}
		}
	}
	for what, values := range union {
		own, asks := c[what]
		if asks && covers(what, values, own) || !asks && exhausts(what, values) {
			return "the cases before it hold whenever it does"
		}
	}
	return ""
}

// implies reports whether other holds whenever c does.
func (c claims) implies(other claims) bool {
	for what, values := range other {
		if own, asks := c[what]; !asks || !covers(what, values, own) {
			return false
		}
	}
	return true
}

// covers reports whether the wide list takes whatever the narrow one takes.
func covers(what string, wide, narrow []string) bool {
	return !slices.ContainsFunc(narrow, func(n string) bool {
		return !slices.ContainsFunc(wide, func(w string) bool { return takes(what, w, n) })
	})
}

// takes reports whether one value takes whatever the other takes.
func takes(what, wide, narrow string) bool {
	switch {
	case wide == narrow, wide == "*" && strings.Contains(what, " "):
		return true
	case what == status:
		class, ok := strings.CutSuffix(wide, "xx")
		return ok && strings.HasPrefix(narrow, class)
	case what == changed:
		p, err := pointer.Parse(wide)
		return err == nil && p.Covers(narrow)
	}
	return false
}

// exhausts reports whether the values are all that there are.
func exhausts(what string, values []string) bool {
	switch what {
	case outcome:
		return !slices.ContainsFunc(activitylog.Outcomes(), func(o activitylog.Outcome) bool {
			return !slices.Contains(values, string(o))
		})
	case status:
		var all []string
		for n := 200; n < 600; n++ { // of the informational ones none is final but 101
			all = append(all, strconv.Itoa(n))
		}
		return covers(status, values, all)
	}
	return false
}
