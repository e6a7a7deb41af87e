package activitylog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
)

// show writes changes as one reads them: path: old → new.
func show(changes []activitylog.Change) string {
	var lines []string
	for _, c := range changes {
		line := c.Path + ": " + string(c.Old) + " → " + string(c.New)
		if c.Redacted {
			line += " redacted"
		}
		if c.Truncated {
			line += " truncated"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestDiffJSON(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"equal", `{"a":1,"b":[1,{"c":null}]}`, `{"b":[1,{}],"a":1.0}`, ""},
		{"member", `{"role":"viewer","name":"Bob"}`, `{"role":"admin","name":"Bob"}`, `/role: "viewer" → "admin"`},
		{"added and removed", `{"a":1,"c":{"d":2}}`, `{"b":{"x":[1]},"c":{}}`, "/b:  → {\"x\":[1]}\n/c/d: 2 → \n/a: 1 → "},
		{"created", ``, `{"b":{"x":1},"a":"x"}`, "/a:  → \"x\"\n/b:  → {\"x\":1}"},
		{"deleted", `{"b":{"x":1},"a":"x"}`, `null`, "/a: \"x\" → \n/b: {\"x\":1} → "},
		{"null is no value", `{"a":null,"b":1,"c":null}`, `{"b":null,"c":2}`, "/c:  → 2\n/b: 1 → "},
		{"escaped", `{"a/b":{"~":1},"":2}`, `{"a/b":{"~":2},"":3}`, "/: 2 → 3\n/a~1b/~0: 1 → 2"},
		{"other kind", `{"a":[1],"b":"1"}`, `{"a":{"x":1},"b":1}`, "/a: [1] → {\"x\":1}\n/b: \"1\" → 1"},
		{"numbers", `{"a":1e2,"b":10.50,"c":0,"d":9007199254740993,"e":1e400}`, `{"a":100,"b":10.5,"c":-0.0,"d":9007199254740992,"e":2e400}`,
			"/d: 9007199254740993 → 9007199254740992\n/e: 1e400 → 2e400"},
		{"absurd numbers", `{"a":1e99999999999999999999,"b":1e99999999999999999999}`, `{"a":1e99999999999999999999,"b":1e99999999999999999998}`,
			"/b: 1e99999999999999999999 → 1e99999999999999999998"},
		{"escapes in strings", `{"a":"\u00e9","b":"<"}`, `{"a":"é","b":"\u003c"}`, ""},
		{"whole documents", `1`, `[2]`, ": 1 → [2]"},
		{"plain list", `{"a":["x","y"]}`, `{"a":["y","x"]}`, `/a: ["x","y"] → ["y","x"]`},
		{"plain list emptied", `{"a":["x"]}`, `{"a":[]}`, `/a: ["x"] → []`},
		{"money", `{"price":{"amount":"10.00","currency":"EUR"}}`, `{"price":{"currency":"EUR","amount":"12.50"}}`,
			`/price: {"amount":"10.00","currency":"EUR"} → {"amount":"12.50","currency":"EUR"}`},
		{"no money", `{"p":{"amount":1,"currency":"EUR","fee":1}}`, `{"p":{"amount":2,"currency":"EUR","fee":1}}`, `/p/amount: 1 → 2`},
		{"money of the document", `{"amount":1,"currency":"EUR"}`, `{"amount":2,"currency":"EUR"}`, `/amount: 1 → 2`},

		{"by key", `{"items":[{"id":1,"price":5},{"id":2,"price":6},{"id":3}]}`, `{"items":[{"id":3},{"id":4,"price":1},{"id":2,"price":7}]}`,
			"/items/1:  → {\"id\":4,\"price\":1}\n/items/2/price: 6 → 7\n/items/0: {\"id\":1,\"price\":5} → "},
		{"moved", `[{"id":"a"},{"id":"b"}]`, `[{"id":"b"},{"id":"a"}]`, ""},
		{"keys of other types differ", `[{"id":1}]`, `[{"id":"1"}]`, "/0:  → {\"id\":\"1\"}\n/0: {\"id\":1} → "},
		{"shared key", `[{"id":1,"a":1},{"id":1,"a":2}]`, `[{"id":1,"a":1},{"id":1,"a":3}]`, "/1/a: 2 → 3"},
		{"no key: changed", `[{"a":1},{"a":2},{"a":3}]`, `[{"a":1},{"a":5},{"a":3}]`, "/1/a: 2 → 5"},
		{"no key: inserted", `[{"a":1},{"a":2}]`, `[{"a":0},{"a":1},{"a":2}]`, "/0:  → {\"a\":0}"},
		{"no key: removed", `[{"a":1},{"a":2},{"a":3}]`, `[{"a":1},{"a":3}]`, "/1: {\"a\":2} → "},
		{"no key: null", `[{"a":1}]`, `[{"a":1},null]`, "/1:  → null"},
		{"lists of lists", `[[1,2],[3]]`, `[[1,2],[4]]`, "/1: [3] → [4]"},
		{"not JSON", `{"a":`, `{}`, ":  →  truncated"},
		{"more than one document", `{}`, `{} {}`, ":  →  truncated"},
	}
	for _, tt := range tests {
		if got := show(activitylog.Diff([]byte(tt.old), []byte(tt.new))); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

func TestDiffLimits(t *testing.T) {
	deep := func(n int, leaf string) []byte {
		return []byte(strings.Repeat(`{"a":`, n) + leaf + strings.Repeat(`}`, n))
	}
	many := func(n int, value string) map[string]string {
		m := make(map[string]string)
		for i := range n {
			m[fmt.Sprintf("k%04d", i)] = value
		}
		return m
	}
	tests := []struct {
		name     string
		old, new any
		n        int
		last     string
	}{
		{"as many as there may be", nil, many(100, "x"), 100, `/k0099:  → "x"`},
		{"one more", nil, many(101, "x"), 101, `:  → "1 more change" truncated`},
		{"many more", many(3000, "x"), many(3000, "y"), 101, `:  → "2900 more changes" truncated`},
		{"large value", nil, many(1, strings.Repeat("x", activitylog.MaxString)), 1, `/k0000:  →  truncated`},
		{"large values", nil, many(50, strings.Repeat("x", 2000)), 50, `/k0049:  →  truncated`},
		{"large list", nil, map[string]any{"a": make([]int, 200_000)}, 1, `/a:  →  truncated`},
		{"large document", nil, []byte(`{"a":1,"x":"` + strings.Repeat("x", 1<<20) + `"}`), 1, `:  →  truncated`},
		{"deep", deep(32, "1"), deep(32, "2"), 1, strings.Repeat("/a", 32) + `: 1 → 2`},
		{"too deep", deep(33, "1"), deep(33, "2"), 1, strings.Repeat("/a", 32) + `:  →  truncated`},
		{"long path", map[string]any{}, map[string]any{strings.Repeat("x", 500): 1, strings.Repeat("y", 500): 2, "a": 3}, 2, `:  →  truncated`},
	}
	for _, tt := range tests {
		changes := activitylog.Diff(tt.old, tt.new)
		if n := len(changes); n != tt.n {
			t.Errorf("%s: %d changes, want %d", tt.name, n, tt.n)
		} else if got := show(changes[n-1:]); got != tt.last {
			t.Errorf("%s: last is %.200s, want %s", tt.name, got, tt.last)
		}
		e := activitylog.Event{Changes: changes}
		e.Clean()
		if len(e.Changes) != len(changes) {
			t.Errorf("%s: an event has no room for all changes", tt.name)
		}
		if cut := slices.ContainsFunc(changes, func(c activitylog.Change) bool { return c.Truncated }); e.Truncated != cut {
			t.Errorf("%s: the event says truncated: %v, want %v", tt.name, e.Truncated, cut)
		}
	}
}
