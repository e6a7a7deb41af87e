package postgres_test

import (
	"context"
	"fmt"

	"github.com/activitylog-go/activitylog/exporter/postgres"
	"github.com/activitylog-go/activitylog/store"
)

func Example() {
	ctx := context.Background()
	s, err := postgres.Open(ctx, "postgres://activitylog@db1.example.com,db2.example.com/log?sslmode=verify-full")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	page, err := s.List(ctx, store.Query{Limit: 10})
	for _, e := range page.Events {
		fmt.Println(e.Time, e.Code, e.Actor.ID, err)
	}
}
