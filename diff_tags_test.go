package activitylog_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
)

type classified struct {
	ID       string               `json:"id" activity:"key"`
	Role     string               `json:"role" activity:"track"`
	At       time.Time            `json:"at" activity:"ignore"`
	Token    string               `json:"token" activity:"secret"`
	Parent   *classified          // has tags
	Children map[string][]*nested `json:"children"`
	Opaque   foreign              `activity:"secret"` // is not looked into
	Hidden   foreign              `json:"-"`
	Func     func()
	private  string
}

type nested struct {
	Up     *classified
	Amount int `json:"amount" activity:"track"`
}

type foreign struct{ A, B string }

type unclassifiedBase struct {
	Email string
}

type unclassified struct {
	unclassifiedBase
	Name    string             `json:"na/me"`
	Born    time.Time          `json:"born"`
	Any     any                `json:"any"`
	Maybe   *int               `json:"maybe"`
	Items   []foreign          `json:"items"`
	ByID    map[string]foreign `json:"by_id"` // its type was told
	Self    []unclassified
	Tracked foreign2        `activity:"track"`
	Wrong   string          `activity:"secrt"`
	Odd     string          `activity:"password"`
	Fine    json.RawMessage `activity:"track"`
}

type foreign2 struct{ C bool }

type (
	ping []pong
	pong []ping
)

func TestCheckTags(t *testing.T) {
	if err := activitylog.CheckTags(classified{}, (*classified)(nil), []*nested{}, loop(nil), ping(nil)); err != nil {
		t.Errorf("all is classified, but: %v", err)
	}
	err := activitylog.CheckTags(&unclassified{}, nil)
	if err == nil {
		t.Fatal("nothing is reported")
	}
	const start, end = "activity tags: activitylog_test.unclassified.", `: no tag: write activity:"track", "ignore" or "secret"`
	want := []string{
		start + "unclassifiedBase.Email (string at /Email)" + end,
		start + "Name (string at /na~1me)" + end,
		start + "Born (time.Time at /born)" + end,
		start + "Any (interface {} at /any)" + end,
		start + "Maybe (*int at /maybe)" + end,
		start + "Items.A (string at /items/*/A)" + end,
		start + "Items.B (string at /items/*/B)" + end,
		start + "Tracked.C (bool at /Tracked/C)" + end,
		start + `Wrong (string at /Wrong): unknown word "secrt": did you mean "secret"?`,
		start + `Odd (string at /Odd): unknown word "password": known are track, ignore, secret, key`,
		"activity tags: value 2 is nil and has no type: give (*T)(nil)",
	}
	if got := strings.Split(err.Error(), "\n"); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", err, strings.Join(want, "\n"))
	}
}

func TestCheckTagsIsBounded(t *testing.T) {
	var fields []reflect.StructField
	for i := range 300 {
		fields = append(fields, reflect.StructField{Name: "F" + strings.Repeat("x", i), Type: reflect.TypeFor[int]()})
	}
	err := activitylog.CheckTags(reflect.Zero(reflect.StructOf(fields)).Interface())
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 101 || lines[100] != "activity tags: 200 more problems" {
		t.Errorf("%d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
}

// TestCheckTagsSeesWhatDiffSees checks that each field which Diff can tell of
// is one that CheckTags asks for.
func TestCheckTagsSeesWhatDiffSees(t *testing.T) {
	err := activitylog.CheckTags(account{})
	for _, name := range []string{"account.ID ", "audited.Version ", "address.City ", "Balance.Amount ", "Rank ", "Number "} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%snot reported in\n%v", name, err)
		}
	}
	for _, name := range []string{"UpdatedAt", "Hash", "Password", "private", "Func", "address.Zip"} {
		if strings.Contains(err.Error(), name) {
			t.Errorf("%s reported in\n%v", name, err)
		}
	}
}
