package activitylogexporter_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/api"
	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/exporter/sqlite"
)

// TestDiffArrives checks that what Diff finds is what the API answers:
// fingerprints of secrets and how many changes are left out, too.
func TestDiffArrives(t *testing.T) {
	type document struct {
		Token  string         `json:"token" activity:"secret"`
		Fields map[string]int `json:"fields"`
	}
	old := document{Token: "one", Fields: map[string]int{"kept": 1}}
	new := document{Token: "two", Fields: map[string]int{"kept": 1}}
	for i := range 120 {
		new.Fields[fmt.Sprintf("k%03d", i)] = i
	}
	key, err := activitylog.NewSecretKey([]byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	want := activitylog.Event{ID: activitylog.NewID(), Time: now, Code: "a:updated", Changes: activitylog.Diff(old, new, activitylog.WithSecretKey(key))}
	first, last := want.Changes[0], want.Changes[len(want.Changes)-1]
	if !first.Redacted || len(first.Old) == 0 || len(first.New) == 0 || string(last.New) != `"21 more changes"` {
		t.Fatalf("Diff found %+v and last %+v", first, last)
	}

	w := &wire{}
	newSender(t, w).Logger(activitylog.ScopeName).Emit(t.Context(), want.Record())
	req := plogotlp.NewExportRequest()
	if err := req.UnmarshalProto(w.body); err != nil {
		t.Fatal(err)
	}
	events, _ := activitylogexporter.Decode(req.Logs(), false, now)
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "activity.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Append(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	api.New(s).ServeHTTP(answer, httptest.NewRequest("GET", "/v1/events/"+want.ID, nil))
	var got struct {
		Changes   json.RawMessage
		Truncated bool
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
		t.Fatalf("%d %s: %v", answer.Code, answer.Body, err)
	}
	if text, _ := json.Marshal(want.Changes); string(got.Changes) != string(text) || !got.Truncated {
		t.Errorf("truncated: %v, got\n%s\nwant\n%s", got.Truncated, got.Changes, text)
	}
}
