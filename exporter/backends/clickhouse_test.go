package backends_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
)

// TestClickHouse sends the events of an application to a real ClickHouse by
// contrib's exporter, once beside our store and once with nothing of ours but
// the middleware, and finds them with the queries of docs/backends.md.
func TestClickHouse(t *testing.T) {
	t.Run("beside our store", func(t *testing.T) {
		dsn, other := startOther(t)
		sendFannedOut(t, "http://"+other)
		checkClickHouse(t, dsn)
	})
	t.Run("without our Collector", func(t *testing.T) {
		dsn, other := startOther(t)
		sendApplication(t, "http://"+other+"/v1/logs")
		checkClickHouse(t, dsn)
	})
}

// startOther starts a Collector with contrib's exporter as docs/backends.md has
// it. It returns the DSN of its database and the address at which it receives.
func startOther(t *testing.T) (dsn, addr string) {
	t.Helper()
	dsn, addr = chtest.Database(t), freeAddress(t)
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	exporter := filepath.Join(t.TempDir(), "exporter.yaml")
	if err := os.WriteFile(exporter, []byte(blocks(t, "ClickHouse", "yaml")[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	collector(t, "testdata/clickhouse.yaml", []string{"ACTIVITYLOG_OTLP_HTTP=" + addr}, "--config", exporter,
		"--set", "exporters.clickhouse.endpoint=tcp://"+u.Host, "--set", "exporters.clickhouse.database="+strings.Trim(u.Path, "/"))
	return dsn, addr
}

// sendFannedOut sends the events of the application to a Collector that keeps
// them in our store and sends them to another backend as well.
func sendFannedOut(t *testing.T, other string) {
	t.Helper()
	r := newRoute(t)
	collector(t, "../../collector-config/fan-out.yaml", []string{
		"ACTIVITYLOG_OTLP_HTTP=" + r.otlp, "ACTIVITYLOG_OTLP_GRPC=" + freeAddress(t), "ACTIVITYLOG_LISTEN=" + freeAddress(t),
		"ACTIVITYLOG_STORE=" + r.dsn, "ACTIVITYLOG_OTHER=" + other,
	})
	sendApplication(t, "http://"+r.otlp+"/v1/logs")
	if stored := r.stored(t); len(stored) != len(requests)+1 {
		t.Errorf("our store has %d events", len(stored))
	}
}

// checkClickHouse runs the queries of docs/backends.md.
func checkClickHouse(t *testing.T, dsn string) {
	conn, err := chtest.Connect(dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	checkDocumented(t, documented(t, "ClickHouse", "sql", "--"), func(t *testing.T, query string) (found []string) {
		t.Helper()
		rows, err := conn.Query(t.Context(), query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		defer rows.Close()
		for rows.Next() {
			values := make([]any, len(rows.Columns()))
			for i, column := range rows.ColumnTypes() {
				values[i] = reflect.New(column.ScanType()).Interface()
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			found = append(found, row(rows.Columns(), values))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return found
	})
}

// row returns the sentence of a row, or if it has none its columns.
func row(columns []string, values []any) string {
	if i := slices.Index(columns, "Body"); i >= 0 {
		return *values[i].(*string)
	}
	var words []string
	for i, value := range values {
		if columns[i] != "Timestamp" {
			words = append(words, fmt.Sprint(reflect.ValueOf(value).Elem()))
		}
	}
	return strings.Join(words, " ")
}
