package grpcactivity_test

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/grpcactivity"
)

// The interceptors stand before authentication, so that refusals are events.
func Example() {
	rec := new(activitylogtest.Recorder) // in a program, the OpenTelemetry SDK's provider
	activity := grpcactivity.New(mapping.Default(), middleware.WithLoggerProvider(rec))

	auth := func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		activitylog.From(ctx).SetActor(activitylog.Actor{ID: "usr_eve"})
		return nil, status.Error(codes.PermissionDenied, "admins only")
	}
	server := grpc.NewServer(
		grpc.ChainUnaryInterceptor(activity.Unary, auth),
		grpc.ChainStreamInterceptor(activity.Stream),
	)
	defer server.Stop()

	deleteMember(server)
	for _, e := range rec.Events() {
		fmt.Println(e.Actor.ID, e.Code, e.Outcome, e.ErrorType)
	}
	// Output:
	// usr_eve member:deleted denied PERMISSION_DENIED
}
