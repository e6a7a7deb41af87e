package grpcactivity_test

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/grpcactivity"
)

// TestSource sends metadata that claims much, and asks for some of it.
func TestSource(t *testing.T) {
	asked := []middleware.Option{
		middleware.WithTrustedProxies(netip.MustParsePrefix("127.0.0.0/8")),
		middleware.WithRequestID(func(r *http.Request) string { return r.Header.Get("X-Request-ID") }),
		middleware.WithSession(func(r *http.Request) string { return r.Host }),
		middleware.WithActor(func(r *http.Request) activitylog.Actor {
			return activitylog.Actor{ID: r.Header.Get("x-user") + " by " + r.Method + " " + r.URL.Path}
		}),
		middleware.WithTenant(func(r *http.Request) string {
			p, _ := peer.FromContext(r.Context())
			return p.Addr.Network()
		}),
	}
	for _, tt := range []struct {
		name                                       string
		opts                                       []middleware.Option
		client, request, actor, tenant, hasSession string
	}{
		{"nothing asked", nil, "127.0.0.1", "", "", "", ""},
		{"all asked", asked, "198.51.100.7", "req_1", "usr_eve by POST /acme.v1.MemberService/UpdateMember", "tcp", "127.0.0.1:"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec := new(activitylogtest.Recorder)
			conn, stop := serve(t, api{unary: map[string]unary{"UpdateMember": nothing}}.register,
				interceptors(nil, append(tt.opts, middleware.WithLoggerProvider(rec))...)...)
			ctx := metadata.AppendToOutgoingContext(bound(t),
				"x-forwarded-for", "198.51.100.7", "x-request-id", "req_1", "x-user", "usr_eve", "authorization", "Bearer s3cret")
			if _, err := call(ctx, conn, service+"UpdateMember", nil); err != nil {
				t.Fatal(err)
			}
			stop()
			e := only(t, rec)
			s := e.Source
			if s.PeerAddress != "127.0.0.1" || s.ClientAddress != tt.client || s.RequestID != tt.request || !strings.HasPrefix(s.UserAgent, "cli/1") {
				t.Errorf("source is %+v", s)
			}
			if e.Actor.ID != tt.actor || e.Tenant != tt.tenant || !strings.HasPrefix(s.SessionID, tt.hasSession) || (s.SessionID == "") != (tt.hasSession == "") {
				t.Errorf("actor %q, tenant %q, session %q", e.Actor.ID, e.Tenant, s.SessionID)
			}
		})
	}
}

// TestHeaderConditions lets a rule ask for metadata.
func TestHeaderConditions(t *testing.T) {
	m := parse(t, `routes:
  POST /acme.v1.MemberService/UpdateMember:
    cases: [{when: {header: {X-Dry-Run: "1"}}, code: member:tried}, {code: member:updated}]
`)
	rec := new(activitylogtest.Recorder)
	activity := grpcactivity.New(m, middleware.WithLoggerProvider(rec))
	ctx := metadata.NewIncomingContext(t.Context(), metadata.Pairs("x-dry-run", "1"))
	activity.Unary(ctx, nil, &grpc.UnaryServerInfo{FullMethod: service + "UpdateMember"}, func(context.Context, any) (any, error) { return nil, nil })
	activitylogtest.Expect(t, rec, activitylogtest.Code("member:tried"))
}

// TestTLS hands what TLS knows of the client to the options.
func TestTLS(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	activity := grpcactivity.New(nil, middleware.WithLoggerProvider(rec),
		middleware.WithActor(func(r *http.Request) activitylog.Actor {
			return activitylog.Actor{ID: r.TLS.ServerName, Type: activitylog.Service}
		}))
	var tls credentials.TLSInfo
	tls.State.ServerName = "payouts.internal"
	ctx := peer.NewContext(t.Context(), &peer.Peer{AuthInfo: tls}) // of a transport without addresses
	activity.Unary(ctx, nil, &grpc.UnaryServerInfo{FullMethod: service + "UpdateMember"}, func(context.Context, any) (any, error) { return nil, nil })
	activitylogtest.Expect(t, rec, activitylogtest.Actor("payouts.internal"), activitylogtest.ActorType(activitylog.Service))
}

// FuzzCall makes calls of any method with any metadata: the handler is always
// called once, and what an event says is text.
func FuzzCall(f *testing.F) {
	f.Add("/acme.v1.MemberService/UpdateMember", "x-request-id", "req_1", "127.0.0.1:1")
	f.Add("", ":authority", "", "")
	f.Add("/{a}/{b...}:\x00\xff", "user-agent", "\xff\x00", "@")
	f.Add("PUT x/y ", "x-forwarded-for", ",,1.2.3.4,", "[::1%lo]:7")
	f.Fuzz(func(t *testing.T, method, key, value, address string) {
		rec := new(activitylogtest.Recorder)
		activity := grpcactivity.New(nil, middleware.WithLoggerProvider(rec),
			middleware.WithTrustedProxies(netip.MustParsePrefix("127.0.0.0/8")))
		ctx := metadata.NewIncomingContext(t.Context(), metadata.MD{key: {value}, "empty": nil})
		ctx = peer.NewContext(ctx, &peer.Peer{Addr: textAddr(address)})
		called := 0
		activity.Unary(ctx, nil, &grpc.UnaryServerInfo{FullMethod: method}, func(context.Context, any) (any, error) {
			called++
			return nil, nil
		})
		if called != 1 || len(rec.Events()) > 1 {
			t.Fatalf("called %d times, %d events", called, len(rec.Events()))
		}
		for _, e := range rec.Events() {
			for _, s := range []string{e.HTTP.Route, e.HTTP.Path, e.Summary, e.Source.UserAgent, e.Source.PeerAddress, e.Source.ClientAddress} {
				if !utf8.ValidString(s) || strings.ContainsRune(s, 0) || len(s) > activitylog.MaxString {
					t.Fatalf("%q in an event", s)
				}
			}
		}
	})
}

type textAddr string

func (textAddr) Network() string  { return "test" }
func (a textAddr) String() string { return string(a) }
