package secret_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/internal/secret"
	"github.com/activitylog-go/activitylog/internal/secret/secrettest"
)

// TestFakes hides each kind of secret in texts of many kinds: it must be gone,
// and the text around it must still be there.
func TestFakes(t *testing.T) {
	kinds := secrettest.Fakes(1)
	if len(kinds) < 100 {
		t.Errorf("there are %d kinds of secrets, want 100", len(kinds))
	}
	around := []func(string) string{
		func(s string) string { return s },
		func(s string) string { return "before " + s + " after" },
		func(s string) string { return "before\t" + s + "\nafter" },
		func(s string) string { return "before (" + s + ") after" },
		func(s string) string { return "Zoë " + s + " 日本" },
		func(s string) string { return "before:" + s + "; after" },
	}
	for seed := range uint64(20) {
		for _, f := range secrettest.Fakes(seed) {
			for _, put := range around {
				text := put(f.Text)
				got, n := secret.Redact(text)
				if n == 0 || strings.Contains(got, f.Secret) || !strings.Contains(got, secret.Mark) {
					t.Errorf("%s: %q becomes %q", f.Kind, text, got)
				}
				for _, rest := range []string{"before", "after", "Zoë", "日本"} {
					if strings.Contains(text, rest) && !strings.Contains(got, rest) && f.Kind != "cookie" {
						t.Errorf("%s: %q becomes %q: %s is gone", f.Kind, text, got, rest)
					}
				}
				if again, n := secret.Redact(got); n > 0 {
					t.Errorf("%s: %q becomes %q the second time", f.Kind, got, again)
				}
			}
		}
	}
}

// TestEscaped hides secrets behind escapes.
func TestEscaped(t *testing.T) {
	hide := map[string]func(string) string{
		"of a path":  url.PathEscape,
		"of a query": func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") },
		"of all bytes": func(s string) string {
			var b strings.Builder
			for _, c := range []byte(s) {
				fmt.Fprintf(&b, "%%%02x", c)
			}
			return b.String()
		},
		"of JSON, all": func(s string) string {
			var b strings.Builder
			for _, c := range []byte(s) {
				fmt.Fprintf(&b, `\u%04x`, c)
			}
			return b.String()
		},
		"of JSON in JSON": func(s string) string {
			b, _ := json.Marshal(s)
			b, _ = json.Marshal(string(b))
			return string(b[1 : len(b)-1])
		},
	}
	for how, escape := range hide {
		for _, f := range secrettest.Fakes(1) {
			text := "before " + escape(f.Text) + " after"
			got, n := secret.Redact(text)
			if n == 0 || strings.Contains(got, escape(f.Secret)) || !strings.HasPrefix(got, "before ") {
				t.Errorf("%s, escapes %s: %q becomes %q", f.Kind, how, text, got)
			}
		}
	}
}

func TestRedact(t *testing.T) {
	key := "AK" + "IA" + "IOSFODNN7EXAMPLE"
	tests := []struct{ in, want string }{
		{"", ""},
		{"key " + key + ", and " + key + "!", "key [redacted], and [redacted]!"},
		{"x" + key, "x" + key}, // part of a longer word
		{key + "x", key + "x"},
		{"id_" + key, "id_[redacted]"},
		{"/keys/" + key + "/rotate", "/keys/[redacted]/rotate"},
		{"https://ann:pass@host:80/p?q=1", "https://[redacted]@host:80/p?q=1"},
		{"https://ann@host/p", "https://ann@host/p"},
		{"https://host:8080/@ann", "https://host:8080/@ann"},
		{"mail to ann@example.com: done", "mail to ann@example.com: done"},
		{"password=a&b=c", "password=[redacted]&b=c"},
		{"password: too short", "password: too short"},
		{"PASSWORD: hunter2", "PASSWORD: [redacted]"},
		{`"apiKey" : "x y"`, `"apiKey" : "[redacted]"`},
		{`"api_key":"it's \" 1"}`, `"api_key":"[redacted]"}`},
		{"next_token=abcdef1234567890", "next_token=abcdef1234567890"},
		{"token=abcdef1234567890", "token=[redacted]"},
		{"token: expired", "token: expired"},
		{"token=hmac-sha256:0123", "token=hmac-sha256:0123"},
		{"password=****", "password=****"},
		{"password=true", "password=true"},
		{"Cookie: a=b; c=d\nnext", "Cookie: [redacted]\nnext"},
		{"Authorization: Digest username=\"ann\", response=\"0af1\"", "Authorization: Digest [redacted]"},
		{"authorization: denied by policy", "authorization: denied by policy"},
		{"Bearer authentication is required", "Bearer authentication is required"},
		{"basic authentication-is-required", "basic authentication-is-required"},
		{"shopping=1234", "shopping=1234"},
		{"pin=1234", "pin=[redacted]"},
		{"card 4111 1111 1111 1111 12/27 123", "card [redacted] 12/27 123"},
		{"card 4111 1111 1111 1112", "card 4111 1111 1111 1112"},
		{"0.4111111111111111", "0.4111111111111111"},
		{"4111-1111-1111-1111-1", "4111-1111-1111-1111-1"},
	}
	for _, tt := range tests {
		if got, _ := secret.Redact(tt.in); got != tt.want {
			t.Errorf("%q becomes %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestRedactJSON(t *testing.T) {
	key := "AK" + "IA" + "IOSFODNN7EXAMPLE"
	tests := []struct{ in, want string }{
		{`"x"`, `"x"`},
		{`"` + key + `"`, `"[redacted]"`},
		{`{"` + key + `":["a",{"b":"\u0041` + key[1:] + ` tail"}]}`, `{"[redacted]":["a",{"b":"[redacted] tail"}]}`},
		{`{"card":4111111111111111,"n":4111111111111112}`, `{"card":"[redacted]","n":4111111111111112}`},
		{`[4111111111111111.5,1e5,-4111111111111111]`, `[4111111111111111.5,1e5,-4111111111111111]`},
		{`"{\"password\":\"correct horse\"}"`, `"{\"password\":\"[redacted]\"}"`},
		{`{"password":"x"}`, `{"password":"x"}`}, // names in a JSON text are the mapping's to judge
		{`"` + "\u00e9\\ud83d\\ude00 " + key + `"`, `"` + "\u00e9\\ud83d\\ude00 " + `[redacted]"`},
	}
	for _, tt := range tests {
		got, _ := secret.RedactJSON([]byte(tt.in))
		if string(got) != tt.want || !json.Valid(got) {
			t.Errorf("%s becomes %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestNamed(t *testing.T) {
	tests := []struct {
		name, value string
		want        bool
	}{
		{"password", "correct horse", true}, {"db.password", "horse", true}, {"apiKey", "abc", true}, {"X-Api-Key", "abc", true},
		{"token", "f00ba47e", true}, {"token", "expired", false}, {"page_token", "f00ba47e", false}, {"password", "", false}, {"password", "true", false},
		{"key", "f00ba47e", false}, {"monkey", "f00ba47e", false}, {"password_policy", "strong", false}, {"cookie", "a=b", true}, {"pin", "1234", true}, {"spin", "1234", false},
	}
	for _, tt := range tests {
		if got := secret.Named(tt.name, tt.value); got != tt.want {
			t.Errorf("Named(%q, %q) = %v", tt.name, tt.value, got)
		}
	}
}
