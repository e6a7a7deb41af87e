package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/sqlite"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

func Example() {
	ctx := context.Background()
	dir, _ := os.MkdirTemp("", "activitylog")
	defer os.RemoveAll(dir)
	s, err := sqlite.Open(ctx, filepath.Join(dir, "activity.db"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()

	event := activitylog.Event{
		ID:    activitylog.NewID(),
		Time:  time.Now(),
		Code:  "org.member:invited",
		Actor: activitylog.Actor{ID: "usr_ann"},
	}
	result, err := s.Append(ctx, []activitylog.Event{event})
	fmt.Println(result.Added, err)

	filter, _ := query.Parse("actor:usr_ann last:1h", query.Options{})
	page, err := s.List(ctx, store.Query{Filter: filter})
	fmt.Println(page.Events[0].Code, err)
	// Output:
	// 1 <nil>
	// org.member:invited <nil>
}
