package grpcactivity_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/grpcactivity"
)

// An ending is how a handler ends, and what the event of it must say.
type ending struct {
	name      string
	err       error
	outcome   activitylog.Outcome
	errorType string
}

var endings = []ending{
	{"ok", nil, activitylog.Success, ""},
	{"permission denied", status.Error(codes.PermissionDenied, "no"), activitylog.Denied, "PERMISSION_DENIED"},
	{"unauthenticated", status.Error(codes.Unauthenticated, "who"), activitylog.Denied, "UNAUTHENTICATED"},
	{"exhausted", status.Error(codes.ResourceExhausted, "slow"), activitylog.Denied, "RESOURCE_EXHAUSTED"},
	{"not found", status.Error(codes.NotFound, "no such member"), activitylog.Failure, "NOT_FOUND"},
	{"wrapped", fmt.Errorf("update: %w", status.Error(codes.PermissionDenied, "no")), activitylog.Denied, "PERMISSION_DENIED"},
	{"plain error", errors.New("oh"), activitylog.Failure, "UNKNOWN"},
	{"cancelled", fmt.Errorf("query: %w", context.Canceled), activitylog.Failure, "CANCELLED"},
	{"deadline", context.DeadlineExceeded, activitylog.Failure, "DEADLINE_EXCEEDED"},
	{"internal", status.Error(codes.Internal, "\xff"), activitylog.Failure, "INTERNAL"},
	{"no code of gRPC", status.Error(99, "own"), activitylog.Failure, "99"},
}

func interceptors(m mapping.Source, opts ...middleware.Option) []grpc.ServerOption {
	activity := grpcactivity.New(m, opts...)
	return []grpc.ServerOption{grpc.ChainUnaryInterceptor(activity.Unary), grpc.ChainStreamInterceptor(activity.Stream)}
}

// An answer is all that a client gets of a call.
type answer struct {
	messages        []string
	code            codes.Code
	text            string
	header, trailer metadata.MD
}

func unaryAnswer(t *testing.T, conn *grpc.ClientConn) (a answer) {
	out, err := call(bound(t), conn, service+"UpdateMember", map[string]any{"id": "usr_bob"}, grpc.Header(&a.header), grpc.Trailer(&a.trailer))
	a.messages = []string{out.String()}
	a.code, a.text = status.Code(err), status.Convert(err).Message()
	return a
}

func streamAnswer(t *testing.T, conn *grpc.ClientConn) (a answer) {
	s, err := conn.NewStream(bound(t), &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, service+"ImportMembers")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		in, _ := structpb.NewStruct(map[string]any{"n": i})
		if err = s.SendMsg(in); err != nil {
			break
		}
	}
	s.CloseSend()
	for {
		out := new(structpb.Struct)
		if err = s.RecvMsg(out); err != nil {
			break
		}
		a.messages = append(a.messages, out.String())
	}
	a.header, _ = s.Header()
	a.trailer = s.Trailer()
	if err != io.EOF {
		a.code, a.text = status.Code(err), status.Convert(err).Message()
	}
	return a
}

func (e ending) api() api {
	return api{
		unary: map[string]unary{"UpdateMember": func(ctx context.Context, req *structpb.Struct) (*structpb.Struct, error) {
			grpc.SetHeader(ctx, metadata.Pairs("h", "1"))
			grpc.SetTrailer(ctx, metadata.Pairs("t", "2"))
			activitylog.From(ctx).SetActor(activitylog.Actor{ID: "usr_ann"})
			return req, e.err
		}},
		streamed: map[string]streamed{"ImportMembers": func(ss grpc.ServerStream) error {
			ss.SetHeader(metadata.Pairs("h", "1"))
			grpc.SetTrailer(ss.Context(), metadata.Pairs("t", "2"))
			activitylog.From(ss.Context()).SetActor(activitylog.Actor{ID: "usr_ann"})
			for {
				m := new(structpb.Struct)
				if err := ss.RecvMsg(m); err == io.EOF {
					return e.err
				} else if err != nil {
					return err
				}
				ss.SendMsg(m)
			}
		}},
	}
}

// TestEndings makes the same calls with and without the interceptors, and with
// copies of the messages: the client gets the same, and the event says so.
func TestEndings(t *testing.T) {
	copying := parse(t, `routes:
  POST /acme.v1.MemberService/UpdateMember: {code: member:updated, target: {type: member, id: [response./id, request./id]}}
  POST /acme.v1.MemberService/ImportMembers: {code: member:imported, target: {type: member, id: request./id}}
`)
	for _, ending := range endings {
		without, _ := serve(t, ending.api().register)
		for name, m := range map[string]*mapping.Mapping{"inferred": parse(t, ""), "copying": copying} {
			for kind, ask := range map[string]func(*testing.T, *grpc.ClientConn) answer{"unary": unaryAnswer, "stream": streamAnswer} {
				t.Run(ending.name+"/"+name+"/"+kind, func(t *testing.T) {
					rec := new(activitylogtest.Recorder)
					with, stop := serve(t, ending.api().register, interceptors(m, middleware.WithLoggerProvider(rec))...)
					got, want := ask(t, with), ask(t, without)
					if fmt.Sprint(got) != fmt.Sprint(want) {
						t.Errorf("with the interceptor the client gets %v, without %v", got, want)
					}
					stop()
					e := only(t, rec)
					if e.Outcome != ending.outcome || e.ErrorType != ending.errorType || e.HTTP.Status != 0 {
						t.Errorf("event is %s, %q, %d, want %s, %q, 0", e.Outcome, e.ErrorType, e.HTTP.Status, ending.outcome, ending.errorType)
					}
					if e.Actor.ID != "usr_ann" {
						t.Errorf("actor is %q, want usr_ann", e.Actor.ID)
					}
				})
			}
		}
	}
}

func TestEvent(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	type key struct{}
	a := api{unary: map[string]unary{"UpdateMember": func(ctx context.Context, _ *structpb.Struct) (*structpb.Struct, error) {
		ctx = context.WithValue(ctx, key{}, 1)
		draft := activitylog.From(ctx)
		draft.SetActor(activitylog.Actor{ID: "usr_ann", Name: "Ann Lee"})
		draft.SetTenant("acme")
		draft.AddTarget(activitylog.Target{Type: "member", ID: "usr_bob", Name: "Bob Ito"})
		draft.AddChange("/role", "viewer", "admin")
		return new(structpb.Struct), nil
	}}}
	conn, stop := serve(t, a.register, interceptors(nil, middleware.WithLoggerProvider(rec))...)
	if _, err := call(bound(t), conn, service+"UpdateMember", nil); err != nil {
		t.Fatal(err)
	}
	stop()
	activitylogtest.Expect(t, rec,
		activitylogtest.Code("member:updated"),
		activitylogtest.Route("/acme.v1.MemberService/UpdateMember"),
		activitylogtest.Tenant("acme"),
		activitylogtest.Actor("usr_ann"),
		activitylogtest.Target("member", "usr_bob"),
		activitylogtest.Changed("/role", "viewer", "admin"),
		activitylogtest.Summary("Ann Lee updated member Bob Ito · role: viewer → admin"))
	if e := only(t, rec); e.HTTP.Method != "POST" || e.HTTP.Path != service+"UpdateMember" {
		t.Errorf("request is %+v", e.HTTP)
	}
}

// TestRefused has an interceptor further in that refuses calls.
func TestRefused(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	refuse := func(ctx context.Context) error {
		activitylog.From(ctx).SetActor(activitylog.Actor{ID: "usr_eve"})
		return status.Error(codes.PermissionDenied, "no")
	}
	opts := append(interceptors(nil, middleware.WithLoggerProvider(rec)),
		grpc.ChainUnaryInterceptor(func(ctx context.Context, _ any, _ *grpc.UnaryServerInfo, _ grpc.UnaryHandler) (any, error) {
			return nil, refuse(ctx)
		}),
		grpc.ChainStreamInterceptor(func(_ any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, _ grpc.StreamHandler) error {
			return refuse(ss.Context())
		}))
	conn, stop := serve(t, endings[0].api().register, opts...)
	unaryAnswer(t, conn)
	streamAnswer(t, conn)
	stop()
	if n := len(rec.Events()); n != 2 {
		t.Errorf("%d events, want 2", n)
	}
	for _, e := range rec.Events() {
		if e.Actor.ID != "usr_eve" || e.Outcome != activitylog.Denied {
			t.Errorf("%s: actor %q, %s, want usr_eve, denied", e.Code, e.Actor.ID, e.Outcome)
		}
	}
}

func TestPanic(t *testing.T) {
	recoverUnary := grpc.ChainUnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (_ any, err error) {
		defer func() {
			if cause := recover(); cause != nil {
				err = status.Errorf(codes.Internal, "panic: %v", cause)
			}
		}()
		return handler(ctx, req)
	})
	recoverStream := grpc.ChainStreamInterceptor(func(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) (err error) {
		defer func() {
			if cause := recover(); cause != nil {
				err = status.Errorf(codes.Internal, "panic: %v", cause)
			}
		}()
		return handler(srv, ss)
	})
	a := api{
		unary:    map[string]unary{"UpdateMember": func(context.Context, *structpb.Struct) (*structpb.Struct, error) { panic("oh") }},
		streamed: map[string]streamed{"ImportMembers": func(grpc.ServerStream) error { panic("oh") }},
	}
	recovery := []grpc.ServerOption{recoverUnary, recoverStream}
	for _, tt := range []struct {
		name      string
		opts      func(activity []grpc.ServerOption) []grpc.ServerOption
		errorType string
	}{
		{"recovered further out", func(activity []grpc.ServerOption) []grpc.ServerOption { return append(recovery, activity...) }, "panic"},
		{"recovered further in", func(activity []grpc.ServerOption) []grpc.ServerOption { return append(activity, recovery...) }, "INTERNAL"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec := new(activitylogtest.Recorder)
			conn, stop := serve(t, a.register, tt.opts(interceptors(nil, middleware.WithLoggerProvider(rec)))...)
			for _, got := range []answer{unaryAnswer(t, conn), streamAnswer(t, conn)} {
				if got.code != codes.Internal || got.text != "panic: oh" {
					t.Errorf("the client gets %v %q: the panic did not pass as it was", got.code, got.text)
				}
			}
			stop()
			if n := len(rec.Events()); n != 2 {
				t.Errorf("%d events, want 2", n)
			}
			for _, e := range rec.Events() {
				if e.Outcome != activitylog.Failure || e.ErrorType != tt.errorType {
					t.Errorf("%s is %s, %q, want failure, %q", e.Code, e.Outcome, e.ErrorType, tt.errorType)
				}
			}
		})
	}
}

// TestNoEvent makes calls that are no events, and some that a rule makes one.
func TestNoEvent(t *testing.T) {
	named := parse(t, `routes:
  POST /acme.v1.MemberService/GetMember: {code: member:viewed}
  POST /grpc.health.v1.Health/Check: {code: health:checked}
  POST /acme.v1.Elsewhere/DeleteThing: {code: thing:deleted}
  POST /acme.v1.MemberService/DeleteMember: {ignore: "a test"}
`)
	off := parse(t, "infer: off\n")
	for _, tt := range []struct {
		name, method string
		m            *mapping.Mapping
		code         activitylog.Code
	}{
		{"read", service + "GetMember", nil, ""},
		{"read that is named", service + "GetMember", named, "member:viewed"},
		{"ignored", service + "DeleteMember", named, ""},
		{"not inferred", service + "DeleteMember", off, ""},
		{"suppressed", service + "CreateMember", nil, ""},
		{"health", "/grpc.health.v1.Health/Check", nil, ""},
		{"health that is named", "/grpc.health.v1.Health/Check", named, "health:checked"},
		{"health, watched", "/grpc.health.v1.Health/Watch", nil, ""},
		{"unknown method", service + "DropMember", nil, ""},
		{"unknown service", "/acme.v1.OtherService/DeleteThing", nil, ""},
		{"unknown service that is named", "/acme.v1.Elsewhere/DeleteThing", named, "thing:deleted"},
	} {
		for _, proxy := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, proxy %v", tt.name, proxy), func(t *testing.T) {
				rec := new(activitylogtest.Recorder)
				opts := interceptors(tt.m, middleware.WithLoggerProvider(rec))
				if proxy {
					opts = append(opts, grpc.UnknownServiceHandler(func(_ any, ss grpc.ServerStream) error {
						return ss.SendMsg(new(structpb.Struct))
					}))
				}
				conn, stop := serve(t, func(s *grpc.Server) {
					healthpb.RegisterHealthServer(s, health.NewServer())
					api{unary: map[string]unary{"GetMember": nothing, "DeleteMember": nothing, "CreateMember": func(ctx context.Context, _ *structpb.Struct) (*structpb.Struct, error) {
						activitylog.From(ctx).Suppress("a replay")
						return new(structpb.Struct), nil
					}}}.register(s)
				}, opts...)
				ctx, cancel := context.WithCancel(bound(t))
				if tt.name == "health, watched" {
					w, err := healthpb.NewHealthClient(conn).Watch(ctx, new(healthpb.HealthCheckRequest))
					if err != nil {
						t.Fatal(err)
					}
					w.Recv()
				} else {
					call(ctx, conn, tt.method, nil)
				}
				cancel()
				stop()
				want := tt.code
				if tt.name == "unknown service that is named" && !proxy {
					want = "" // gRPC refuses it before any interceptor
				}
				if want == "" {
					activitylogtest.ExpectNone(t, rec)
				} else {
					activitylogtest.Expect(t, rec, activitylogtest.Code(want))
				}
			})
		}
	}
}

// TestHangUp ends the client's connection in the middle of a call.
func TestHangUp(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	started := make(chan struct{})
	conn, stop := serve(t, api{unary: map[string]unary{"DeleteMember": func(ctx context.Context, _ *structpb.Struct) (*structpb.Struct, error) {
		close(started)
		<-ctx.Done()
		return nil, ctx.Err()
	}}}.register, interceptors(nil, middleware.WithLoggerProvider(rec))...)
	go func() {
		<-started
		conn.Close()
	}()
	if _, err := call(bound(t), conn, service+"DeleteMember", nil); status.Code(err) != codes.Canceled {
		t.Errorf("the client got %v", err)
	}
	stop()
	activitylogtest.Expect(t, rec, activitylogtest.Code("member:deleted"), activitylogtest.ErrorType("CANCELLED"))
}

// TestTwice installs the interceptors twice.
func TestTwice(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	activity := func() []grpc.ServerOption { return interceptors(nil, middleware.WithLoggerProvider(rec)) }
	conn, stop := serve(t, endings[0].api().register, append(activity(), activity()...)...)
	unaryAnswer(t, conn)
	streamAnswer(t, conn)
	stop()
	if events := rec.Events(); len(events) != 2 || events[0].Actor.ID != "usr_ann" || events[1].Actor.ID != "usr_ann" {
		t.Errorf("got %+v, want an event of each call with its actor", events)
	}
}

// TestManyAtOnce keeps the calls of many clients apart.
func TestManyAtOnce(t *testing.T) {
	const n = 200
	rec := new(activitylogtest.Recorder)
	m := parse(t, "routes:\n  POST /acme.v1.MemberService/UpdateMember: {code: member:updated, target: {type: member, id: request./id}}\n")
	conn, stop := serve(t, api{unary: map[string]unary{"UpdateMember": func(ctx context.Context, req *structpb.Struct) (*structpb.Struct, error) {
		id := req.Fields["id"].GetStringValue()
		activitylog.From(ctx).SetActor(activitylog.Actor{ID: "actor of " + id})
		proto.Reset(req) // the message is the handler's own
		return new(structpb.Struct), nil
	}}}.register, interceptors(m, middleware.WithLoggerProvider(rec))...)
	ctx := bound(t)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if _, err := call(ctx, conn, service+"UpdateMember", map[string]any{"id": fmt.Sprint(i)}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	stop()
	seen := map[string]bool{}
	for _, e := range rec.Events() {
		if e.Actor.ID != "actor of "+e.Target().ID {
			t.Errorf("event of %q has the %s", e.Target().ID, e.Actor.ID)
		}
		seen[e.Target().ID] = true
	}
	if len(seen) != n || len(rec.Events()) != n {
		t.Errorf("%d events of %d targets, want %d", len(rec.Events()), len(seen), n)
	}
}

// TestPassesWithoutAllocating measures what the interceptor adds to calls that
// are no events.
func TestPassesWithoutAllocating(t *testing.T) {
	activity := grpcactivity.New(nil, middleware.WithLoggerProvider(new(activitylogtest.Recorder)))
	handler := func(context.Context, any) (any, error) { return nil, nil }
	for _, method := range []string{service + "GetMember", "/grpc.health.v1.Health/Check"} {
		info := &grpc.UnaryServerInfo{FullMethod: method}
		least := 1e9
		for range 5 { // what else runs in the process may allocate too
			least = min(least, testing.AllocsPerRun(100, func() { activity.Unary(t.Context(), nil, info, handler) }))
		}
		if least > 0 {
			t.Errorf("%s: %v allocations", method, least)
		}
	}
}
