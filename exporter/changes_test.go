package activitylogexporter_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/activitylog-go/activitylog"
	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
)

func TestReadChanges(t *testing.T) {
	tests := []struct {
		text string
		ok   bool // else a JSON decoder has to read it
	}{
		{`[{"path":"/role","old":"viewer","new":"admin"}]`, true},
		{`[{"path":"/n","old":1.5e3,"new":true},{"path":"","new":""}]`, true},
		{`[{"path":"/token","redacted":true},{"path":"/a","truncated":true}]`, true},
		{`[{"path":"/role","old":null}]`, false},
		{`[{"path":"/role","new":{"a":1}}]`, false},
		{`[{"path":"/role","new":"\u003c"}]`, false},
		{`[{"path":"/role","new":"é"}]`, false},
		{`[{"path":"/role","new":1 }]`, false},
		{`[{"path":"/role","new":01}]`, false},
		{`[{"path":"/role"}`, false},
		{`[{"path":"/role"}]]`, false},
		{`[{"path":"/role"},]`, false},
		{`[]`, false},
		{``, false},
	}
	for _, tt := range tests {
		if _, ok := activitylogexporter.ReadChanges(tt.text); ok != tt.ok {
			t.Errorf("%s: %v, want %v", tt.text, ok, tt.ok)
		}
	}
}

// FuzzReadChanges checks that what is read is what a strict JSON decoder reads.
func FuzzReadChanges(f *testing.F) {
	f.Add(`[{"path":"/role","old":"viewer","new":"admin"},{"path":"/n","old":-1.50,"new":false,"redacted":true,"truncated":true}]`)
	f.Add(`[{"path":"/role","old":"a\"b","new":{"a":[1]}}]`)
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := activitylogexporter.ReadChanges(text)
		if !ok {
			return
		}
		var want []activitylog.Change
		dec := json.NewDecoder(bytes.NewReader([]byte(text)))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&want); err != nil || dec.More() {
			t.Fatalf("%q is read as %v, and is no list of changes: %v", text, got, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q is read as %+v, want %+v", text, got, want)
		}
	})
}
