package backends_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

// TestVictoriaLogs is TestLoki for VictoriaLogs, with ACTIVITYLOG_TEST_VICTORIALOGS.
func TestVictoriaLogs(t *testing.T) {
	queries := documented(t, "VictoriaLogs", "logsql", "#")
	server := os.Getenv("ACTIVITYLOG_TEST_VICTORIALOGS")
	if server == "" {
		checkNames(t, queries)
		return
	}
	sendFannedOut(t, server+"/insert/opentelemetry")
	checkDocumented(t, queries, func(t *testing.T, query string) (found []string) {
		t.Helper()
		for line := range bytes.Lines(ask(t, server+"/select/logsql/query", query)) {
			var row map[string]string
			if err := json.Unmarshal(line, &row); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			if n, ok := row["events"]; ok {
				found = append(found, row["activitylog.tenant.id"]+" "+row["event.name"]+" "+n)
			} else {
				found = append(found, row["_msg"])
			}
		}
		return found
	})
}
