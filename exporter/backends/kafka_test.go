package backends_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/activitylog-go/activitylog"
)

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
