package activitylog_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
)

type bad struct{ Do string }

func (b bad) MarshalJSON() ([]byte, error) {
	switch b.Do {
	case "panic":
		panic("s3cret")
	case "fail":
		return nil, errors.New("s3cret")
	}
	return []byte(b.Do), nil
}

type badText string

func (b badText) MarshalText() ([]byte, error) { panic(string(b)) }

// A twin has the text of every other one.
type twin int

func (twin) MarshalText() ([]byte, error) { return []byte("twin"), nil }

type badZero struct{ N int }

func (badZero) IsZero() bool { panic("s3cret") }

type person struct {
	Name   string
	Boss   *person
	Staff  []*person
	Bag    map[string]any
	Loop   loop
	First  *string
	Inside any
}

type loop *loop

func TestDiffUnreadable(t *testing.T) {
	type holder struct {
		Bad  bad
		Text badText
		Keys map[badText]int
		Odd  map[[1]int]int
		Twin map[twin]int
		Zero badZero `json:",omitzero"`
		Last int
	}
	old := holder{Bad: bad{"1"}}
	tests := []struct {
		name string
		new  holder
		want string
	}{
		{"panic", holder{Bad: bad{"panic"}, Last: 1}, "/Bad:  →  truncated\n/Last: 0 → 1"},
		{"error", holder{Bad: bad{"fail"}, Last: 1}, "/Bad:  →  truncated\n/Last: 0 → 1"},
		{"no JSON", holder{Bad: bad{"{]"}}, "/Bad:  →  truncated"},
		{"text", holder{Bad: bad{"1"}, Text: "s3cret"}, "/Text:  →  truncated"},
		{"key of a kind", holder{Bad: bad{"1"}, Keys: map[badText]int{"k": 1}}, "/Keys/k:  → 1"},
		{"key that JSON cannot have", holder{Bad: bad{"1"}, Odd: map[[1]int]int{{1}: 1}}, "/Odd:  →  truncated"},
		{"key with a text", holder{Bad: bad{"1"}, Twin: map[twin]int{1: 2}}, "/Twin/twin:  → 2"},
		{"keys with one text", holder{Bad: bad{"1"}, Twin: map[twin]int{1: 1, 2: 2}}, "/Twin:  →  truncated"},
		{"IsZero", holder{Bad: bad{"1"}, Zero: badZero{1}}, `/Zero/N: 0 → 1`},
	}
	for _, tt := range tests {
		if got := show(activitylog.Diff(old, tt.new)); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
	added := activitylog.Diff([]any{}, []any{map[string]any{"a": 1, "bad": bad{"panic"}}})
	if want := "/0:  → {\"a\":1}\n/0/bad:  →  truncated"; show(added) != want {
		t.Errorf("unreadable part:\n%s\nwant\n%s", show(added), want)
	}
}

func TestDiffCycles(t *testing.T) {
	team := func(name string) *person {
		ann, bob := &person{Name: "Ann"}, &person{Name: name}
		ann.Staff, bob.Boss, bob.Staff = []*person{bob}, ann, []*person{ann, bob}
		ann.Bag = map[string]any{"ann": ann, "list": []any{nil}}
		ann.Bag["bag"] = ann.Bag
		ann.Bag["list"].([]any)[0] = ann.Bag["list"]
		ann.Inside, ann.First = &ann.Inside, &ann.Name
		ann.Loop = new(loop)
		*ann.Loop = ann.Loop
		return ann
	}
	if got, want := show(activitylog.Diff(team("Bob"), team("Bo"))), `/Staff/0/Name: "Bob" → "Bo"`; got != want {
		t.Errorf("cycle:\n%s\nwant\n%s", got, want)
	}
	shared := []any{1, nil}
	shared[1] = shared[:1]
	if got, want := show(activitylog.Diff(nil, map[string]any{"a": shared})), `/a:  → [1,[1]]`; got != want {
		t.Errorf("a slice and its beginning: %s, want %s", got, want)
	}
	chain := new(person)
	for range 1000 {
		chain = &person{Boss: chain}
	}
	changes := activitylog.Diff(person{Boss: &person{}}, person{Boss: chain})
	if len(changes) < 2 || changes[0].Path != "/Boss/Boss" || !changes[1].Truncated || !strings.HasPrefix(changes[1].Path, "/Boss/Boss/Boss/") {
		t.Errorf("long chain:\n%.300s", show(changes))
	}
}

// TestDiffReadsSoMuch checks that many small lists are bounded like a large one.
func TestDiffReadsSoMuch(t *testing.T) {
	lists := make([][]int, 1000)
	for i := range lists {
		lists[i] = make([]int, 200)
	}
	changes := activitylog.Diff(nil, map[string]any{"a": lists})
	if n := len(changes); n < 2 || !changes[1].Truncated || !strings.HasPrefix(changes[1].Path, "/a/4") {
		t.Errorf("%d changes, the second of which is %.100s", n, show(changes[1:2]))
	}
}
