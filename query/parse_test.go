package query_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog/query"
)

var (
	now     = time.Date(2026, 3, 29, 12, 0, 0, 0, time.UTC)
	options = query.Options{Now: now, Location: mustLoad("Europe/Kyiv")} // UTC+2, +3 from that day on
)

func mustLoad(name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return l
}

func mustParse(t *testing.T, text string) query.Query {
	t.Helper()
	q, err := query.Parse(text, options)
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	return q
}

// TestParse compares canonical forms; TestParseAST looks inside of one.
func TestParse(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{" \t\n", ""},
		{"actor:ann", "actor:ann"},
		{"event:org.member:*", "event:org.member:*"}, // the first colon splits
		{"code:a:b action:c:d", "event:a:b,c:d"},     // aliases; repeated means or
		{"ORG:acme Ip:10.0.0.1", "address:10.0.0.1 tenant:acme"},
		{"actor:b,a,b actor:a", "actor:a,b"}, // sorted, nothing twice
		{"-actor:a -actor:b", "-actor:a,b"},  // nor a nor b
		{"actor!:a -actor:b", "-actor:a,b"},
		{"-actor:a actor:b", "actor:b -actor:a"},
		{"target:a AND target:b", "target:a AND target:b"},
		{"target:b actor:x AND target:a", "actor:x target:a AND target:b"},
		{"actor:x AND actor:x", "actor:x"},
		{"-actor:x AND -actor:y", "-actor:x,y"},
		{"actor:a**b", "actor:a*b"},
		{`actor:"a*b"`, `actor:"a*b"`}, // a star that is one
		{`actor:"Ann Lee"*`, `actor:"Ann Lee"*`},
		{`actor:"ann"`, "actor:ann"},
		{`actor:“Ann Lee”`, `actor:"Ann Lee"`}, // as a telephone writes it
		{`actor:„a"b“`, `actor:"a\"b"`},
		{`actor:"a”b"`, `actor:"a”b"`},
		{`actor:"a\"b\\c"`, `actor:"a\"b\\c"`},
		{`actor:a\b`, `actor:a\b`},
		{`actor:""`, `actor:""`},
		{`actor:a" "b`, `actor:"a b"`},
		{"actor:x;DROP", "actor:x;DROP"},
		{"outcome:FAILURE,denied", "outcome:denied,failure"},
		{"method:patch", "method:PATCH"},
		{"trace:4BF92F", "trace:4bf92f"},
		{"status:403", "status:403"},
		{"status:4XX,500..504", "status:4xx,500..504"},
		{"status:400..499", "status:4xx"},
		{"status:0", "status:0"},
		{"after:2026-01-01", "after:2025-12-31T22:00:00Z"},
		{"before:2026-01-01T10:30", "before:2026-01-01T08:30:00Z"},
		{"after:2026-01-01T10:30:01.123456789Z", "after:2026-01-01T10:30:01.123456789Z"},
		{"after:2026-01-01T10:30:01+05:30", "after:2026-01-01T05:00:01Z"},
		{"on:2026-03-29", "after:2026-03-28T22:00:00Z before:2026-03-29T21:00:00Z"}, // 23 hours
		{"last:24h", "after:2026-03-28T12:00:00Z"},
		{"last:1w2d3h4m5s", "after:2026-03-20T08:55:55Z"},
		{"on:2026-01-02 after:2026-01-02T10:00", "after:2026-01-02T08:00:00Z before:2026-01-02T22:00:00Z"},
		{"after:1969-12-31T23:59:59.999999999Z", "after:1969-12-31T23:59:59.999999999Z"},
	}
	for _, tt := range tests {
		q, err := query.Parse(tt.text, options)
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.text, err)
			continue
		}
		if got := q.String(); got != tt.want {
			t.Errorf("Parse(%q) = %q, want %q", tt.text, got, tt.want)
		}
		again, err := query.Parse(tt.want, query.Options{})
		if err != nil || !reflect.DeepEqual(again, q) {
			t.Errorf("Parse(%q) = %+v, %v, want %+v", tt.want, again, err, q)
		}
	}
}

func TestParseAST(t *testing.T) {
	got := mustParse(t, `actor:usr_*,"a*b" -status:4xx after:2026-01-01T00:00:00Z`)
	want := query.Query{
		Terms: []query.Term{
			{Key: query.Actor, Values: []query.Value{{Text: "a*b"}, {Text: "usr_*", Glob: true}}},
			{Key: query.Status, Negate: true, Values: []query.Value{{Low: 400, High: 499}}},
		},
		Since: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		text  string
		fault string // the part that is underlined
		mean  string // what is suggested
		msg   string
	}{
		{"actor:a evnt:b", "evnt", "event", "unknown key"},
		{"-evnt:b", "evnt", "event", "unknown key"},
		{"xyzzy:b", "xyzzy", "", "unknown key"},
		{"ann", "ann", "actor:ann", "free text"},
		{"actor:x failure", "failure", "outcome:failure", "free text"},
		{"actor=ann", "actor=ann", "actor:ann", "free text"},
		{"org acme", "org", "tenant:acme", "free text"},
		{`"EU cards"`, `"EU`, "", "free text"},
		{":x", ":", "", "key must stand before"},
		{"-:x", ":", "", "key must stand before"},
		{"-actor!:x", "-actor!", "", "negated twice"},
		{"actor:", "", "", "needs a value"},
		{"actor:a,", "", "", "needs a value"},
		{"actor:,a", "", "", "needs a value"},
		{"actor: ann", "", "", "needs a value"},
		{`actor:"ann`, `"ann`, "", "not closed"},
		{`actor:"ann\"`, `"ann\"`, "", "not closed"},
		{"actor:a(b)", "(", "", "bracket"},
		{"(actor:a)", "(", "", "brackets"},
		{`actor:"a*"*`, `"a*"*`, "", "quoted *"},
		{"outcome:fialure", "fialure", "failure", "one of success, denied, failure, unknown"},
		{"outcome:f*", "f*", "", "one of"},
		{"status:abc", "abc", "", "number"},
		{"status:4*", "4*", "", "number"},
		{"status:-1", "-1", "", "number"},
		{"status:500..400", "500..400", "", "number"},
		{"status:99999999999", "99999999999", "", "number"},
		{"after:yesterday", "yesterday", "", "a date or a time"},
		{"after:2026-02-30", "2026-02-30", "", "a date or a time"},
		{"on:2026-01-01T10:00", "2026-01-01T10:00", "", "a date"},
		{"on:2026-01-*", "2026-01-*", "", "a date"},
		{"last:0s", "0s", "", "a duration"},
		{"last:5", "5", "", "a duration"},
		{"last:1h2d", "1h2d", "", "a duration"},
		{"last:99999999d", "99999999d", "", "a duration"},
		{"last:4000w after:1500-01-01", "1500-01-01", "", "out of range"},
		{"on:2262-04-12", "2262-04-12", "", "out of range"},
		{"-after:2026-01-01", "-after", "", "cannot be negated"},
		{"on:2026-01-01 on:2026-01-02", "on", "", "twice"},
		{"after:2026-01-01,2026-01-02", ",", "", "one value"},
		{"AND actor:a", "AND", "", "between two terms"},
		{"actor:a AND", "AND", "", "between two terms"},
		{"actor:a AND AND actor:b", "AND", "", "between two terms"},
		{"actor:\xff", "\xff", "", "UTF-8"},
		{"actor:a\x00", "\x00", "", "UTF-8"},
		{"actor:" + strings.Repeat("x", query.MaxText), "", "", "2054 bytes long"},
		{"actor:" + strings.Repeat("x,", query.MaxTerms) + "x", "x", "", "more than 50"},
		{"ip:" + strings.Repeat("x", query.MaxText-3), "", "", "when written out"},
	}
	for _, tt := range tests {
		q, err := query.Parse(tt.text, options)
		var e *query.Error
		if !errors.As(err, &e) {
			t.Errorf("Parse(%q) = %q, %v, want an *Error", tt.text, q, err)
			continue
		}
		if got := e.Text[e.At[0]:e.At[1]]; got != tt.fault || e.DidYouMean != tt.mean || !strings.Contains(e.Msg, tt.msg) {
			t.Errorf("Parse(%q): fault %q, did you mean %q, message %q\nwant %q, %q, %q",
				tt.text, got, e.DidYouMean, e.Msg, tt.fault, tt.mean, tt.msg)
		}
	}
}

func TestErrorUnderlined(t *testing.T) {
	tests := []struct{ text, line, want string }{
		{"actor:ann evnt:x", `query: unknown key: "evnt", did you mean "event"?`,
			"actor:ann evnt:x\n          ^^^^"},
		{"actor:Зоя evnt:x", `query: unknown key: "evnt", did you mean "event"?`,
			"actor:Зоя evnt:x\n          ^^^^"},
		{"actor:a\n\x1bstatus:", `query: free text cannot be searched, write key:value: "\x1bstatus", did you mean "status:4xx"?`, ""},
		{"actor:", `query: actor: needs a value, as in actor:usr_ann; "" is the empty one`, "actor:\n      ^"},
	}
	for _, tt := range tests {
		_, err := query.Parse(tt.text, options)
		var e *query.Error
		if !errors.As(err, &e) {
			t.Fatalf("Parse(%q): %v", tt.text, err)
		}
		if tt.want != "" && (e.Error() != tt.line || e.Underlined() != tt.want) {
			t.Errorf("Parse(%q):\n%s\n%s\nwant\n%s\n%s", tt.text, e.Error(), e.Underlined(), tt.line, tt.want)
		}
		if strings.ContainsAny(e.Underlined(), "\x1b\r") || strings.Count(e.Underlined(), "\n") != 1 {
			t.Errorf("Underlined %q passes control characters on", e.Underlined())
		}
	}
}

// TestKeys checks that what the registry tells people is true.
func TestKeys(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range query.Keys() {
		for _, name := range append([]string{k.Name}, k.Aliases...) {
			if seen[name] {
				t.Errorf("key %q is there twice", name)
			}
			seen[name] = true
		}
		if k.Doc == "" || !strings.HasPrefix(k.Example, k.Name+":") {
			t.Errorf("key %q: doc %q, example %q", k.Name, k.Doc, k.Example)
		}
		mustParse(t, k.Example)
		for _, v := range k.Values {
			mustParse(t, k.Name+":"+v)
		}
	}
	query.Keys()[0].Aliases[0] = "changed"
	mustParse(t, "code:a:b")
}

func ExampleParse() {
	q, err := query.Parse("org:acme event:org.member:* -outcome:failure after:2026-01-01", query.Options{})
	fmt.Println(q, err)

	_, err = query.Parse("actor:ann evnt:payout:*", query.Options{})
	fmt.Println(err)
	if e := (*query.Error)(nil); errors.As(err, &e) {
		fmt.Println(e.Underlined())
	}
	// Output:
	// event:org.member:* -outcome:failure tenant:acme after:2026-01-01T00:00:00Z <nil>
	// query: unknown key: "evnt", did you mean "event"?
	// actor:ann evnt:payout:*
	//           ^^^^
}
