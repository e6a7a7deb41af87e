//go:build unix

package activitylogexporter_test

import (
	"syscall"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/otel/attribute"

	"github.com/activitylog-go/activitylog"
	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/exporter/internal/company"
)

// BenchmarkDecode makes events of a request of 512: from protobuf to records,
// which is the receiver's part, and from those to events, which is the exporter's.
func BenchmarkDecode(b *testing.B) {
	const size = 512
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, e := range company.New(1, time.Now(), time.Millisecond).Events(size) {
		r, made := records.AppendEmpty(), e.Record()
		r.SetTimestamp(pcommon.NewTimestampFromTime(e.Time))
		r.SetEventName(made.EventName())
		r.Body().SetStr(e.Summary)
		made.WalkAttributes(func(kv attribute.KeyValue) bool {
			r.Attributes().PutStr(string(kv.Key), kv.Value.Emit())
			return true
		})
	}
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	if err != nil {
		b.Fatal(err)
	}
	cpu := func() int64 { // which other load on the machine hardly changes
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return u.Utime.Nano() + u.Stime.Nano()
	}
	report := func(b *testing.B, began int64) {
		b.ReportMetric(float64(cpu()-began)/float64(b.N*size), "cpu-ns/event")
		b.ReportMetric(float64(len(body))/size, "B/event")
	}
	b.Run("receiver", func(b *testing.B) {
		began := cpu()
		for b.Loop() {
			if err := plogotlp.NewExportRequest().UnmarshalProto(body); err != nil {
				b.Fatal(err)
			}
		}
		report(b, began)
	})
	b.Run("exporter", func(b *testing.B) {
		var events []activitylog.Event
		began := cpu()
		for b.Loop() {
			events, _ = activitylogexporter.Decode(logs, false, time.Now())
		}
		if len(events) != size {
			b.Fatalf("%d events", len(events))
		}
		report(b, began)
	})
}
