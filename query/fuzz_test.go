package query_test

import (
	"errors"
	"net/url"
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/activitylog-go/activitylog/query"
)

// FuzzParse checks that Parse never panics, that its errors point into the
// text, and that a query that it accepts survives being printed.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"", "actor:ann event:org.member:* -outcome:failure after:2026-01-01",
		`actor:"a \"b\\"*,„c“ status:4xx,500..504 target:a AND target:b`,
		"on:2026-03-29 last:1w2d", "actor!:x (", "evnt:x", "\xff:\x00", "ip:a AND ip:b AND ip:c",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := query.Parse(text, options)
		if err != nil {
			checkError(t, text, err)
			return
		}
		checkRoundTrip(t, q)
	})
}

// FuzzFromValues does the same for parameters.
func FuzzFromValues(f *testing.F) {
	f.Add("actor", "ann,bob", "-outcome", "failure")
	f.Add("after", "2026-01-01", "event:x", `"a b"*`)
	f.Fuzz(func(t *testing.T, name1, value1, name2, value2 string) {
		q, err := query.FromValues(url.Values{name1: {value1}, name2: {value2}}, options)
		if err != nil {
			checkError(t, "", err)
			return
		}
		checkRoundTrip(t, q)
	})
}

func checkError(t *testing.T, text string, err error) {
	t.Helper()
	var e *query.Error
	if !errors.As(err, &e) || e.Error() == "" {
		t.Fatalf("error %T %v is not an *Error", err, err)
	}
	if text != "" && e.Text != text {
		t.Fatalf("error is about %q, not %q", e.Text, text)
	}
	if !utf8.ValidString(e.Underlined()) {
		t.Fatalf("underlined %q is not valid UTF-8", e.Underlined())
	}
}

func checkRoundTrip(t *testing.T, q query.Query) {
	t.Helper()
	text := q.String()
	again, err := query.Parse(text, query.Options{})
	if err != nil {
		t.Fatalf("Parse rejects what String printed: %q: %v", text, err)
	}
	if !reflect.DeepEqual(again, q) {
		t.Fatalf("round trip of %q changed\n%+v\nto\n%+v", text, q, again)
	}
	if twice := again.String(); twice != text {
		t.Fatalf("printed %q, then %q", text, twice)
	}
	q.Match(invited())
}

// FuzzGlob compares MatchText with the definition of a glob, letter by letter.
func FuzzGlob(f *testing.F) {
	f.Add("a*b", "axxb")
	f.Add("*ab*ab*", "abab")
	f.Add("**", "")
	f.Fuzz(func(t *testing.T, glob, s string) {
		if len(glob) > 12 || len(s) > 24 {
			return // the definition takes exponential time
		}
		v := query.Value{Text: glob, Glob: true}
		if got, want := v.MatchText(s), globs(glob, s); got != want {
			t.Errorf("%q matches %q: %v, want %v", glob, s, got, want)
		}
	})
}

func globs(glob, s string) bool {
	switch {
	case glob == "":
		return s == ""
	case glob[0] == '*':
		return globs(glob[1:], s) || s != "" && globs(glob, s[1:])
	default:
		return s != "" && s[0] == glob[0] && globs(glob[1:], s[1:])
	}
}
