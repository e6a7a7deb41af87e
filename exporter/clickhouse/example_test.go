package clickhouse_test

import (
	"context"
	"fmt"

	"github.com/activitylog-go/activitylog/exporter/clickhouse"
)

func Example() {
	ctx := context.Background()
	s, err := clickhouse.Open(ctx, "clickhouse://ann:secret@127.0.0.1:1/activitylog?cluster=two words")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	// Output: clickhouse store 127.0.0.1:1/activitylog: cluster: "two words" is no name of a cluster
}
