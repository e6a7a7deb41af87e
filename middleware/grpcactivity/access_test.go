package grpcactivity_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/grpcactivity"
)

// identify says who the actor is by a header that is the credential, and
// whether the call passes through the recorder.
func identify(ctx context.Context) error {
	md, _ := metadata.FromIncomingContext(ctx)
	user := strings.Join(md.Get("user"), "")
	if d := activitylog.From(ctx); d != nil {
		grpc.SetHeader(ctx, metadata.Pairs("recorded", "yes"))
		d.SetActor(activitylog.Actor{ID: user})
	}
	if user == "eve" {
		return status.Error(codes.PermissionDenied, "no")
	}
	return nil
}

// visited is a server of which clients may read; the header Org is the tenant.
func visited(rec *activitylogtest.Recorder, m mapping.Source, opts ...middleware.Option) []grpc.ServerOption {
	header := func(name string) func(*http.Request) string {
		return func(r *http.Request) string { return r.Header.Get(name) }
	}
	return append(interceptors(m, append([]middleware.Option{
		middleware.WithLoggerProvider(rec), middleware.WithAccess("", 0),
		middleware.WithSession(header("Session")), middleware.WithTenant(header("Org")),
	}, opts...)...),
		grpc.ChainUnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
			if err := identify(ctx); err != nil {
				return nil, err
			}
			return handler(ctx, req)
		}),
		grpc.ChainStreamInterceptor(func(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
			if err := identify(ss.Context()); err != nil {
				return err
			}
			return handler(srv, ss)
		}))
}

var members = api{
	unary: map[string]unary{
		"GetMember": nothing, "UpdateMember": nothing,
		"GetSelf": func(ctx context.Context, _ *structpb.Struct) (*structpb.Struct, error) {
			activitylog.From(ctx).SetTenant("acme")
			return new(structpb.Struct), nil
		},
		"GetLost": func(context.Context, *structpb.Struct) (*structpb.Struct, error) {
			return nil, status.Error(codes.NotFound, "no such member")
		},
	},
	streamed: map[string]streamed{
		"WatchMembers": func(ss grpc.ServerStream) error { // until the client leaves
			if err := ss.SendMsg(new(structpb.Struct)); err != nil {
				return err
			}
			<-ss.Context().Done()
			return ss.Context().Err()
		},
		"ListMembers": func(ss grpc.ServerStream) error { return ss.SendMsg(new(structpb.Struct)) },
		"WatchNothing": func(ss grpc.ServerStream) error {
			ss.SendHeader(nil)
			<-ss.Context().Done()
			return ss.Context().Err()
		},
	},
}

// TestAccess makes calls over connections in sessions that come for the first
// time and again.
func TestAccess(t *testing.T) {
	const ann = "org:accessed acme ann"
	type request struct {
		method, user, session, org string
		recorded                   bool // it passes through the recorder: it may be news
	}
	for _, tt := range []struct {
		name     string
		m        mapping.Source
		opts     []middleware.Option
		requests []request
		want     string
	}{
		{"once", nil, nil, []request{{"GetMember", "ann", "s1", "acme", true}, {"GetMember", "ann", "s1", "acme", false}, {"ListMembers", "ann", "s1", "acme", false}}, ann},
		{"stream", nil, nil, []request{{"ListMembers", "ann", "s1", "acme", true}, {"GetMember", "ann", "s1", "acme", false}}, ann},
		{"stream that the client leaves", nil, nil, []request{{"WatchMembers", "ann", "s1", "acme", true}, {"GetMember", "ann", "s1", "acme", false}}, ann},
		{"stream without an answer", nil, nil, []request{{"WatchNothing", "ann", "s1", "acme", true}}, ""},
		{"two sessions", nil, nil, []request{{"GetMember", "ann", "s1", "acme", true}, {"GetMember", "ann", "s2", "acme", true}}, ann + "; " + ann},
		{"two tenants", nil, nil, []request{{"GetMember", "ann", "s1", "acme", true}, {"GetMember", "ann", "s1", "globex", true}}, ann + "; org:accessed globex ann"},
		{"without a session", nil, nil, []request{{"GetMember", "ann", "", "acme", true}, {"GetMember", "ann", "", "acme", true}, {"GetMember", "bob", "", "acme", true}}, ann + "; org:accessed acme bob"},
		{"nobody", nil, nil, []request{{"GetMember", "", "s1", "acme", true}}, ""},
		{"no tenant", nil, nil, []request{{"GetMember", "ann", "s1", "", true}}, ""},
		{"the application says the tenant", nil, nil, []request{{"GetSelf", "ann", "s1", "", true}, {"GetMember", "ann", "s1", "acme", false}}, ann},
		{"refused", nil, nil, []request{{"GetMember", "eve", "s1", "acme", true}, {"ListMembers", "eve", "s1", "acme", true}, {"GetMember", "ann", "s1", "acme", true}}, ann},
		{"fails", nil, nil, []request{{"GetLost", "ann", "s1", "acme", true}}, ""},
		{"a change is an access", nil, nil, []request{{"UpdateMember", "ann", "s1", "acme", true}, {"GetMember", "ann", "s1", "acme", false}}, ann + "; member:updated acme ann"},
		{"an ignored call is one", parse(t, "routes:\n  POST "+service+"UpdateMember: {ignore: \"a test\"}\n"), nil, []request{{"UpdateMember", "ann", "s1", "acme", true}}, ann},
		{"the mapping says the tenant", parse(t, "routes:\n  POST "+service+"UpdateMember: {code: member:updated, tenant: request./org}\n"), nil, []request{{"UpdateMember", "ann", "s1", "", true}}, "org:accessed globex ann; member:updated globex ann"},
		{"a code", nil, []middleware.Option{middleware.WithAccess("team:entered", 0)}, []request{{"GetMember", "ann", "s1", "acme", true}}, "team:entered acme ann"},
		{"window", nil, []middleware.Option{middleware.WithAccess("", time.Hour), middleware.WithClock(hourly())}, []request{{"GetMember", "ann", "s1", "acme", true}, {"GetMember", "ann", "s1", "acme", true}}, ann + "; " + ann},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec := new(activitylogtest.Recorder)
			conn, stop := serve(t, members.register, visited(rec, tt.m, tt.opts...)...)
			for i, r := range tt.requests {
				before := len(rec.Events())
				if recorded := visit(t, conn, r.method, "user", r.user, "session", r.session, "org", r.org); recorded != r.recorded {
					t.Errorf("call %d passes through the recorder: %v, want %v", i, recorded, r.recorded)
				}
				if strings.HasPrefix(r.method, "Watch") && i+1 < len(tt.requests) { // it ends after the client has left
					await(t, rec, before+1)
				}
			}
			stop()
			var got []string
			for _, e := range rec.Events() {
				got = append(got, fmt.Sprintf("%s %s %s", e.Code, e.Tenant, e.Actor.ID))
				if e.Outcome != activitylog.Success || e.ErrorType != "" {
					t.Errorf("%s is %s, %q, want success", e.Code, e.Outcome, e.ErrorType)
				}
			}
			if strings.Join(got, "; ") != tt.want {
				t.Errorf("events are\n%s, want\n%s", strings.Join(got, "; "), tt.want)
			}
		})
	}
}

// hourly returns a clock that goes on by an hour whenever it is looked at.
func hourly() func() time.Time {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Hour)
		return now
	}
}

// visit makes a call and reports whether it passed through the recorder.
func visit(t *testing.T, conn *grpc.ClientConn, method string, header ...string) bool {
	t.Helper()
	ctx, cancel := context.WithCancel(metadata.AppendToOutgoingContext(bound(t), header...))
	defer cancel()
	var got metadata.MD
	if members.unary[method] != nil {
		call(ctx, conn, service+method, map[string]any{"org": "globex"}, grpc.Header(&got))
		return got.Get("recorded") != nil
	}
	s, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, service+method)
	if err != nil {
		t.Fatal(err)
	}
	s.SendMsg(new(structpb.Struct))
	s.CloseSend()
	got, _ = s.Header()
	if method == "WatchNothing" { // there is no message to wait for
		return got.Get("recorded") != nil
	}
	for err = s.RecvMsg(new(structpb.Struct)); err == nil && !strings.HasPrefix(method, "Watch"); {
		err = s.RecvMsg(new(structpb.Struct))
	}
	return got.Get("recorded") != nil
}

// TestAccessEvent looks at the event of an access.
func TestAccessEvent(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	conn, stop := serve(t, members.register, visited(rec, nil)...)
	visit(t, conn, "WatchMembers", "user", "ann", "session", "s1", "org", "acme")
	stop()
	e := only(t, rec)
	if e.Code != "org:accessed" || e.Target() != (activitylog.Target{Type: "org", ID: "acme"}) || e.Source.SessionID != "s1" || e.Summary != "ann accessed acme from 127.0.0.1" {
		t.Errorf("event is %+v", e)
	}
	if want := (activitylog.HTTP{Method: "POST", Route: service + "WatchMembers", Path: service + "WatchMembers"}); e.HTTP != want {
		t.Errorf("call is %+v, want %+v", e.HTTP, want)
	}
}

// TestNoAccess calls what a client may ask of any server, and what none has.
func TestNoAccess(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	opts := append(visited(rec, nil), grpc.UnknownServiceHandler(func(_ any, ss grpc.ServerStream) error {
		return ss.SendMsg(new(structpb.Struct))
	}))
	conn, stop := serve(t, func(s *grpc.Server) {
		healthpb.RegisterHealthServer(s, health.NewServer())
		members.register(s)
	}, opts...)
	ctx := metadata.AppendToOutgoingContext(bound(t), "user", "ann", "session", "s1", "org", "acme")
	for _, method := range []string{"/grpc.health.v1.Health/Check", "/acme.v1.OtherService/GetThing"} {
		if _, err := call(ctx, conn, method, nil); err != nil {
			t.Error(err)
		}
	}
	stop()
	activitylogtest.ExpectNone(t, rec)
}

// TestAccessesAreBounded has more sessions than are remembered: the oldest is
// forgotten and told of again, the youngest is not.
func TestAccessesAreBounded(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	activity := grpcactivity.New(nil, middleware.WithLoggerProvider(rec), middleware.WithAccess("", 0),
		middleware.WithSession(middleware.FromHeader("session")),
		middleware.WithTenant(func(*http.Request) string { return "acme" }),
		middleware.WithActor(middleware.Always(activitylog.Actor{ID: "ann"})))
	get := func(session int) {
		ctx := metadata.NewIncomingContext(t.Context(), metadata.Pairs("session", fmt.Sprint(session)))
		activity.Unary(ctx, nil, &grpc.UnaryServerInfo{FullMethod: service + "GetMember"}, func(context.Context, any) (any, error) { return nil, nil })
	}
	for i := range 10_001 {
		get(i)
	}
	get(10_000)
	if n := len(rec.Events()); n != 10_001 {
		t.Errorf("%d events, want 10001", n)
	}
	get(0)
	if n := len(rec.Events()); n != 10_002 {
		t.Errorf("%d events, want 10002", n)
	}
}
