package backends_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
)

// TestLoki sends the events of an application to Loki and finds them with the
// queries of docs/backends.md. CI has no Loki, which takes ten minutes to build;
// where ACTIVITYLOG_TEST_LOKI is the URL of an empty one the queries are run, and
// elsewhere it is only checked that there are some.
func TestLoki(t *testing.T) {
	queries := documented(t, "Grafana Loki", "logql", "#")
	server := os.Getenv("ACTIVITYLOG_TEST_LOKI")
	if server == "" {
		checkNames(t, queries)
		return
	}
	sendFannedOut(t, server+"/otlp")
	checkDocumented(t, queries, func(t *testing.T, query string) []string {
		t.Helper()
		path := "/loki/api/v1/query_range"
		if strings.HasPrefix(query, "sum ") {
			path = "/loki/api/v1/query"
		}
		return lokiRows(t, ask(t, server+path, query))
	})
}

// ask returns what a backend answers to a query.
func ask(t *testing.T, endpoint, query string) []byte {
	t.Helper()
	resp, err := http.Get(endpoint + "?query=" + url.QueryEscape(query))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %s %v", query, resp.Status, body, err)
	}
	return body
}

// lokiRows returns the lines of an answer, or of a count its tenant, code and number.
func lokiRows(t *testing.T, body []byte) (found []string) {
	t.Helper()
	var answer struct {
		Data struct {
			Result []struct {
				Values [][]any // of a stream: time and line
				Metric struct {
					Tenant string `json:"activitylog_tenant_id"`
					Code   string `json:"event_name"`
				}
				Value []any // of a count: time and number
			}
		}
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	for _, r := range answer.Data.Result {
		for _, v := range r.Values {
			found = append(found, v[1].(string))
		}
		if r.Value != nil {
			found = append(found, strings.Join([]string{r.Metric.Tenant, r.Metric.Code, r.Value[1].(string)}, " "))
		}
	}
	return found
}
