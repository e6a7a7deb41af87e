package activitylog_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/activitylog-go/activitylog"
)

// FuzzDiff checks that the changes between any two documents make the second
// one of the first, but for the order of elements with an id and for what the
// changes say is missing; and that they are valid, bounded and always the same.
func FuzzDiff(f *testing.F) {
	for _, docs := range [][2]string{
		{`{"a":1,"b":{"c":[1,2]}}`, `{"a":2,"b":{"c":[2,1]},"d":null}`},
		{`[{"id":1,"x":1},{"id":2,"x":2},{"id":3}]`, `[{"id":3},{"id":4},{"id":2,"x":3}]`},
		{`[{"a":1},{"a":2}]`, `[{"a":0},{"a":1},[1],null,{"a":2}]`},
		{`{"p":{"amount":1,"currency":"EUR"}}`, `{"p":{"amount":1.0,"currency":"USD"},"~/":""}`},
		{`[[1],[2,[3]]]`, `[[1],[2,[4]],[]]`},
		{`null`, `[1]`},
		{`{"a":"\ud800"}`, `{"a":"<é>"}`},
	} {
		f.Add([]byte(docs[0]), []byte(docs[1]))
	}
	f.Fuzz(func(t *testing.T, old, new []byte) {
		changes := activitylog.Diff(old, new)
		checkChanges(t, changes)
		if again := activitylog.Diff(old, new); show(again) != show(changes) {
			t.Errorf("first\n%s\nthen\n%s", show(changes), show(again))
		}
		cut := slices.ContainsFunc(changes, func(c activitylog.Change) bool { return c.Truncated })
		a, ok := parse(old)
		b, also := parse(new)
		if !ok || !also || cut {
			return
		}
		if same := activitylog.Diff(old, old); len(same) > 0 {
			t.Errorf("%s differs from itself:\n%s", old, show(same))
		}
		if back := activitylog.Diff(new, old); len(back) != len(changes) {
			t.Errorf("forth\n%s\nback\n%s", show(changes), show(back))
		}
		var edits []edit
		for _, c := range changes {
			edits = append(edits, edit{strings.Split(c.Path, "/")[1:], c})
		}
		if c := changes; len(c) == 1 && c[0].Path == "" {
			edits = []edit{{nil, c[0]}}
		}
		if got := apply(a, edits, b); canonical(document(got)) != canonical(document(b)) {
			t.Errorf("%s with\n%s\nis %s\nnot %s", old, show(changes), canonical(got), canonical(b))
		}
	})
}

func checkChanges(t *testing.T, changes []activitylog.Change) {
	t.Helper()
	if len(changes) > activitylog.MaxChanges+1 {
		t.Fatalf("%d changes", len(changes))
	}
	for _, c := range changes {
		if !utf8.ValidString(c.Path+string(c.Old)+string(c.New)) || c.Path != "" && c.Path[0] != '/' || strings.Contains(strings.NewReplacer("~0", "", "~1", "").Replace(c.Path), "~") {
			t.Errorf("%q is no JSON pointer, or a value no text", c.Path)
		}
		for _, v := range []json.RawMessage{c.Old, c.New} {
			if len(v) > activitylog.MaxString || len(v) > 0 && !json.Valid(v) {
				t.Errorf("%s: %d bytes are no JSON text: %.200s", c.Path, len(v), v)
			}
		}
		if string(c.Old) == string(c.New) && !c.Truncated && !c.Redacted {
			t.Errorf("%s: nothing changed: %s", c.Path, c.Old)
		}
	}
}

// document returns v, or an object without members, which is as good as none.
func document(v any) any {
	if v == nil {
		return map[string]any{}
	}
	return v
}

// parse reads a document that apply can follow: one without exponents, whose
// numbers could be of any size, and without names that a path shows otherwise.
func parse(data []byte) (any, bool) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if len(data) == 0 || bytes.Contains(data, []byte(`\u0000`)) || !json.Valid(data) || dec.Decode(&v) != nil {
		return nil, len(data) == 0
	}
	return v, !strings.Contains(fmt.Sprint(v), "e") && !strings.Contains(fmt.Sprint(v), "E")
}

// An edit is a change with what is left of its path.
type edit struct {
	path   []string
	change activitylog.Change
}

// apply returns old with edits; order has the elements with an id in order.
func apply(old any, edits []edit, order any) any {
	for _, e := range edits {
		if len(e.path) == 0 {
			v, _ := parse(e.change.New)
			return v
		}
	}
	below := make(map[string][]edit)
	for _, e := range edits {
		below[e.path[0]] = append(below[e.path[0]], edit{e.path[1:], e.change})
	}
	if list, ok := old.([]any); ok {
		return applyList(list, below, order)
	}
	members, _ := old.(map[string]any)
	if members == nil && len(edits) == 0 {
		return old
	}
	orders, _ := order.(map[string]any)
	result := make(map[string]any)
	for name, v := range members {
		result[name] = v
	}
	for name := range below {
		if name := unescape.Replace(name); result[name] == nil {
			result[name] = nil
		}
	}
	for name, v := range result {
		result[name] = apply(v, below[escape.Replace(name)], orders[name])
	}
	return result
}

var (
	escape   = strings.NewReplacer("~", "~0", "/", "~1")
	unescape = strings.NewReplacer("~1", "/", "~0", "~")
)

func applyList(old []any, below map[string][]edit, order any) any {
	var kept []any
	added := make(map[int]any)
	for i, v := range old {
		here := func(e edit) bool { return len(e.path) == 0 && len(e.change.New) == 0 }
		if !slices.ContainsFunc(below[strconv.Itoa(i)], here) {
			kept = append(kept, v)
		}
	}
	for key, edits := range below {
		for _, e := range edits {
			if i, _ := strconv.Atoi(key); len(e.path) == 0 && len(e.change.Old) == 0 {
				added[i], _ = parse(e.change.New)
			}
		}
	}
	orders, _ := order.([]any)
	result := make([]any, len(kept)+len(added))
	for i := range result {
		v, isNew := added[i]
		var next any
		if i < len(orders) {
			next = orders[i]
		}
		if !isNew {
			j := 0
			if id, ok := idOf(next); ok {
				same := func(v any) bool { other, ok := idOf(v); return ok && id == other }
				if unique(old) && unique(orders) {
					j = max(0, slices.IndexFunc(kept, same))
				}
			}
			v, kept = kept[j], slices.Delete(slices.Clone(kept), j, j+1)
			edits := slices.DeleteFunc(slices.Clone(below[strconv.Itoa(i)]), func(e edit) bool {
				return len(e.path) == 0 && (len(e.change.Old) == 0 || len(e.change.New) == 0)
			})
			v = apply(v, edits, next)
		}
		result[i] = v
	}
	return result
}

func idOf(v any) (string, bool) {
	members, _ := v.(map[string]any)
	switch id := members["id"].(type) {
	case string, json.Number:
		return canonical(id), id != nil
	}
	return "", false
}

// unique reports whether every element has an id of its own.
func unique(list []any) bool {
	seen := make(map[string]bool)
	for _, v := range list {
		id, ok := idOf(v)
		if !ok || seen[id] {
			return false
		}
		seen[id] = true
	}
	return true
}

// canonical writes a document so that what is the same reads the same.
func canonical(v any) string {
	switch v := v.(type) {
	case json.Number:
		r, _ := new(big.Rat).SetString(v.String())
		return r.RatString()
	case []any:
		var all []string
		for _, e := range v {
			all = append(all, canonical(e))
		}
		return "[" + strings.Join(all, ",") + "]"
	case map[string]any:
		all := []string{}
		for name, m := range v {
			if m != nil {
				all = append(all, fmt.Sprintf("%q:%s", name, canonical(m)))
			}
		}
		slices.Sort(all)
		return "{" + strings.Join(all, ",") + "}"
	case string:
		return strconv.Quote(v)
	default:
		return fmt.Sprint(v)
	}
}

// FuzzDiffValues checks that values of all kinds, mixed, never panic.
func FuzzDiffValues(f *testing.F) {
	f.Add("a", int64(1), 1.5, []byte("{}"), uint8(3))
	f.Add("\xff", int64(-1), -0.0, []byte("[{\"id\":1}]"), uint8(255))
	f.Fuzz(func(t *testing.T, s string, i int64, x float64, raw []byte, pick uint8) {
		values := []any{
			nil, s, i, x, raw, json.RawMessage(raw), json.Number(s), map[string]any{s: i, "id": x}, []any{s, i, nil, x},
			account{Name: s, Quoted: i, Float: float32(x), Raw: raw, Blob: raw, Owner: s},
			&account{Roles: []string{s}, Limits: map[int]uint8{int(i): pick}, Tags: map[string]string{s: s}},
			[]line{{Order: s, Item: int(i)}, {Order: s, Price: int(i)}}, []any{bad{s}, badText(s)}, map[any]any{s: 1, i: bad{"panic"}},
		}
		for _, old := range values {
			changes := activitylog.Diff(old, values[int(pick)%len(values)])
			checkChanges(t, changes)
		}
	})
}
