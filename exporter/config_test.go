package activitylogexporter_test

import (
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
)

func loadConfig(t *testing.T, id string) *activitylogexporter.Config {
	t.Helper()
	conf, err := confmaptest.LoadConf("testdata/config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	sub, err := conf.Sub(id)
	if err != nil {
		t.Fatal(err)
	}
	config := activitylogexporter.NewFactory().CreateDefaultConfig()
	if err := sub.Unmarshal(config); err != nil {
		t.Fatal(err)
	}
	return config.(*activitylogexporter.Config)
}

func TestConfigStruct(t *testing.T) {
	if err := componenttest.CheckConfigStruct(activitylogexporter.NewFactory().CreateDefaultConfig()); err != nil {
		t.Error(err)
	}
	if got := activitylogexporter.NewFactory().Type(); got != component.MustNewType("activitylog") {
		t.Errorf("type is %v", got)
	}
}

func TestConfigDefault(t *testing.T) {
	c := loadConfig(t, "activitylog")
	if err := confmap.Validate(c); err != nil {
		t.Fatal(err)
	}
	queue := c.Queue.Get()
	if queue == nil || !queue.WaitForResult || !queue.BlockOnOverflow || queue.NumConsumers != 2 || !queue.Batch.HasValue() {
		t.Errorf("queue is %+v", queue)
	}
	if !c.Retry.Enabled || c.Retry.MaxElapsedTime != 5*time.Second {
		t.Errorf("retry is %+v", c.Retry)
	}
	if c.Store.DSN != "sqlite:activitylog.db" || c.Accept != activitylogexporter.AcceptEvents {
		t.Errorf("store is %q, accept %q", string(c.Store.DSN), c.Accept)
	}
}

func TestConfigLoad(t *testing.T) {
	c := loadConfig(t, "activitylog/full")
	if err := confmap.Validate(c); err != nil {
		t.Fatal(err)
	}
	batch := c.Queue.Get().Batch.Get()
	if c.Timeout.Timeout != 3*time.Second || c.Accept != activitylogexporter.AcceptAll ||
		c.Store.DSN != "sqlite:/var/lib/activitylog/events.db" || c.Retry.MaxElapsedTime != time.Second ||
		c.Queue.Get().QueueSize != 5000 || !c.Queue.Get().WaitForResult ||
		batch.FlushTimeout != 5*time.Millisecond || batch.MinSize != 100 {
		t.Errorf("got %+v with batch %+v", c, batch)
	}
	postgres := loadConfig(t, "activitylog/postgres")
	if err := confmap.Validate(postgres); err != nil || postgres.CreateSchema || !c.CreateSchema {
		t.Errorf("got %+v, %v; create_schema is %v by default", postgres, err, c.CreateSchema)
	}
	if alias := loadConfig(t, "activitylog/postgresql"); confmap.Validate(alias) != nil {
		t.Errorf("postgresql:// is refused: %v", confmap.Validate(alias))
	}
	kept := loadConfig(t, "activitylog/retention")
	if err := confmap.Validate(kept); err != nil || len(kept.Retention) != 4 || kept.Retention[3].Keep != "90d12h" {
		t.Errorf("got %+v, %v", kept.Retention, err)
	}
	direct := loadConfig(t, "activitylog/direct")
	if err := confmap.Validate(direct); err != nil || direct.Queue.HasValue() || direct.Retry.Enabled {
		t.Errorf("got %+v, %v", direct, err)
	}
}

// TestConfigWrong checks that every problem is reported, by the name of its
// field, and that no password is.
func TestConfigWrong(t *testing.T) {
	tests := []struct {
		id   string
		want []string
	}{
		{"activitylog/wrong", []string{"accept: ", "store: driver: ", "sending_queue::wait_for_result: ", "sending_queue::storage: "}},
		{"activitylog/secret", []string{`store: dsn: store oracle://...@db/log: unknown kind "oracle"`, `driver: must be one of sqlite, postgres, clickhouse, memory, not "orcale"`}},
		{"activitylog/noscheme", []string{"store: dsn: must begin with"}},
		{"activitylog/empty", []string{"store: dsn: required"}},
		{"activitylog/nofile", []string{"store: dsn: store: a file name is missing"}},
		{"activitylog/wrongretention", []string{
			"accept: ", `retention::0: keep: duration "1y"`, `retention::1: keep: duration ""`, "retention::2: the rules before it", "retention::3: ",
		}},
	}
	for _, tt := range tests {
		err := confmap.Validate(loadConfig(t, tt.id))
		if err == nil {
			t.Errorf("%s is accepted", tt.id)
			continue
		}
		for _, want := range tt.want {
			if strings.Count(err.Error(), want) != 1 {
				t.Errorf("%s: want %q once in\n%v", tt.id, want, err)
			}
		}
		if strings.Contains(err.Error(), "tiger") {
			t.Errorf("%s: password is shown: %v", tt.id, err)
		}
	}
}
