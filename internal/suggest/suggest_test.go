package suggest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/internal/suggest"
)

func TestClosest(t *testing.T) {
	keys := []string{"event", "actor", "actor.type", "tenant", "target", "after", "on", "ip"}
	tests := []struct{ word, want string }{
		{"evnt", "event"},   // one missing
		{"eventt", "event"}, // one too many
		{"evant", "event"},  // one wrong
		{"evetn", "event"},  // two swapped
		{"EVENTS", "event"}, // case does not count
		{"actr.type", "actor.type"},
		{"event", "event"},
		{"no", "on"},  // a swap is one slip
		{"xyzzy", ""}, // nothing like it
		{"", ""},
		{"a", ""}, // too short to guess from
		{strings.Repeat("x", 3000), ""},
		{"ацтор", ""},
	}
	for _, tt := range tests {
		if got := suggest.Closest(tt.word, keys); got != tt.want {
			t.Errorf("Closest(%q) = %q, want %q", tt.word, got, tt.want)
		}
	}
	if got := suggest.Closest("x", []string{"y"}); got != "" {
		t.Errorf("Closest of a letter = %q: nothing of the word is left in it", got)
	}
	if got := suggest.Closest("anything", nil); got != "" {
		t.Errorf("Closest without candidates = %q, want none", got)
	}
}

func ExampleClosest() {
	fmt.Println(suggest.Closest("evnt", []string{"actor", "event", "tenant"}))
	// Output: event
}
