package query_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/query"
)

func TestFromValues(t *testing.T) {
	tests := []struct{ params, want string }{
		{"", ""},
		{"actor=ann&event=org.member:*&-outcome=failure", "actor:ann event:org.member:* -outcome:failure"},
		{"outcome!=failure", "-outcome:failure"},
		{"actor=a&actor=b,c", "actor:a,b,c"},
		{"actor=&org=acme", "tenant:acme"}, // a form's empty field
		{"target=EU cards", `target:"EU cards"`},
		{`target="a,b"`, `target:"a,b"`},
		{`target=""`, `target:""`},
		{"on=2026-01-02", "after:2026-01-01T22:00:00Z before:2026-01-02T22:00:00Z"},
		{"actor=x AND actor:y", `actor:"x AND actor:y"`}, // data, not language
	}
	for _, tt := range tests {
		q, err := query.FromValues(values(t, tt.params), options)
		if err != nil || q.String() != tt.want {
			t.Errorf("FromValues(%q) = %q, %v, want %q", tt.params, q, err, tt.want)
		}
	}
}

func TestFromValuesErrors(t *testing.T) {
	tests := []struct{ params, text, fault, mean string }{
		{"evnt=x", "evnt:x", "evnt", "event"},
		{"-evnt=x", "-evnt:x", "evnt", "event"},
		{"event:x=y", "event:x:y", "event:x", "event"}, // no second way to write a term
		{"limit=5", "limit:5", "limit", ""},
		{"=x", ":x", ":", ""},
		{"outcome=fialure", "outcome:fialure", "fialure", "failure"},
		{"-after=2026-01-01", "-after:2026-01-01", "-after", ""},
		{"after=2026-01-01&after=2026-01-02", "after:2026-01-02", "after", ""},
		{"actor=%ff", "actor:\xff", "\xff", ""},
		{"actor=" + strings.Repeat("x", query.MaxText), "actor:" + strings.Repeat("x", query.MaxText), "", ""},
	}
	for _, tt := range tests {
		q, err := query.FromValues(values(t, tt.params), options)
		var e *query.Error
		if !errors.As(err, &e) {
			t.Errorf("FromValues(%q) = %q, %v, want an *Error", tt.params, q, err)
			continue
		}
		if got := e.Text[e.At[0]:e.At[1]]; e.Text != tt.text || got != tt.fault || e.DidYouMean != tt.mean {
			t.Errorf("FromValues(%q): %v in %q at %v, did you mean %q", tt.params, e, e.Text, e.At, e.DidYouMean)
		}
	}
}

func values(t *testing.T, params string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(params)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func ExampleFromValues() {
	params := url.Values{"actor": {"ann"}, "-outcome": {"failure"}}
	q, err := query.FromValues(params, query.Options{})
	fmt.Println(q, err)
	// Output: actor:ann -outcome:failure <nil>
}
