package activitylogexporter_test

import (
	"fmt"

	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
)

// A program that runs a Collector of its own registers the factory; the
// defaults are those that a user gets who writes "activitylog:" and no more.
func ExampleNewFactory() {
	factory := activitylogexporter.NewFactory()
	config := factory.CreateDefaultConfig().(*activitylogexporter.Config)
	fmt.Println(factory.Type())
	fmt.Println("senders wait for the commit:", config.Queue.Get().WaitForResult)
	fmt.Println("kept in:", string(config.Store.DSN))
	// Output:
	// activitylog
	// senders wait for the commit: true
	// kept in: sqlite:activitylog.db
}
