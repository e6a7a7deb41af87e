package activitylogexporter_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/collector/receiver"

	"github.com/activitylog-go/activitylog"
	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/store"
)

// TestConsumeContract runs upstream's check, with a store in place of the
// backend that it expects. A permanent failure is one of a record.
func TestConsumeContract(t *testing.T) {
	backend := new(contractBackend)
	factory := activitylogexporter.NewFactoryWith(func(context.Context, string) (store.Store, error) {
		return newFakeStore(backend.take), nil
	})
	config := factory.CreateDefaultConfig().(*activitylogexporter.Config)
	config.Accept = activitylogexporter.AcceptAll
	config.Retry.InitialInterval = time.Millisecond
	config.Retry.MaxInterval = time.Millisecond
	config.Queue.Get().Batch.Get().FlushTimeout = time.Millisecond
	exportertest.CheckConsumeContract(exportertest.CheckConsumeContractParams{
		T:                    t,
		NumberOfTestElements: 20,
		Signal:               pipeline.SignalLogs,
		ExporterFactory:      factory,
		ExporterConfig:       config,
		ReceiverFactory:      backend.factory(),
	})
}

// A contractBackend hands what the store is given to the contract's consumer.
type contractBackend struct{ next consumer.Logs }

func (b *contractBackend) take(events []activitylog.Event) error {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, e := range events {
		id, _ := e.Attributes.Get("test_id")
		records.AppendEmpty().Attributes().PutStr("test_id", id.AsString())
	}
	err := b.next.ConsumeLogs(context.Background(), logs)
	if consumererror.IsPermanent(err) {
		return errors.Join(store.ErrEvent, errors.New(err.Error()))
	}
	return err
}

func (b *contractBackend) factory() receiver.Factory {
	create := func(_ context.Context, _ receiver.Settings, _ component.Config, next consumer.Logs) (receiver.Logs, error) {
		b.next = next
		return idle{}, nil
	}
	return receiver.NewFactory(component.MustNewType("contract"), func() component.Config { return nil },
		receiver.WithLogs(create, component.StabilityLevelBeta))
}

// idle is a component that does nothing.
type idle struct {
	component.StartFunc
	component.ShutdownFunc
}
