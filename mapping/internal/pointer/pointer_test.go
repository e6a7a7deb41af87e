package pointer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
)

func parse(t testing.TB, text string) pointer.Pattern {
	t.Helper()
	p, err := pointer.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCovers(t *testing.T) {
	tests := []struct {
		pattern, pointer string
		covers, matches  bool
	}{
		{"/role", "/role", true, true},
		{"/role", "/roles", false, false},
		{"/roles", "/role", false, false},
		{"/address", "/address/city", true, false},
		{"/address/city", "/address", false, false},
		{"/address/city", "/address/zip", false, false},
		{"/items/*/price", "/items/0/price", true, true},
		{"/items/*/price", "/items/0/price/amount", true, false},
		{"/items/*/price", "/items/0/name", false, false},
		{"/items/*/price", "/items", false, false},
		{"/items/*/price", "/items//price", true, true},
		{"/*", "/anything", true, true},
		{"/*", "", false, false},
		{"/a*", "/abc", false, false},
		{"/a*", "/a*", true, true},
		{"/a~1b", "/a~1b", true, true},
		{"/a~1b", "/a/b", false, false},
		{"/a~0b", "/a~0b/c", true, false},
		{"/", "/", true, true},
		{"/", "//a", true, false},
		{"/", "/a", false, false},
		{"/Password/*", "/PASSWORD/Old", true, true},
		{"/password", "/pa\u017f\u017fword", true, true}, // as encoding/json has it
		{"/role", "role", false, false},
		{"/role", "", false, false},
	}
	for _, tt := range tests {
		p := parse(t, tt.pattern)
		if got := p.Covers(tt.pointer); got != tt.covers {
			t.Errorf("%s covers %q: got %v", tt.pattern, tt.pointer, got)
		}
		if got := p.Matches(tt.pointer); got != tt.matches {
			t.Errorf("%s matches %q: got %v", tt.pattern, tt.pointer, got)
		}
	}
	var whole pointer.Pattern
	if !whole.Covers("/a") || !whole.Matches("") || whole.Matches("/a") || whole.Covers("a") || whole.Segments() != nil {
		t.Error("the zero pattern must be the whole document")
	}
}

func TestBelow(t *testing.T) {
	tests := []struct {
		pattern, pointer string
		below            bool
	}{
		{"/address/city", "/address", true},
		{"/address/city", "", true},
		{"/address/city", "/address/city", false},
		{"/address/city", "/address/city/name", false},
		{"/address/city", "/addr", false},
		{"/address/city", "/ADDRESS", true},
		{"/items/*/price", "/items/0", true},
		{"/items/*/price", "/items/0/price", false},
		{"/items/*/price", "/orders", false},
		{"/address", "address", false},
	}
	for _, tt := range tests {
		if got := parse(t, tt.pattern).Below(tt.pointer); got != tt.below {
			t.Errorf("%s below %q: got %v", tt.pattern, tt.pointer, got)
		}
	}
}

// TestFoldName checks that no spelling that a decoder takes for a name gets
// past what is said of it.
func TestFoldName(t *testing.T) {
	for _, name := range []string{"api_key", "API-KEY", "api key", "api.key", "apiKey", "api\u212aey"} {
		if pointer.FoldName(name) != pointer.FoldName("apikey") {
			t.Errorf("%q is another name", name)
		}
	}
	if pointer.FoldName("pa\u017fs") != pointer.FoldName("PASS") || pointer.FoldName("apikeys") == pointer.FoldName("apikey") {
		t.Error("folded too little or too much")
	}
}

func TestEscape(t *testing.T) {
	for key, segment := range map[string]string{"a/b~c": "a~1b~0c", "~1": "~01", "": ""} {
		if pointer.Escape(key) != segment || pointer.Unescape(segment) != key {
			t.Errorf("%q: %q and back %q", key, pointer.Escape(key), pointer.Unescape(segment))
		}
	}
}

func TestSegments(t *testing.T) {
	p := parse(t, "/a~1b/~01/*/0/")
	if want := []string{"a/b", "~1", "*", "0", ""}; !slices.Equal(p.Segments(), want) {
		t.Errorf("Segments() = %q, want %q", p.Segments(), want)
	}
	if p.String() != "/a~1b/~01/*/0/" {
		t.Errorf("String() = %q", p.String())
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "slash"},
		{"role", `"role"`},
		{"#/role", "slash"},
		{"/a~", "~0"},
		{"/a~2", "~0"},
		{"/~/a", "~0"},
		{"/a\xff", "UTF-8"},
		{"/" + strings.Repeat("a", pointer.MaxLen), "501 bytes"},
		{strings.Repeat("/a", pointer.MaxSegments+1), "segments"},
	}
	for _, tt := range tests {
		p, err := pointer.Parse(tt.text)
		if err == nil || !strings.Contains(err.Error(), tt.want) || p != (pointer.Pattern{}) {
			t.Errorf("Parse(%.50q): got %v, want an error with %q", tt.text, err, tt.want)
		}
	}
	parse(t, strings.Repeat("/a", pointer.MaxSegments))
	parse(t, "/"+strings.Repeat("a", pointer.MaxLen-1))
}

// FuzzParse checks that a pattern that is read is written as it was, names
// the field whose pointer it is and all below it, and nothing above.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"/role", "/a~1b/*/0", "/", "//", "/~", "role", "/\xff", ""} {
		f.Add(text, "/role/x")
	}
	f.Fuzz(func(t *testing.T, text, other string) {
		p, err := pointer.Parse(text)
		if err != nil {
			return
		}
		if p.String() != text || !p.Matches(text) || !p.Covers(text+"/"+other) || p.Matches(text+"/") {
			t.Errorf("%q is not itself", text)
		}
		if above := text[:strings.LastIndexByte(text, '/')]; p.Covers(above) {
			t.Errorf("%q covers %q, which it is a part of", text, above)
		} else if !p.Below(above) || p.Below(text) {
			t.Errorf("%q is not below %q, or is below itself", text, above)
		}
		if n := len(p.Segments()); n != strings.Count(text, "/") || n > pointer.MaxSegments {
			t.Errorf("%q has %d segments", text, n)
		}
		if p.Matches(other) && !p.Covers(other) {
			t.Errorf("%q matches %q and does not cover it", text, other)
		}
	})
}

func BenchmarkCovers(b *testing.B) {
	p := parse(b, "/items/*/price")
	b.ReportAllocs()
	for b.Loop() {
		p.Covers("/items/12/price/amount")
	}
}

func Example() {
	p, err := pointer.Parse("/items/*/price")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Matches("/items/3/price"), p.Covers("/items/3/price/amount"), p.Covers("/items"))
	// Output: true true false
}
