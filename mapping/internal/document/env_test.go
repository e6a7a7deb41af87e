package document_test

import (
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

// TestEnvironment follows the Collector's documentation of ${env:NAME}.
func TestEnvironment(t *testing.T) {
	tests := []struct{ spelled, want, problem string }{
		{spelled: `${env:MODE}`, want: "warn"},
		{spelled: `"${env:MODE}"`, want: "warn"},
		{spelled: `'${env:MODE}'`, want: "warn"},
		{spelled: `a-${env:MODE}-${env:MODE}`, want: "a-warn-warn"},
		{spelled: `${env:MODE:-on}`, want: "warn"},
		{spelled: `${env:NONE:-on}`, want: "on"},
		{spelled: `${env:NONE:-a b:-c}`, want: "a b:-c"},
		{spelled: `x${env:NONE:-}`, want: "x"},
		{spelled: `x${env:EMPTY}`, want: "x"},
		{spelled: `x${env:EMPTY:-on}`, want: "x"}, // the default is for what is not set
		{spelled: `a$$b`, want: "a$b"},
		{spelled: `$${env:MODE}`, want: "${env:MODE}"},
		{spelled: `$$${env:MODE}`, want: "$warn"},
		{spelled: `$$$$`, want: "$$"},
		{spelled: `costs $5 or $MODE`, want: "costs $5 or $MODE"},
		{spelled: `${env:DOLLAR}`, want: "${env:MODE}$$"}, // not a second time

		{spelled: `${env:NONE}`, problem: "the environment variable NONE is not set"},
		{spelled: `${MODE}`, problem: `"${MODE}" is no reference to the environment: write ${env:NAME}`},
		{spelled: `${env:}`, problem: "is no reference"},
		{spelled: `${env:1X}`, problem: "is no reference"},
		{spelled: `${env:A-B}`, problem: "is no reference"},
		{spelled: `${file:/etc/passwd}`, problem: "is no reference"},
		{spelled: `${env:MODE`, problem: "is no reference"},
		{spelled: `${env:NONE:-{actor}}`, problem: "is no reference"},
		{spelled: `${env:NONE:-${env:MODE}}`, problem: "is no reference"},
		{spelled: `${env:EMPTY}`, problem: "must not be empty"},
		{spelled: `${env:LATIN}`, problem: "not UTF-8"},
	}
	for _, tt := range tests {
		text := "version: 1\nevents:\n  a:b:\n    title: " + tt.spelled + "\n"
		d, err := read(text, nil)
		if tt.problem == "" && (err != nil || d.Events[0].Value.Title.Value != tt.want) {
			t.Errorf("%s: %+v, %v, want %q", tt.spelled, d, err, tt.want)
		}
		if tt.problem == "" {
			continue
		}
		if err == nil || !strings.Contains(err.Error(), tt.problem) || strings.Count(err.Error(), "x.yaml:4:12") != 1 {
			t.Errorf("%s: %v, want one problem: %s", tt.spelled, err, tt.problem)
		}
	}
}

// TestEnvironmentInKeys checks that keys are as the file has them.
func TestEnvironmentInKeys(t *testing.T) {
	d := mustRead(t, "version: 1\nwords: {\"${env:MODE}\": x}\n")
	if key := d.Words[0].Key.Value; key != "${env:MODE}" {
		t.Errorf("got %q", key)
	}
}

// TestEnvironmentBomb checks that a long variable does not fill the memory.
func TestEnvironmentBomb(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	env := func(string) (string, bool) { return long, true }
	text := "version: 1\nevents:\n  a:b:\n    title: '" + strings.Repeat("${env:X}", 50_000) + "'\n    severity: ${env:X}\n"
	_, problems := document.Read("x.yaml", []byte(text), document.Options{Env: env})
	if err := problems.Err(); err == nil || !strings.Contains(err.Error(), "the environment puts more than 786432 bytes into the file") {
		t.Errorf("got %.200v", err)
	}
}
