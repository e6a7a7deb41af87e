// Package grpcactivity makes an event of every mutating call that a gRPC
// server answers. Package middleware does the same for net/http.
//
//	grpc.NewServer(
//		grpc.ChainUnaryInterceptor(grpcactivity.UnaryServerInterceptor(m), recovery, auth),
//		grpc.ChainStreamInterceptor(grpcactivity.StreamServerInterceptor(m), recoveryStream, authStream))
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

// UnaryServerInterceptor returns an interceptor that emits an event for each
// unary call that source makes one of: a [*mapping.Mapping], or a
// [*mapping.Reloader] that follows its file. A nil source stands for
// [mapping.Default]. Used twice it emits once: the outer one does.
func UnaryServerInterceptor(source mapping.Source, opts ...middleware.Option) grpc.UnaryServerInterceptor {
	e := newEngine(source, opts)
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		if c := begin(ctx, e, info.FullMethod, true); c != nil {
			return c.unary(req, handler)
		}
		return handler(ctx, req)
	}
}

// StreamServerInterceptor is [UnaryServerInterceptor] for streams.
func StreamServerInterceptor(source mapping.Source, opts ...middleware.Option) grpc.StreamServerInterceptor {
	e := newEngine(source, opts)
	return func(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		// Without an implementation it is the server's UnknownServiceHandler,
		// and the method is what the client wrote.
		if c := begin(ss.Context(), e, info.FullMethod, srv != nil); c != nil {
			return c.stream(srv, ss, handler)
		}
		return handler(srv, ss)
	}
}

func newEngine(source mapping.Source, opts []middleware.Option) *engine.Engine {
	var config engine.Config
	for _, opt := range opts {
		opt(&config)
	}
	return engine.New(source, config)
}
