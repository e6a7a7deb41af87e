package secret_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/activitylog-go/activitylog/internal/secret"
	"github.com/activitylog-go/activitylog/internal/secret/secrettest"
)

// FuzzRedact checks that no text makes the recogniser panic, that what it leaves
// has no secret that it knows, also not for those who look slowly, that valid
// UTF-8 stays valid, and that of an innocent text nothing is lost.
func FuzzRedact(f *testing.F) {
	for _, fake := range secrettest.Fakes(1) {
		f.Add("a "+fake.Text, " b")
	}
	for _, s := range innocents {
		f.Add(s, s)
	}
	f.Add("password=", `\"\u0041%41`)
	f.Add("Authorization: Digest [redac", "ted] x")
	f.Fuzz(func(t *testing.T, a, b string) {
		s := a + b
		got, n := secret.Redact(s)
		if left := secret.Find(got); len(left) > 0 {
			t.Errorf("%q becomes %q, where there is still %q", s, got, left)
		}
		if again, m := secret.Redact(got); m > 0 {
			t.Errorf("%q becomes %q and then %q", s, got, again)
		}
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Errorf("%q becomes %q, which is not valid UTF-8", s, got)
		}
		if (n > 0) != (got != s) || n > 0 && !strings.Contains(got, secret.Mark) {
			t.Errorf("%q becomes %q, with %d secrets", s, got, n)
		}
		if secret.Find(s) != nil && n == 0 {
			t.Errorf("%q has %q, and is said to have none", s, secret.Find(s))
		}
	})
}

// FuzzRedactJSON checks that a JSON text stays one and keeps its structure.
func FuzzRedactJSON(f *testing.F) {
	for _, fake := range secrettest.Fakes(1) {
		text, _ := json.Marshal(map[string]any{fake.Text: []any{1, fake.Text}})
		f.Add(text)
	}
	f.Add([]byte(`[4111111111111111, -1.5e+7, "\u0041\"\\"]`))
	f.Fuzz(func(t *testing.T, v []byte) {
		if !json.Valid(v) {
			return
		}
		got, n := secret.RedactJSON(v)
		if !json.Valid(got) {
			t.Fatalf("%s becomes %s, which is no JSON", v, got)
		}
		if _, m := secret.RedactJSON(got); m > 0 {
			t.Errorf("%s becomes %s, where there are still %d", v, got, m)
		}
		if n == 0 && string(got) != string(v) {
			t.Errorf("%s becomes %s for nothing", v, got)
		}
	})
}
