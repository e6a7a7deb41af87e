package chtest_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
)

// TestVanish lets clients reset their connections, as those do that are killed,
// while they are idle and while they are answered. The server stays.
func TestVanish(t *testing.T) {
	s := chtest.Start(t)
	for i := range 30 {
		options, err := clickhouse.ParseDSN(s.DSN(""))
		if err != nil {
			t.Fatal(err)
		}
		var opened []*net.TCPConn
		options.DialContext = func(ctx context.Context, addr string) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
			if err != nil {
				return nil, err
			}
			opened = append(opened, c.(*net.TCPConn))
			return c, nil
		}
		conn, err := clickhouse.Open(options)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := conn.Ping(t.Context()); err != nil {
			t.Fatalf("after %d clients were gone: %v", i, err)
		}
		if i%2 == 1 {
			rows, err := conn.Query(t.Context(), "SELECT sleepEachRow(0.001) FROM numbers(200) SETTINGS max_block_size = 1")
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			time.Sleep(time.Duration(i) * time.Millisecond)
		}
		for _, c := range opened {
			c.SetLinger(0)
			c.Close()
		}
	}
}
