package store_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

func filter(t testing.TB, text string) query.Query {
	q, err := query.Parse(text, query.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestCursor(t *testing.T) {
	id := uuid.MustParse("0192e4a0-0000-7000-8000-0123456789ab")
	for _, at := range []time.Time{
		time.Unix(0, 0), time.Unix(0, 1), time.Unix(0, -1), time.Unix(0, math.MaxInt64), time.Unix(0, math.MinInt64),
	} {
		want := store.Position{Time: at.UTC(), ID: id}
		f := filter(t, "actor:ann")
		got, err := store.DecodeCursor(store.EncodeCursor(want, f), f)
		if err != nil || got != want {
			t.Errorf("position %v came back as %v, %v", want, got, err)
		}
	}
}

func TestCursorBoundToFilter(t *testing.T) {
	made := filter(t, "actor:ann tenant:acme after:2026-01-01")
	cursor := store.EncodeCursor(store.Position{Time: time.Unix(1, 0)}, made)
	tests := []struct {
		text string
		ok   bool
	}{
		{"actor:ann tenant:acme after:2026-01-01", true},
		{"tenant:acme after:2026-01-01 actor:ann", true}, // the same in another order
		{"actor:ann tenant:acme after:2026-01-02", true}, // last:24h a day later
		{"actor:ann tenant:acme", true},
		{"actor:bob tenant:acme after:2026-01-01", false},
		{"actor:ann after:2026-01-01", false},
		{"", false},
		{"actor:ann tenant:acme before:2026-01-01", false},
	}
	for _, tt := range tests {
		_, err := store.DecodeCursor(cursor, filter(t, tt.text))
		if (err == nil) != tt.ok || err != nil && !errors.Is(err, store.ErrCursor) {
			t.Errorf("cursor of %q with %q: %v", made, tt.text, err)
		}
	}
}

func TestCursorGarbage(t *testing.T) {
	good := store.EncodeCursor(store.Position{Time: time.Unix(1, 0)}, query.Query{})
	raw, _ := base64.RawURLEncoding.DecodeString(good)
	raw[0] = 2
	for _, cursor := range []string{
		"x", "!!!", good + "A", good[1:], good + "=", good + "\n", "\n" + good[1:], strings.Repeat("\n", len(good)), strings.ToUpper(good),
		base64.RawURLEncoding.EncodeToString(raw), strings.Repeat("A", 1<<20),
	} {
		if _, err := store.DecodeCursor(cursor, query.Query{}); !errors.Is(err, store.ErrCursor) {
			t.Errorf("cursor %.60q: %v, want ErrCursor", cursor, err)
		}
	}
}

// FuzzDecodeCursor checks that only what EncodeCursor made is taken, and that
// a position has one cursor.
func FuzzDecodeCursor(f *testing.F) {
	q := filter(f, "actor:ann")
	f.Add(store.EncodeCursor(store.Position{Time: time.Unix(1, 0)}, q))
	f.Add("AAAA")
	f.Fuzz(func(t *testing.T, cursor string) {
		p, err := store.DecodeCursor(cursor, q)
		if err != nil {
			if !errors.Is(err, store.ErrCursor) {
				t.Fatalf("error %v is not ErrCursor", err)
			}
			return
		}
		if again := store.EncodeCursor(p, q); again != cursor {
			t.Fatalf("%q and %q are cursors of the same position", cursor, again)
		}
	})
}

func ExampleDecodeCursor() {
	_, err := store.DecodeCursor("bm8gY3Vyc29y", query.Query{})
	fmt.Println(errors.Is(err, store.ErrCursor), err)
	// Output: true cursor does not belong to this query: unknown form
}
