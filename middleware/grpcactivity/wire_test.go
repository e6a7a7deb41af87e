package grpcactivity_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/reflection"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

type contextKey struct{}

// TestCalls makes calls over connections that do not end as they should, or
// carry what they should not.
func TestCalls(t *testing.T) {
	derived := func(ctx context.Context) { // as an authentication further in does it
		ctx, cancel := context.WithTimeout(context.WithValue(ctx, contextKey{}, 1), time.Minute)
		defer cancel()
		activitylog.From(context.WithoutCancel(ctx)).SetActor(activitylog.Actor{ID: "usr_ann"})
	}
	started := make(chan struct{}, 1)
	a := api{
		unary: map[string]unary{
			"UpdateMember": func(ctx context.Context, req *structpb.Struct) (*structpb.Struct, error) {
				derived(ctx)
				return req, nil
			},
			"DeleteMember": func(ctx context.Context, _ *structpb.Struct) (*structpb.Struct, error) {
				derived(ctx)
				started <- struct{}{}
				<-ctx.Done()
				return nil, ctx.Err()
			},
		},
		streamed: map[string]streamed{
			"ImportMembers": func(ss grpc.ServerStream) error { // breaks off in the middle
				derived(ss.Context())
				for range 3 {
					if err := ss.SendMsg(new(structpb.Struct)); err != nil {
						return err
					}
				}
				return status.Error(codes.DataLoss, "the fourth is broken")
			},
			"SyncMembers": func(ss grpc.ServerStream) error {
				derived(ss.Context())
				started <- struct{}{}
				for {
					if err := ss.RecvMsg(new(structpb.Struct)); err != nil {
						return err
					}
				}
			},
		},
	}
	m := parse(t, `routes:
  POST /acme.v1.MemberService/UpdateMember: {code: member:updated, target: {type: member, id: request./id}}
`)
	large := map[string]any{"id": "usr_bob", "note": strings.Repeat("x", 3<<20)}
	stream := func(ctx context.Context, conn *grpc.ClientConn, method string) (messages int, err error) {
		s, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, service+method)
		if err != nil {
			return 0, err
		}
		s.SendMsg(new(structpb.Struct))
		for ; err == nil; messages++ {
			err = s.RecvMsg(new(structpb.Struct))
		}
		return messages - 1, err
	}
	for _, tt := range []struct {
		name, method string
		client       func(context.Context, *grpc.ClientConn) error
		code         codes.Code // what the client gets
		want         []activitylogtest.Matcher
	}{
		{"deadline", "DeleteMember", func(ctx context.Context, conn *grpc.ClientConn) error {
			ctx, cancel := context.WithTimeout(ctx, 2*time.Second) // the handler must have started by then
			defer cancel()
			_, err := call(ctx, conn, service+"DeleteMember", nil)
			<-started
			return err
		}, codes.DeadlineExceeded, []activitylogtest.Matcher{activitylogtest.Code("member:deleted"), activitylogtest.Outcome(activitylog.Failure)}},
		{"cancelled", "DeleteMember", func(ctx context.Context, conn *grpc.ClientConn) error {
			ctx, cancel := context.WithCancel(ctx)
			go func() {
				<-started
				cancel()
			}()
			_, err := call(ctx, conn, service+"DeleteMember", nil)
			return err
		}, codes.Canceled, []activitylogtest.Matcher{activitylogtest.Code("member:deleted"), activitylogtest.ErrorType("CANCELLED")}},
		{"stream that breaks off", "ImportMembers", func(ctx context.Context, conn *grpc.ClientConn) error {
			n, err := stream(ctx, conn, "ImportMembers")
			if n != 3 {
				t.Errorf("%d messages came, want 3", n)
			}
			return err
		}, codes.DataLoss, []activitylogtest.Matcher{activitylogtest.Code("member:imported"), activitylogtest.ErrorType("DATA_LOSS")}},
		{"stream that is left", "SyncMembers", func(ctx context.Context, conn *grpc.ClientConn) error {
			ctx, cancel := context.WithCancel(ctx)
			go func() {
				<-started
				cancel()
			}()
			_, err := stream(ctx, conn, "SyncMembers")
			return err
		}, codes.Canceled, []activitylogtest.Matcher{activitylogtest.Outcome(activitylog.Failure), activitylogtest.ErrorType("CANCELLED")}},
		{"large message", "UpdateMember", func(ctx context.Context, conn *grpc.ClientConn) error {
			out, err := call(ctx, conn, service+"UpdateMember", large)
			if len(out.Fields["note"].GetStringValue()) != 3<<20 {
				t.Error("the message did not come back whole")
			}
			return err
		}, codes.OK, []activitylogtest.Matcher{activitylogtest.Code("member:updated"), activitylogtest.Attr("unread.request", "it is longer than 64 KiB")}},
		{"message that is too large for gRPC", "UpdateMember", func(ctx context.Context, conn *grpc.ClientConn) error {
			_, err := call(ctx, conn, service+"UpdateMember", map[string]any{"note": strings.Repeat("x", 5<<20)})
			return err
		}, codes.ResourceExhausted, nil},
		{"metadata of any bytes", "UpdateMember", func(ctx context.Context, conn *grpc.ClientConn) error {
			ctx = metadata.AppendToOutgoingContext(ctx, "session-bin", "\xff\x00\xfe", "request-bin", "a\nb")
			_, err := call(ctx, conn, service+"UpdateMember", map[string]any{"id": "usr_\u0000bob"})
			return err
		}, codes.OK, []activitylogtest.Matcher{activitylogtest.Code("member:updated")}},
		{"reflection", "", func(ctx context.Context, conn *grpc.ClientConn) error {
			s, err := reflectionpb.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
			if err != nil {
				return err
			}
			s.Send(&reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_ListServices{}})
			s.CloseSend()
			for err == nil {
				_, err = s.Recv()
			}
			if err == io.EOF {
				err = nil
			}
			return err
		}, codes.OK, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec := new(activitylogtest.Recorder)
			conn, stop := serve(t, func(s *grpc.Server) {
				a.register(s)
				reflection.Register(s)
			}, interceptors(m, middleware.WithLoggerProvider(rec), middleware.WithSession(middleware.FromHeader("session-bin")),
				middleware.WithRequestID(middleware.FromHeader("request-bin")))...)
			if err := tt.client(bound(t), conn); status.Code(err) != tt.code {
				t.Errorf("the client gets %v, want %v", err, tt.code)
			}
			stop()
			if tt.want == nil {
				activitylogtest.ExpectNone(t, rec)
				return
			}
			e := activitylogtest.Expect(t, rec, append(tt.want, activitylogtest.Actor("usr_ann"))...)
			if e.Source.SessionID != "" || e.Source.RequestID != "" {
				t.Errorf("source is %+v, want no ids of what is no text", e.Source)
			}
		})
	}
}
