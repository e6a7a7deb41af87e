package backends_test

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
	"go.opentelemetry.io/collector/otelcol"

	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
)

// TestMain runs the tests, or is the program that a test has started.
func TestMain(m *testing.M) {
	var err error
	switch role := os.Getenv("ACTIVITYLOG_TEST_PROGRAM"); role {
	case "":
		os.Exit(chtest.Main(m))
	case "collector":
		err = otelcol.NewCommand(settings()).Execute()
	case "broker":
		err = runBroker(os.Args[1], os.Args[2])
	default:
		err = fmt.Errorf("unknown program %q", role)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// topic is that of collector-config/kafka.
const topic = "activitylog"

// runBroker is a Kafka broker that keeps its data in a folder.
func runBroker(port, dir string) error {
	n, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	broker, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.Ports(n), kfake.DataDir(dir), kfake.SyncWrites(), kfake.SeedTopics(3, topic))
	if err != nil {
		return err
	}
	defer broker.Close()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	return nil
}
