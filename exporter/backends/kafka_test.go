package backends_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/activitylog-go/activitylog"
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

// TestKafka kills the Collector that stores, the broker and the Collector that
// receives, one after the other, while senders send: in the end each event that
// was acknowledged is stored, once, also when the whole topic is played again.
func TestKafka(t *testing.T) {
	r := newRoute(t)
	broker, producer := r.startBroker(t), r.startProducer(t)
	senders := sendTo(r.otlp)
	senders.progress(t, 10) // before anybody has ever consumed
	consumer := r.startConsumer(t)
	senders.progress(t, 20)

	consumer.kill()
	senders.progress(t, 20) // nobody who sends notices
	consumer = r.startConsumer(t)
	broker.kill()
	senders.refused(t) // what Kafka does not have nobody acknowledges
	broker = r.startBroker(t)
	senders.progress(t, 20)
	producer.kill()
	senders.refused(t)
	producer = r.startProducer(t)
	senders.progress(t, 20)
	ids := senders.finish()

	client := r.admin(t)
	consumed(t, client, "activitylog")
	r.hasExactly(t, ids)
	consumer.end(t)

	again := r.startConsumer(t, "--set", "receivers.kafka.group_id=again")
	consumed(t, client, "again")
	r.hasExactly(t, ids)
	messages, _ := offsets(t, client, "again")
	t.Logf("%d events in %d messages; %d requests repeated", len(ids), messages, senders.repeated.Load())
	again.end(t)
	producer.end(t)
	broker.end(t)
}

// TestKafkaStoreAway ends the Collector that stores, in order, while its store
// takes nothing: what it had taken out of Kafka stays there for the next one.
func TestKafkaStoreAway(t *testing.T) {
	r := newRoute(t)
	r.startBroker(t)
	r.startProducer(t)
	consumer := r.startConsumer(t, "--set", "exporters.activitylog.timeout=200ms")
	unlock := lock(t, r.dsn)
	senders := sendTo(r.otlp)
	senders.progress(t, 10)
	eventually(t, "the store refuses", func() bool { return strings.Contains(consumer.log.String(), "Backing off") })
	consumer.end(t)
	ids := senders.finish()
	client := r.admin(t)
	if messages, committed := offsets(t, client, "activitylog"); messages == 0 || committed != 0 {
		t.Errorf("%d of %d messages are committed, and nothing is stored", committed, messages)
	}

	unlock()
	r.startConsumer(t)
	consumed(t, client, "activitylog")
	r.hasExactly(t, ids)
}

// TestKafkaNoOTLP has in the topic what is no OTLP: it is passed over and named
// in the log, and what comes after it is stored.
func TestKafkaNoOTLP(t *testing.T) {
	r := newRoute(t)
	r.startBroker(t)
	client := r.admin(t)
	consumer := r.startConsumer(t)
	ids, body := newBatch()
	for _, value := range [][]byte{[]byte("no OTLP"), body} {
		if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: topic, Value: value}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	consumed(t, client, "activitylog")
	r.hasExactly(t, ids)
	if log := consumer.log.String(); !strings.Contains(log, "failed to consume message") || !strings.Contains(log, `"offset": 0`) {
		t.Error("the log does not say what was passed over")
	}
}

// TestKafkaLargestBatch sends what the SDK sends at most at once, 512 events as
// large as they get. Kafka takes it in several messages, for it refuses one of
// more than 1 MB for good.
func TestKafkaLargestBatch(t *testing.T) {
	r := newRoute(t)
	r.startBroker(t)
	r.startProducer(t)
	r.startConsumer(t)
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	var ids []string
	for i := range 512 {
		ids = append(ids, activitylog.NewID())
		record := records.AppendEmpty()
		record.SetEventName("org:created")
		record.Attributes().PutStr(activitylog.KeyID, ids[i])
		for n := range 8 {
			record.Attributes().PutStr(fmt.Sprint("activitylog.attr.name", n), strings.Repeat(fmt.Sprint(i*n, " words "), activitylog.MaxEvent/8/12))
		}
	}
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post("http://"+r.otlp+"/v1/logs", "application/x-protobuf", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%d bytes: %s", len(body), resp.Status)
	}
	consumed(t, r.admin(t), "activitylog")
	r.hasExactly(t, ids)
}

// TestKafkaBuilder checks that the manifest beside the configurations names the
// versions that these tests have tried.
func TestKafkaBuilder(t *testing.T) {
	manifest, err := os.ReadFile("../../collector-config/kafka/builder.yaml")
	if err != nil {
		t.Fatal(err)
	}
	module, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"exporter/kafkaexporter", "receiver/kafkareceiver", "extension/healthcheckextension", "receiver/otlpreceiver"} {
		_, version, _ := strings.Cut(string(module), name+" ")
		version, _, _ = strings.Cut(version, "\n")
		if version == "" || !strings.Contains(string(manifest), name+" "+version) {
			t.Errorf("builder.yaml does not name %s %s", name, version)
		}
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
