package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
)

// polyglot is a catalogue in several languages.
func polyglot(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.New(
		catalogue.Entry{
			Code: "org.member:updated", Title: "Team member updated",
			Sentences: texts("{actor} changed role of {target} to {change./role.new}", "{actor} updated team member {target}"),
			Attempts:  texts("{actor} tried to update {target}"),
			Translations: map[string]catalogue.Translation{
				"de":    {Title: "Mitglied geändert", Sentences: texts("{actor} hat die Rolle von {target} auf {change./role.new} gesetzt", "{actor} hat {target} geändert")},
				"de-at": {Sentences: texts("{actor} hat {target.name} in {tenant} geändert")},
				"uk":    {Sentences: texts("{actor} змінює {targets}"), Attempts: texts("{actor} не може змінити {target}")},
			},
		},
		catalogue.Entry{Code: "org:created", Translations: map[string]catalogue.Translation{"pt-BR": {Title: "Organização criada"}, "en-GB": {Title: "Organisation created"}}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSentenceIn(t *testing.T) {
	c := polyglot(t)
	role := activitylog.NewChange("/role", "viewer", "admin")
	name := activitylog.NewChange("/last_name", "Ito", nil)
	event := func(change func(*activitylog.Event)) *activitylog.Event {
		e := &activitylog.Event{Code: "org.member:updated", Actor: ann, Targets: one("member", "mem_1", "Bob Ito")}
		change(e)
		return e
	}
	plain := func(*activitylog.Event) {}
	tests := []struct {
		name, lang string
		change     func(*activitylog.Event)
		want       string
	}{
		{"language", "de", plain, "Ann Lee hat Bob Ito geändert"},
		{"case of the tag", "DE", plain, "Ann Lee hat Bob Ito geändert"},
		{"region", "de-AT", func(e *activitylog.Event) { e.Tenant = "acme" }, "Ann Lee hat Bob Ito in acme geändert"},
		{"parent of a region that lacks a value", "de-AT", plain, "Ann Lee hat Bob Ito geändert"},
		{"parent of a region that is not there", "de-Latn-CH", plain, "Ann Lee hat Bob Ito geändert"},
		{"told change", "de", func(e *activitylog.Event) { e.Changes = []activitylog.Change{role} },
			"Ann Lee hat die Rolle von Bob Ito auf admin gesetzt"},
		{"changes have no English words", "de", func(e *activitylog.Event) { e.Changes = []activitylog.Change{name} },
			"Ann Lee hat Bob Ito geändert · last name: Ito → –"},
		{"secret change", "de", func(e *activitylog.Event) { e.Changes = []activitylog.Change{{Path: "/token", Redacted: true}} },
			"Ann Lee hat Bob Ito geändert · token"},
		{"several changes", "uk", func(e *activitylog.Event) { e.Changes = []activitylog.Change{role, name, role, role} },
			"Ann Lee змінює Bob Ito · role, last name, +2"},
		{"more changes", "uk", func(e *activitylog.Event) { e.Changes = []activitylog.Change{role, name, role, more(2900)} },
			"Ann Lee змінює Bob Ito · role, last name, +2901"},
		{"one change and more", "uk", func(e *activitylog.Event) { e.Changes = []activitylog.Change{name, more(1)} },
			"Ann Lee змінює Bob Ito · last name, +1"},
		{"only more", "uk", func(e *activitylog.Event) { e.Changes = []activitylog.Change{more(5)} },
			"Ann Lee змінює Bob Ito · +5"},
		{"attempt", "uk", func(e *activitylog.Event) { e.Outcome = activitylog.Denied }, "Ann Lee не може змінити Bob Ito"},
		{"attempt in English only", "de", func(e *activitylog.Event) { e.Outcome = activitylog.Denied }, "Ann Lee tried to update Bob Ito"},
		{"language that is not there", "fr", plain, "Ann Lee updated team member Bob Ito"},
		{"no language", "", plain, "Ann Lee updated team member Bob Ito"},
		{"no tag", "de_AT", plain, "Ann Lee updated team member Bob Ito"},
		{"grammar", "de", func(e *activitylog.Event) { e.Code = "org:created" }, "Ann Lee created org of Bob Ito"},
		{"unknown code", "de", func(e *activitylog.Event) { e.Code = "org:deleted" }, "Ann Lee deleted org of Bob Ito"},
	}
	for _, tt := range tests {
		if got := c.SentenceIn(tt.lang, event(tt.change)); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
	if got, want := c.Sentence(event(plain)), "Ann Lee updated team member Bob Ito"; got != want {
		t.Errorf("Sentence stays English: got %q", got)
	}
}

func TestTitleIn(t *testing.T) {
	c := polyglot(t)
	tests := []struct {
		lang string
		code activitylog.Code
		want string
	}{
		{"de", "org.member:updated", "Mitglied geändert"},
		{"de-AT", "org.member:updated", "Mitglied geändert"},
		{"uk", "org.member:updated", "Team member updated"},
		{"pt-br", "org:created", "Organização criada"},
		{"pt", "org:created", "Org created"},
		{"en-GB", "org:created", "Organisation created"},
		{"de", "org:deleted", "Org deleted"},
	}
	for _, tt := range tests {
		if got := c.TitleIn(tt.lang, tt.code); got != tt.want {
			t.Errorf("TitleIn(%s, %s) = %q, want %q", tt.lang, tt.code, got, tt.want)
		}
	}
}

func TestMatch(t *testing.T) {
	c := polyglot(t)
	if want := []string{"de", "de-AT", "en", "en-GB", "pt-BR", "uk"}; !slices.Equal(c.Languages(), want) {
		t.Fatalf("Languages() = %q, want %q", c.Languages(), want)
	}
	tests := []struct{ header, want string }{
		{"", "en"},
		{"de", "de"},
		{"DE-at", "de-AT"},
		{"de-CH-1996, fr", "de"},
		{"fr, uk", "uk"},
		{"fr;q=0.9, uk;q=0.8, de;q=0.85", "de"},
		{"en-US,en;q=0.9,de;q=0.8", "en"},
		{"pt", "en"}, // nobody who asks for Portuguese asks for Brazil's
		{"pt-BR;q=0.001, *", "pt-BR"},
		{"*", "en"},
		{"de;q=0, uk;q=0.1", "uk"},
		{"de-AT-x-vienna", "de-AT"},
		{"de-CH, de;q=0, uk;q=0.5", "uk"},
		{"de;q=0.5;q=1, uk;q=0.1", "uk"},
		{"de;q=1.1, uk;q=0.1", "uk"},
		{"de;q=.9, uk;q=0.1", "uk"},
		{"de;q=0.1234, uk;q=0.1", "uk"},
		{"de ; Q=1.000 , uk", "de"},
		{"de;level=1, uk", "uk"},
		{",,;q=1,-,de--AT,uk", "uk"},
		{"toolongforalanguage, 12, uk", "uk"},
		{strings.Repeat("fr,", 31) + "de", "de"},
		{strings.Repeat("fr,", 32) + "de", "en"},
		{"de," + strings.Repeat(" ", 1022), "en"},
		{"\xff\x00,de", "de"},
	}
	for _, tt := range tests {
		if got := c.Match(tt.header); got != tt.want {
			t.Errorf("Match(%.60q) = %q, want %q", tt.header, got, tt.want)
		}
	}
	var none *catalogue.Catalogue
	if got := none.Match("de"); got != "en" || !slices.Equal(none.Languages(), []string{"en"}) {
		t.Errorf("a nil catalogue speaks English, not %q", got)
	}
}

func TestParseTag(t *testing.T) {
	tests := []struct{ tag, want string }{ // empty: no tag
		{"de", "de"},
		{"DE-at", "de-AT"},
		{"zh-hans-CN", "zh-Hans-CN"},
		{"es-419", "es-419"},
		{"de-CH-1996", "de-CH-1996"},
		{"en-X-Private", "en-x-private"},
		{"", ""},
		{"d", ""},
		{"x-private", ""},
		{"12", ""},
		{"de_AT", ""},
		{"de-", ""},
		{"de--AT", ""},
		{"dé", ""},
		{"de-x", ""},
		{"de-123456789", ""},
		{"de" + strings.Repeat("-abcdefgh", 4), ""},
	}
	for _, tt := range tests {
		if got, err := catalogue.ParseTag(tt.tag); got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("ParseTag(%q) = %q, %v, want %q", tt.tag, got, err, tt.want)
		}
	}
}

// FuzzMatch checks that whatever a client sends, the language is one of those
// that the catalogue has.
func FuzzMatch(f *testing.F) {
	c := polyglot(f)
	languages := c.Languages()
	for _, header := range []string{"de-AT,de;q=0.9,*;q=0.1", "en", "pt-BR;q=0", ";;;", "de-x-y-z;q=1.", "uk ;q=0.5"} {
		f.Add(header)
	}
	e := &activitylog.Event{Code: "org.member:updated", Actor: ann}
	f.Fuzz(func(t *testing.T, header string) {
		if lang := c.Match(header); !slices.Contains(languages, lang) {
			t.Errorf("Match(%q) = %q", header, lang)
		}
		check(t, c.SentenceIn(header, e))
		if tag, err := catalogue.ParseTag(header); err == nil {
			if again, err := catalogue.ParseTag(tag); err != nil || again != tag {
				t.Errorf("ParseTag(%q) = %q, and of that %q, %v", header, tag, again, err)
			}
		}
	})
}
