package grpcactivity_test

import (
	"context"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/grpcactivity"
)

// TestDefer follows work from a call to its end. A call has no 202, so that it
// succeeded says as little of it.
func TestDefer(t *testing.T) {
	rec, tickets := new(activitylogtest.Recorder), make(chan activitylog.Ticket, 1)
	a := api{unary: map[string]unary{"CreateMember": func(ctx context.Context, _ *structpb.Struct) (*structpb.Struct, error) {
		activitylog.From(ctx).SetActor(activitylog.Actor{ID: "usr_1"})
		tickets <- activitylog.From(ctx).Defer()
		return new(structpb.Struct), nil
	}, "UpdateMember": func(ctx context.Context, _ *structpb.Struct) (*structpb.Struct, error) {
		activitylog.From(ctx).MarkReplay()
		return new(structpb.Struct), nil
	}}}
	m := parse(t, "")
	conn, stop := serve(t, a.register, grpc.UnaryInterceptor(grpcactivity.New(m, middleware.WithLoggerProvider(rec)).Unary))
	for _, method := range []string{"CreateMember", "UpdateMember"} {
		if err := conn.Invoke(bound(t), service+method, new(structpb.Struct), new(structpb.Struct)); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	own := activitylogtest.Expect(t, rec, activitylogtest.Actor("usr_1"), activitylogtest.Outcome(activitylog.Unknown))
	if events := rec.Events(); len(events) != 1 {
		t.Errorf("%d events, want one: the other call is a replay", len(events))
	}
	rec.Reset()
	if err := m.Complete(t.Context(), rec.Logger("worker"), <-tickets, activitylog.Event{}); err != nil {
		t.Fatal(err)
	}
	operation, _ := own.Attributes.Get(activitylog.AttrOperation)
	activitylogtest.Expect(t, rec, activitylogtest.Code(own.Code), activitylogtest.Actor("usr_1"), activitylogtest.Route(own.HTTP.Route),
		activitylogtest.Outcome(activitylog.Success), activitylogtest.Attr(activitylog.AttrOperation, operation.AsString()))
}
