package backends_test

import (
	"context"
	"database/sql"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/store"
)

// A route is how events go in these tests: a Collector, Kafka, a Collector.
type route struct {
	broker, otlp, dsn string
	data              string // of the broker
}

func newRoute(t *testing.T) route {
	dir := t.TempDir()
	return route{broker: freeAddress(t), otlp: freeAddress(t), dsn: "sqlite:" + filepath.Join(dir, "activitylog.db"), data: filepath.Join(dir, "kafka")}
}

func (r route) startBroker(t *testing.T) *program {
	t.Helper()
	_, port, _ := net.SplitHostPort(r.broker)
	return start(t, "broker", nil, []string{port, r.data}, func() bool {
		conn, err := net.Dial("tcp", r.broker)
		if err != nil {
			return false
		}
		conn.Close()
		return true
	})
}

func (r route) startProducer(t *testing.T) *program {
	t.Helper()
	return collector(t, "../../collector-config/kafka/producer.yaml",
		[]string{"ACTIVITYLOG_KAFKA=" + r.broker, "ACTIVITYLOG_OTLP_HTTP=" + r.otlp, "ACTIVITYLOG_OTLP_GRPC=" + freeAddress(t)})
}

// startConsumer starts a Collector whose session with the broker ends soon, so
// that the next one need not wait for the end of one that was killed.
func (r route) startConsumer(t *testing.T, flags ...string) *program {
	t.Helper()
	flags = append([]string{"--set", "receivers.kafka.session_timeout=6s", "--set", "receivers.kafka.heartbeat_interval=1s"}, flags...)
	return collector(t, "../../collector-config/kafka/consumer.yaml",
		[]string{"ACTIVITYLOG_KAFKA=" + r.broker, "ACTIVITYLOG_LISTEN=" + freeAddress(t), "ACTIVITYLOG_STORE=" + r.dsn}, flags...)
}

// admin returns a client of the broker.
func (r route) admin(t *testing.T) *kgo.Client {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(r.broker), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// offsets returns the number of messages in the topic, and of those that a
// group has committed.
func offsets(t *testing.T, client *kgo.Client, group string) (messages, committed int64) {
	t.Helper()
	admin := kadm.NewClient(client)
	ends, err := admin.ListEndOffsets(t.Context(), topic)
	if err != nil {
		return 0, -1 // the broker starts
	}
	ends.Each(func(o kadm.ListedOffset) { messages += o.Offset })
	at, err := admin.FetchOffsets(t.Context(), group)
	if err != nil {
		return 0, -1
	}
	at.Each(func(o kadm.OffsetResponse) { committed += o.At })
	return messages, committed
}

// consumed returns when a group has committed all there is.
func consumed(t *testing.T, client *kgo.Client, group string) {
	t.Helper()
	eventually(t, "all messages are committed by "+group, func() bool {
		messages, committed := offsets(t, client, group)
		return messages == committed
	})
}

// stored returns how often each id is in the store.
func (r route) stored(t *testing.T) map[string]int {
	t.Helper()
	s, err := backend.OpenReader(t.Context(), r.dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	found := make(map[string]int)
	for q := (store.Query{Limit: store.MaxLimit}); ; {
		page, err := s.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			found[e.ID]++
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return found
		}
	}
}

// hasExactly checks that the store has each event once, and no other one.
func (r route) hasExactly(t *testing.T, ids []string) {
	t.Helper()
	found, lost, doubled := r.stored(t), 0, 0
	for _, id := range ids {
		switch n := found[id]; {
		case n == 0:
			lost++
		case n > 1:
			doubled++
		}
	}
	if lost > 0 || doubled > 0 || len(found) != len(ids) {
		t.Errorf("of %d events %d are lost and %d are there more than once; the store has %d", len(ids), lost, doubled, len(found))
	}
}

// lock keeps an SQLite store from being written, until unlock.
func lock(t *testing.T, dsn string) (unlock func()) {
	t.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(dsn, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	return func() {
		if _, err := conn.ExecContext(context.Background(), "ROLLBACK"); err != nil {
			t.Error(err)
		}
		conn.Close()
	}
}
