package grpcactivity_test

import (
	"context"
	"testing"

	"go.opentelemetry.io/otel/log/noop"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/grpcactivity"
)

// BenchmarkUnary measures what the interceptor adds to a call, less the SDK
// and the connection.
func BenchmarkUnary(b *testing.B) {
	handler := func(_ context.Context, req any) (any, error) { return req, nil }
	provider := middleware.WithLoggerProvider(noop.NewLoggerProvider())
	baseline := func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		return handler(ctx, req)
	}
	message, err := structpb.NewStruct(map[string]any{"org": "acme", "name": "Bob Ito", "status": "inactive"})
	if err != nil {
		b.Fatal(err)
	}
	for _, bb := range []struct {
		name, method string
		activity     grpc.UnaryServerInterceptor
	}{
		{"baseline", "UpdateMember", baseline},
		{"no event", "GetMember", grpcactivity.New(nil, provider).Unary},
		{"event", "UpdateMember", grpcactivity.New(nil, provider).Unary},
		{"event with messages", "UpdateMember", grpcactivity.New(parse(b, rules), provider).Unary},
	} {
		b.Run(bb.name, func(b *testing.B) {
			info := &grpc.UnaryServerInfo{FullMethod: service + bb.method}
			b.ReportAllocs()
			for b.Loop() {
				bb.activity(b.Context(), message, info, handler)
			}
		})
	}
}
