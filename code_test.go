package activitylog_test

import (
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
)

func TestParseCode(t *testing.T) {
	tests := []struct {
		in  string
		err string // "" if it is a code
	}{
		{"org:created", ""},
		{"com.scheme_payment_service:updated", ""},
		{"a.b.c:d", ""},
		{"v2.user:logged_in", ""},
		{"", "no colon"},
		{"org.created", "no colon"},
		{":created", `resource part ""`},
		{"org:", `verb ""`},
		{"org..member:updated", `resource part ""`},
		{"Org:created", `resource part "Org"`},
		{"2org:created", `resource part "2org"`},
		{"_org:created", `resource part "_org"`},
		{"org:re:created", `verb "re:created"`},
		{"org:change-role", `verb "change-role"`},
		{"org member:created", `resource part "org member"`},
		{"örg:created", `resource part "örg"`},
		{"org:created\n", `verb "created\n"`},
		{strings.Repeat("a", activitylog.MaxCodeLen-2) + ":b", ""},
		{strings.Repeat("a", activitylog.MaxCodeLen-1) + ":b", "201 bytes long"},
	}
	for _, tt := range tests {
		code, err := activitylog.ParseCode(tt.in)
		switch {
		case tt.err == "" && (err != nil || string(code) != tt.in):
			t.Errorf("ParseCode(%q) = %q, %v, want the code itself", tt.in, code, err)
		case tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)):
			t.Errorf("ParseCode(%q) error is %v, want %q in it", tt.in, err, tt.err)
		}
	}
}

func TestCodeParts(t *testing.T) {
	tests := []struct {
		code                   activitylog.Code
		resource, verb, dotted string
	}{
		{"org.member:updated", "org.member", "updated", "org.member.updated"},
		{"com.scheme:created", "com.scheme", "created", "com.scheme.created"},
		{"foreign", "foreign", "", "foreign"},
		{"", "", "", ""},
	}
	for _, tt := range tests {
		if got := tt.code.Resource(); got != tt.resource {
			t.Errorf("%q.Resource() = %q, want %q", tt.code, got, tt.resource)
		}
		if got := tt.code.Verb(); got != tt.verb {
			t.Errorf("%q.Verb() = %q, want %q", tt.code, got, tt.verb)
		}
		if got := tt.code.Dotted(); got != tt.dotted {
			t.Errorf("%q.Dotted() = %q, want %q", tt.code, got, tt.dotted)
		}
	}
}

// FuzzParseCode checks that a code is what its parts make, and is safe in a
// file, a URL and a query.
func FuzzParseCode(f *testing.F) {
	f.Add("org.member:updated")
	f.Add("a:b:c")
	f.Add(".:")
	f.Fuzz(func(t *testing.T, s string) {
		code, err := activitylog.ParseCode(s)
		if err != nil {
			return
		}
		if again := code.Resource() + ":" + code.Verb(); again != string(code) {
			t.Errorf("the parts of %q make %q", code, again)
		}
		if strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_.:") != "" {
			t.Errorf("ParseCode accepts %q", s)
		}
	})
}
