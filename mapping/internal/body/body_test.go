package body_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/internal/body"
	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
)

func lookup(t testing.TB, text, p string, fold bool) body.Document {
	t.Helper()
	d, ok := body.Parse([]byte(text), fold)
	if !ok {
		t.Fatalf("not valid: %s", text)
	}
	pattern, err := pointer.Parse(p)
	if err != nil {
		t.Fatal(err)
	}
	found, _ := d.Lookup(pattern)
	return found
}

func TestLookup(t *testing.T) {
	tests := []struct{ text, pointer, want string }{
		{`{"status":"active"}`, "/status", "active"},
		{` { "a" : { "b" : [ 1 , {"c":true} ] } } `, "/a/b/1/c", "true"},
		{`{"a":[10,20]}`, "/a/0", "10"},
		{`{"a":[10,20]}`, "/a/01", ""},
		{`{"a":[10,20]}`, "/a/-1", ""},
		{`{"a":[10,20]}`, "/a/2", ""},
		{`{"a":1}`, "/a/b", ""},
		{`{"a":1,"a":2}`, "/a", "2"},
		{`{"a":{"b":1},"a":3}`, "/a/b", ""},
		{`{"st\u0061tus":"x"}`, "/status", "x"},
		{`{"a":"\"}]{"}`, "/a", `"}]{`},
		{`{"x":"\\","a":"y"}`, "/a", "y"},
		{`{"a/b":1,"c~d":2}`, "/a~1b", "1"},
		{`{"a/b":1,"c~d":2}`, "/c~0d", "2"},
		{`{"":1}`, "/", "1"},
		{`{"STATUS":"x"}`, "/status", ""},
		{`{"a":null}`, "/a", "null"},
		{`{"a":{}}`, "/a", ""},
		{`{}`, "/a", ""},
		{`[]`, "/0", ""},
		{`"x"`, "/0", ""},
		{`{"a":1} trailing`, "/a", "1"},
		{` {"a":1}{"a":2}`, "/a", "1"},
	}
	for _, tt := range tests {
		if got, _ := lookup(t, tt.text, tt.pointer, false).Text(); got != tt.want {
			t.Errorf("%s in %s: %q, want %q", tt.pointer, tt.text, got, tt.want)
		}
	}
	if got, _ := lookup(t, `{"status":"active","STATUS":"off"}`, "/status", true).Text(); got != "off" {
		t.Errorf("keys of any case: %q, want the last one", got)
	}
}

func TestElements(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{`{"a":[ {"id":1} , 2,"x" ,[ ] ]}`, []string{`{"id":1}`, "2", `"x"`, "[ ]"}},
		{`{"a":[]}`, nil},
		{`{"a":{"b":1}}`, nil},
		{`{}`, nil},
	}
	for _, tt := range tests {
		var got []string
		for e := range lookup(t, tt.text, "/a", false).Elements() {
			got = append(got, string(e.JSON()))
		}
		if fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%s: %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"", "{", "nul", `{"a":}`, "}{", "\x00"} {
		if _, ok := body.Parse([]byte(text), false); ok {
			t.Errorf("%q: taken for JSON", text)
		}
	}
}

// FuzzWalk checks that the members and elements of every document are those
// that encoding/json finds.
func FuzzWalk(f *testing.F) {
	for _, seed := range []string{`{"a":[1,{"b":"\"}"}],"":null}`, ` [ "\\" , {} , [[]] ] `, `1e5`, `"\ud800"`, "{\"\xff\":1}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, ok := body.Parse(text, false)
		if !ok {
			return
		}
		var want any
		if err := json.NewDecoder(bytes.NewReader(text)).Decode(&want); err != nil {
			return // nested too deep for it, or a number out of range
		}
		compare(t, d, want)
	})
}

func compare(t *testing.T, d body.Document, want any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		last := make(map[string]body.Document)
		for k, v := range d.Members() {
			last[k] = v
		}
		if len(last) != len(want) {
			t.Fatalf("%s: %d members, want %d", d.JSON(), len(last), len(want))
		}
		for k, v := range want {
			compare(t, last[k], v)
		}
	case []any:
		i := 0
		for e := range d.Elements() {
			compare(t, e, want[i])
			i++
		}
		if i != len(want) {
			t.Fatalf("%s: %d elements, want %d", d.JSON(), i, len(want))
		}
	case string:
		if got, ok := d.Text(); !ok || got != want {
			t.Fatalf("%s: %q, want %q", d.JSON(), got, want)
		}
	default:
		var got any
		if err := json.Unmarshal(d.JSON(), &got); err != nil || got != want {
			t.Fatalf("%s: %v, want %v", d.JSON(), got, want)
		}
	}
}
