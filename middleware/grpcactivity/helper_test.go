package grpcactivity_test

import (
	"context"
	"net"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
)

// A unary is a method of a service whose messages are any JSON objects.
type unary func(ctx context.Context, req *structpb.Struct) (*structpb.Struct, error)

// A streamed is one that streams both ways.
type streamed func(grpc.ServerStream) error

// An api is the methods of acme.v1.MemberService by name.
type api struct {
	unary    map[string]unary
	streamed map[string]streamed
}

const service = "/acme.v1.MemberService/"

func (a api) desc() *grpc.ServiceDesc {
	d := &grpc.ServiceDesc{ServiceName: "acme.v1.MemberService", HandlerType: (*any)(nil)}
	for name, handle := range a.unary {
		d.Methods = append(d.Methods, grpc.MethodDesc{MethodName: name, Handler: func(srv any, ctx context.Context, dec func(any) error, around grpc.UnaryServerInterceptor) (any, error) {
			in := new(structpb.Struct)
			if err := dec(in); err != nil {
				return nil, err
			}
			handler := func(ctx context.Context, req any) (any, error) {
				out, err := handle(ctx, req.(*structpb.Struct))
				if out == nil {
					return nil, err
				}
				return out, err
			}
			if around == nil {
				return handler(ctx, in)
			}
			return around(ctx, in, &grpc.UnaryServerInfo{Server: srv, FullMethod: service + name}, handler)
		}})
	}
	for name, handle := range a.streamed {
		d.Streams = append(d.Streams, grpc.StreamDesc{StreamName: name, ServerStreams: true, ClientStreams: true, Handler: func(_ any, ss grpc.ServerStream) error {
			return handle(ss)
		}})
	}
	return d
}

// serve starts a server on loopback and returns a connection to it. The server
// has ended every call when the returned function has returned.
func serve(t testing.TB, register func(*grpc.Server), opts ...grpc.ServerOption) (conn *grpc.ClientConn, stop func()) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := grpc.NewServer(append([]grpc.ServerOption{grpc.WaitForHandlers(true)}, opts...)...)
	register(s)
	go s.Serve(listener)
	t.Cleanup(s.Stop)
	conn, err = grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithUserAgent("cli/1"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn, func() {
		conn.Close()
		s.Stop()
	}
}

func (a api) register(s *grpc.Server) { s.RegisterService(a.desc(), a) }

func bound(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func call(ctx context.Context, conn *grpc.ClientConn, method string, message map[string]any, opts ...grpc.CallOption) (*structpb.Struct, error) {
	in, err := structpb.NewStruct(message)
	if err != nil {
		return nil, err
	}
	out := new(structpb.Struct)
	return out, conn.Invoke(ctx, method, in, out, opts...)
}

func parse(t testing.TB, rules string) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Parse("activitylog.yaml", []byte("version: 1\n"+rules))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func only(t testing.TB, rec *activitylogtest.Recorder) activitylog.Event {
	t.Helper()
	events := rec.Events()
	if len(events) != 1 {
		t.Fatalf("%d events, want 1: %+v", len(events), events)
	}
	return events[0]
}

func nothing(context.Context, *structpb.Struct) (*structpb.Struct, error) {
	return new(structpb.Struct), nil
}

// deleteMember lets a server answer one call, for the example.
func deleteMember(s *grpc.Server) {
	api{unary: map[string]unary{"DeleteMember": nothing}}.register(s)
	listener := bufconn.Listen(1 << 16)
	go s.Serve(listener)
	conn, err := grpc.NewClient("passthrough:///", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	call(context.Background(), conn, service+"DeleteMember", nil)
}

// await waits for events of calls that end after the client has left.
func await(t testing.TB, rec *activitylogtest.Recorder, n int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); len(rec.Events()) < n && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
}
