package activitylog_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
)

// TestSkewed tells of events that were stored long before or after their time.
func TestSkewed(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, tt := range map[string]struct {
		ingested time.Time
		want     bool
	}{
		"not stored":          {time.Time{}, false},
		"at once":             {at.Add(time.Second), false},
		"a day later":         {at.Add(24 * time.Hour), false},
		"more than a day":     {at.Add(24*time.Hour + 1), true},
		"long before it was":  {at.AddDate(-10, 0, 0), true},
		"shortly before it":   {at.Add(-time.Hour), false},
		"after a century":     {at.AddDate(100, 0, 0), true},
		"the end of all time": {at.AddDate(5000, 0, 0), true}, // a Duration has its limit
	} {
		e := activitylog.Event{Time: at, Ingested: tt.ingested}
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(text), `"skewed":true`); got != tt.want || e.Skewed() != tt.want {
			t.Errorf("%s: skewed is %v in JSON, %v, want %v", name, got, e.Skewed(), tt.want)
		}
		var back activitylog.Event
		if err := json.Unmarshal(text, &back); err != nil || !back.Ingested.Equal(e.Ingested) {
			t.Errorf("%s: read back %v, %v", name, back.Ingested, err)
		}
	}
}
