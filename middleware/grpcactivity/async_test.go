package grpcactivity_test

import (
	"context"
	"fmt"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// TestAsync has calls end while their events wait.
func TestAsync(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	a := api{unary: map[string]unary{"UpdateMember": func(ctx context.Context, req *structpb.Struct) (*structpb.Struct, error) {
		activitylog.From(ctx).AddTarget(activitylog.Target{Type: "member", ID: req.Fields["id"].GetStringValue()})
		return req, nil
	}}}
	conn, stop := serve(t, func(s *grpc.Server) { s.RegisterService(a.desc(), nil) },
		interceptors(nil, middleware.WithLoggerProvider(rec), middleware.WithAsync())...)
	const sent = 200
	for i := range sent {
		req, _ := structpb.NewStruct(map[string]any{"id": fmt.Sprint(i)})
		if err := conn.Invoke(t.Context(), service+"UpdateMember", req, new(structpb.Struct)); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	middleware.Flush(t.Context())
	events := rec.Events()
	if len(events) != sent {
		t.Fatalf("%d events, want %d", len(events), sent)
	}
	for i, e := range events {
		if e.Target().ID != fmt.Sprint(i) || e.Outcome != activitylog.Success {
			t.Fatalf("event %d is %+v", i, e)
		}
	}
}
