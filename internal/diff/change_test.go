package diff_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/internal/diff"
)

func TestMore(t *testing.T) {
	tests := []struct {
		change diff.Change
		want   int
	}{
		{diff.Change{New: json.RawMessage(`"1 more change"`), Truncated: true}, 1},
		{diff.Change{New: json.RawMessage(`"2900 more changes"`), Truncated: true}, 2900},
		{diff.Change{New: json.RawMessage(`"2900 more changes"`)}, 0},
		{diff.Change{Path: "/a", New: json.RawMessage(`"2900 more changes"`), Truncated: true}, 0},
		{diff.Change{Old: json.RawMessage(`"x"`), New: json.RawMessage(`"2900 more changes"`), Truncated: true}, 0},
		{diff.Change{New: json.RawMessage(`"2900 more changes, and a secret"`), Truncated: true}, 0},
		{diff.Change{New: json.RawMessage(`"0 more changes"`), Truncated: true}, 0},
		{diff.Change{New: json.RawMessage(`"+2 more changes"`), Truncated: true}, 0},
		{diff.Change{New: json.RawMessage(`2`), Truncated: true}, 0},
		{diff.Change{Truncated: true}, 0},
	}
	for _, tt := range tests {
		if got := tt.change.More(); got != tt.want {
			t.Errorf("%+v: %d, want %d", tt.change, got, tt.want)
		}
	}
}

func TestIsFingerprint(t *testing.T) {
	digits := strings.Repeat("0af9", 16)
	tests := []struct {
		value string
		want  bool
	}{
		{`"hmac-sha256:` + digits + `"`, true},
		{`hmac-sha256:` + digits, false},
		{`"hmac-sha256:` + digits + `0"`, false},
		{`"hmac-sha256:` + digits[1:] + `"`, false},
		{`"hmac-sha256:` + digits[1:] + `g"`, false},
		{`"hmac-sha256:` + strings.ToUpper(digits) + `"`, false},
		{`"sha256:` + digits + `"`, false},
		{`["hmac-sha256:` + digits + `"]`, false},
		{`"hunter2"`, false},
		{``, false},
	}
	for _, tt := range tests {
		if got := diff.IsFingerprint(json.RawMessage(tt.value)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.value, got, tt.want)
		}
	}
}
