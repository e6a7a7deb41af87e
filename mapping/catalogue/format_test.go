package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
)

func TestTypes(t *testing.T) {
	tests := []struct {
		kind  string
		value any
		want  string // in English; behind a bar, in German
	}{
		{"money", map[string]any{"amount": "1234567.50", "currency": "EUR"}, "1,234,567.50 EUR|1\u00a0234\u00a0567,50 EUR"},
		{"money", map[string]any{"amount": 1250, "currency": "usd", "note": "x"}, "1,250 USD|1\u00a0250 USD"},
		{"money", "EUR 12.5", "12.5 EUR|12,5 EUR"},
		{"money", "-12.5 EUR", "-12.5 EUR|-12,5 EUR"},
		{"money", "1000", "1,000|1\u00a0000"},
		{"money", 999, "999|999"},
		{"money", "0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827|0,1000000000000000055511151231257827"},
		{"money", map[string]any{"amount": "a lot", "currency": "EUR"}, `{"amount":"a lot","currency":"EUR"}|{"amount":"a lot","currency":"EUR"}`},
		{"money", map[string]any{"amount": "12", "currency": "€"}, `{"amount":"12","currency":"€"}|{"amount":"12","currency":"€"}`},
		{"money", map[string]any{"amount": 1e30, "currency": "EUR"}, `{"amount":1e+30,"currency":"EUR"}|{"amount":1e+30,"currency":"EUR"}`},
		{"money", "12 apples and pears", "12 apples and pears|12 apples and pears"},
		{"number", 1234567, "1,234,567|1\u00a0234\u00a0567"},
		{"number", -123456, "-123,456|-123\u00a0456"},
		{"number", 0.25, "0.25|0,25"},
		{"number", "00012", "00,012|00\u00a0012"},
		{"number", "1e9", "1e9|1e9"},
		{"number", ".5", ".5|.5"},
		{"number", "5.", "5.|5."},
		{"number", strings.Repeat("9", 41), strings.Repeat("9", 41) + "|" + strings.Repeat("9", 41)},
		{"date", "2026-03-01", "2026-03-01|2026-03-01"},
		{"date", "2026-03-01T23:30:00-05:00", "2026-03-01|2026-03-01"},
		{"date", "yesterday", "yesterday|yesterday"},
		{"time", "2026-03-01T12:00:00.999Z", "2026-03-01 12:00:00 UTC|2026-03-01 12:00:00 UTC"},
		{"time", "2026-03-01T12:00:00+05:30", "2026-03-01 12:00:00 +05:30|2026-03-01 12:00:00 +05:30"},
		{"time", 1772366400, "2026-03-01 12:00:00 UTC|2026-03-01 12:00:00 UTC"},
		{"time", 1772366400999, "2026-03-01 12:00:00 UTC|2026-03-01 12:00:00 UTC"},
		{"time", 12, "12|12"},
		{"time", "2026-02-30T12:00:00Z", "2026-02-30T12:00:00Z|2026-02-30T12:00:00Z"},
		{"onoff", true, "on|on"},
		{"onoff", "Disabled", "off|off"},
		{"onoff", 2, "2|2"},
		{"onoff:locked/unlocked", false, "unlocked|unlocked"},
		{"onoff:✓/–", "on", "✓|✓"},
		{"words", "payment_route.v2", "payment route v2|payment route v2"},
		{"list", []string{"viewer"}, "viewer|viewer"},
		{"list", []string{"viewer", "admin"}, "viewer and admin|viewer, admin"},
		{"list", []any{"a", 2, true}, "a, 2 and true|a, 2, true"},
		{"list", []string{"a", "b", "c", "d", "e"}, "a, b and 3 more|a, b, +3"},
		{"list", []string{}, "[]|[]"},
		{"list", "viewer", "viewer|viewer"},
	}
	for _, tt := range tests {
		e := activitylog.Event{Code: "a:updated", Changes: []activitylog.Change{activitylog.NewChange("/x", nil, tt.value)}}
		e.Attributes.Set("x", tt.value)
		for _, name := range []string{"change./x.new", "attr.x"} {
			sentence := texts("{" + name + "|" + tt.kind + "}")
			c, err := catalogue.New(catalogue.Entry{
				Code: e.Code, Sentences: sentence,
				Translations: map[string]catalogue.Translation{"de": {Sentences: sentence}},
			})
			if err != nil {
				t.Fatal(err)
			}
			english, german, _ := strings.Cut(tt.want, "|")
			other := e
			if name == "attr.x" {
				other.Changes = nil
			}
			if got := c.Sentence(&other); got != english {
				t.Errorf("{%s|%s} of %v: got %q, want %q", name, tt.kind, tt.value, got, english)
			}
			if got := c.SentenceIn("de", &other); got != german {
				t.Errorf("{%s|%s} of %v in German: got %q, want %q", name, tt.kind, tt.value, got, german)
			}
		}
	}
}

func TestTargets(t *testing.T) {
	members := func(names ...string) []activitylog.Target {
		var targets []activitylog.Target
		for _, name := range names {
			targets = append(targets, activitylog.Target{Type: "member", Name: name})
		}
		return targets
	}
	c, err := catalogue.New(catalogue.Entry{Code: "a:removed", Sentences: texts("{actor.type} removed {targets}", "{actor} removed several")})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		targets []activitylog.Target
		want    string
	}{
		{nil, "Ann Lee removed several"},
		{members("Bob"), "user removed Bob"},
		{members("Bob", "Eve"), "user removed Bob and Eve"},
		{members("Bob", "Eve", "Joe"), "user removed Bob, Eve and Joe"},
		{members("Bob", "Eve", "Joe", "Sue", "Tom"), "user removed Bob, Eve and 3 more"},
		{append(members("Bob"), activitylog.Target{Type: "team", ID: "t_1"}), "user removed Bob and t_1"},
		{members("Bob", ""), "Ann Lee removed several"},
		{members("<b>Bob</b>\nfailed", "a\u202eb\u200bc"), "user removed <b>Bob</b> failed and a b c"},
	}
	for _, tt := range tests {
		if got := c.Sentence(&activitylog.Event{Code: "a:removed", Actor: ann, Targets: tt.targets}); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

// TestTemplateOffset checks that an error says where in the template it is.
func TestTemplateOffset(t *testing.T) {
	tests := []struct{ text, at, msg string }{
		{"{actor} did {nobody}", "nobody}", "unknown placeholder {nobody}: known are actor,"},
		{"{{x}} {acter}", "acter}", `did you mean "actor"?`},
		{"é {attr.x|mony}", "mony}", `unknown type "mony": did you mean "money"?`},
		{"{attr.x|}", "}", `unknown type "": known are date, list, money, number, onoff, time, words`},
		{"{attr.x|onoff:on}", "onoff:on}", "as in onoff:locked/unlocked"},
		{"{attr.x|onoff:/off}", "onoff:/off}", "onoff:locked/unlocked"},
		{"{attr.x|money:a/b}", "money:a/b}", "only onoff takes words"},
		{"{actor|words}", "|words}", "{actor} takes no type"},
		{"{change./a~2.new}", "/a~2.new}", "~0"},
		{"{change./a.now}", "change./a.now}", "must end in .old or .new"},
		{"a } b", "} b", "}}"},
		{"ab {c", "{c", "{{"},
		{" ", " ", "empty"},
	}
	for _, tt := range tests {
		_, err := catalogue.ParseTemplate(tt.text)
		problem, ok := err.(*catalogue.TemplateError)
		if !ok || !strings.Contains(problem.Msg, tt.msg) || tt.text[problem.Offset:] != tt.at {
			t.Errorf("ParseTemplate(%q): got %+v, want %q at %q", tt.text, err, tt.msg, tt.at)
		}
	}
	for _, kind := range catalogue.Types() {
		if _, err := catalogue.ParseTemplate("{attr.x|" + kind + "}"); err != nil {
			t.Errorf("the type %s is listed and refused: %v", kind, err)
		}
	}
}

func TestFields(t *testing.T) {
	template, err := catalogue.ParseTemplate("{actor} {change./a.old} {change./items/*/b.new|money} {change./a.new} {attr.x}")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"/a", "/items/*/b"}; !slices.Equal(template.Fields(), want) {
		t.Errorf("Fields() = %q, want %q", template.Fields(), want)
	}
	c, err := catalogue.New(catalogue.Entry{Code: "a:updated", Sentences: texts("{actor} priced it {change./items/*/b.new|money}")})
	if err != nil {
		t.Fatal(err)
	}
	e := activitylog.Event{Code: "a:updated", Actor: ann, Changes: []activitylog.Change{
		{Path: "/items/0/b", Redacted: true}, activitylog.NewChange("/items/0/c", 1, 2), activitylog.NewChange("/items/1/b", "1 EUR", "2000 EUR"),
	}}
	if got, want := c.Sentence(&e), "Ann Lee priced it 2,000 EUR · 3 fields"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
