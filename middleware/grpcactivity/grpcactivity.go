// Package grpcactivity makes an event of every mutating call that a gRPC
// server answers. Package middleware does the same for net/http.
//
//	activity := grpcactivity.New(m)
//	grpc.NewServer(
//		grpc.ChainUnaryInterceptor(activity.Unary, recovery, auth),
//		grpc.ChainStreamInterceptor(activity.Stream, recoveryStream, authStream))
//
// Put it before authentication and whatever else refuses calls or makes
// statuses of panics and errors: then refusals are events, and an event has
// the code that the client gets. Those further in say what only they know:
//
//	activitylog.From(ctx).SetActor(activitylog.Actor{ID: user.ID, Name: user.Name})
//
// # Rules
//
// A call is a POST whose route is the full name of the method:
//
//	routes:
//	  POST /acme.v1.MemberService/UpdateMember:
//	    code: org.member:updated
//	    target: {type: member, id: request./member/id}
//
// Methods whose names say that they read (GetUser) are no events unless a rule
// names them; nor are those of gRPC's own services, such as health, and those
// that no service of the server has. Where a rule asks for the body of a unary
// call, it sees the message as protojson writes it (/displayName) if that is
// at most 64 KiB long. What cannot be read, as the messages of streams, the
// event says in its attributes unread.request and unread.response.
//
// # Events
//
// The outcome is success for OK, denied for UNAUTHENTICATED, PERMISSION_DENIED
// and RESOURCE_EXHAUSTED, and failure for other codes and for a panic; the
// name of the code is the event's ErrorType. The HTTP status, which is always
// 200, is left out: conditions must ask for the outcome. A stream is one
// event, when it ends. A call whose message cannot be decoded never reaches an
// interceptor and is no event.
//
// # Options
//
// Those of package middleware, except for WithServeMux and WithRoute. Their
// functions get the call as a request: its context, its metadata as headers,
// its peer and the state of TLS; no body. Nothing in the metadata is believed
// unless an option asks for it.
package grpcactivity

import (
	"context"

	"google.golang.org/grpc"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/internal/engine"
)

// An Activity is the interceptors of a server. They belong together: what is
// counted and remembered, see [middleware.WithFloodLimit] and
// [middleware.WithAccess], is that of unary calls and streams.
type Activity struct{ engine *engine.Engine }

// New returns interceptors that emit an event for each call that source makes
// one of: a [*mapping.Mapping], or a [*mapping.Reloader] that follows its file.
// A nil source stands for [mapping.Default]. Used twice they emit once: the
// outer ones do.
func New(source mapping.Source, opts ...middleware.Option) *Activity {
	return &Activity{engine.New(source, engine.Configure(opts))}
}

var (
	_ grpc.UnaryServerInterceptor  = new(Activity).Unary
	_ grpc.StreamServerInterceptor = new(Activity).Stream
)

// Unary is a [grpc.UnaryServerInterceptor].
func (a *Activity) Unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if c := begin(ctx, a.engine, info.FullMethod, true); c != nil {
		return c.unary(req, handler)
	}
	return handler(ctx, req)
}

// Stream is a [grpc.StreamServerInterceptor].
func (a *Activity) Stream(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	// Without an implementation it is the server's UnknownServiceHandler, and
	// the method is what the client wrote.
	if c := begin(ss.Context(), a.engine, info.FullMethod, srv != nil); c != nil {
		return c.stream(srv, ss, handler)
	}
	return handler(srv, ss)
}
