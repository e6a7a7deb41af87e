package sqlite_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/sqlite"
)

func TestDocument(t *testing.T) {
	for name, event := range map[string]activitylog.Event{
		"nothing":  {},
		"a target": {Targets: []activitylog.Target{{Type: "member", ID: "mem_1"}}},
		"targets":  {Targets: []activitylog.Target{{Type: "organisation"}, {Type: "member", ID: `a"b\`, Name: "Bob <Ito> & Zoë\u2028\n"}}},
		"a change": {Changes: []activitylog.Change{{Path: "/a~1b"}}},
		"changes": {Changes: []activitylog.Change{
			activitylog.NewChange("/role", "viewer", "admin"),
			activitylog.NewChange(`/"quo,ted"`, nil, map[string]any{"a": []int{1, 2}, `b}],"`: `\"]}`}),
			activitylog.NewChange("/gone", 12.5, nil),
			{Path: "/secret", Redacted: true},
			{Path: "", Truncated: true, New: json.RawMessage(" [ 1,\t{} ] ")},
			{Path: "/both", Redacted: true, Truncated: true},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := sqlite.Encode(event)
			if err != nil {
				t.Fatal(err)
			}
			got, err := sqlite.Decode(text)
			if err != nil || !reflect.DeepEqual(got, event) {
				t.Errorf("decoded %+v, %v\nwant %+v\nencoded %q", got, err, event, text)
			}
		})
	}
}

func TestDamagedDocument(t *testing.T) {
	for _, text := range []sqlite.Document{
		{Targets: "{}"},
		{Targets: `[{"type":"a"}`},
		{Targets: `[{"type":"a]`},
		{Targets: `[{"type":"a\q"}]`},
		{Targets: `[{"type":"a"} {"type":"b"}]`},
		{Targets: `[{"type":"a"}]`, Names: `["a","b"]`},
		{Names: `["a"]`},
		{Changes: `[{}]`},
		{Changes: `[{"path":"/a","redacted":false}]`},
		{Changes: `[{"path":"/a"}]`, Values: `[{"old":}]`},
		{Changes: `[{"path":"/a"}]`, Values: `[{"old":"a]`},
		{Changes: `[{"path":"/a"}]`, Values: `[{"old":[1}`},
		{Changes: `[{"path":"/a"}]`, Values: `[{},{}]`},
	} {
		if e, err := sqlite.Decode(text); err == nil {
			t.Errorf("%+v was decoded: %+v", text, e)
		}
	}
}

// FuzzDocument checks that damaged documents do no harm, and that what is
// read from valid ones is what encoding/json reads from them.
func FuzzDocument(f *testing.F) {
	f.Add(`[{"type":"a","id":"b"},{"type":"\u00e9"}]`, `["x","\""]`, `[{"path":"/a","redacted":true,"truncated":true}]`, `[{"old":[{"a":"]"}],"new":null}]`)
	f.Add(`[]`, ``, `[{"path":"`, `[{"new":{}]`)
	f.Fuzz(func(t *testing.T, targets, names, changes, values string) {
		text := sqlite.Document{Targets: targets, Names: names, Changes: changes, Values: values}
		got, err := sqlite.Decode(text)
		if all := targets + names + changes + values; err != nil || !utf8.ValidString(all) {
			return
		}
		var want activitylog.Event
		var wantNames []string
		var wantValues []struct{ Old, New json.RawMessage }
		for text, into := range map[string]any{targets: &want.Targets, changes: &want.Changes, names: &wantNames, values: &wantValues} {
			if text != "" && json.Unmarshal([]byte(text), into) != nil {
				return // only what is valid must be read alike
			}
		}
		for i, name := range wantNames {
			want.Targets[i].Name = name
		}
		for i, v := range wantValues {
			want.Changes[i].Old, want.Changes[i].New = v.Old, v.New
		}
		for i := range got.Changes {
			c := &got.Changes[i]
			c.Old, c.New = bytes.TrimSpace(c.Old), bytes.TrimSpace(c.New)
		}
		if a, b := asText(t, got), asText(t, want); a != b {
			t.Errorf("%+v\nread   %s\nwanted %s", text, a, b)
		}
	})
}

func asText(t *testing.T, e activitylog.Event) string {
	var b strings.Builder
	if err := json.NewEncoder(&b).Encode([]any{e.Targets, e.Changes}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
