package grpcactivity

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware/internal/engine"
)

// A call is one that will be an event or an access, on its way through the handler.
type call struct {
	engine *engine.Engine
	outer  context.Context
	inner  context.Context // as the handler gets it, with the draft
	draft  *activitylog.Draft
	origin engine.Origin
	end    engine.End

	// completed tells a return from a panic without recover, which would
	// cost the panic its stack.
	completed bool
}

const verb = http.MethodPost

// begin returns the call of a method, or nil if it is neither an event nor an
// access that is news.
func begin(ctx context.Context, e *engine.Engine, method string, registered bool) *call {
	if activitylog.From(ctx).Open() {
		return nil
	}
	m := e.Mapping()
	rule, access := find(e, m, method, registered)
	if rule == nil && (access == nil || e.Accessed(request(ctx, method), "")) {
		return nil
	}
	c := &call{engine: e, outer: ctx}
	c.inner, c.draft = activitylog.Begin(ctx)
	c.draft.DescribedBy(c)
	r := request(c.inner, method)
	c.origin = e.Origin(r)
	c.end = engine.End{
		Request:  r,
		Mapping:  m,
		Rule:     rule,
		Access:   access,
		Exchange: mapping.Exchange{Header: r.Header},
	}
	return c
}

// find returns the rule of a method and that for its access. Of a method that
// is not registered, which may have any name, and of gRPC's own services, such
// as health, only a rule counts that names it.
func find(e *engine.Engine, m *mapping.Mapping, method string, registered bool) (rule, access *mapping.Rule) {
	own := strings.HasPrefix(method, "/grpc.")
	if registered && !own {
		rule, access = e.Rule(m, verb, method), e.Access(m, verb, method)
	} else if named := m.Rule(verb, method); named != nil && !named.Inferred {
		return named, e.Access(m, verb, method)
	}
	if rule == nil && !own {
		e.Unruled(m, verb, method)
	}
	return rule, access
}

func (c *call) unary(req any, handler grpc.UnaryHandler) (resp any, err error) {
	var asksRequest, asksResponse bool
	if c.end.Rule != nil {
		asksRequest, asksResponse = c.end.Rule.Reads()
	}
	if asksRequest {
		c.end.Exchange.Request = body(req) // now: the handler may change it
	}
	defer func() {
		if asksResponse && c.completed && err == nil {
			c.end.Exchange.Response = body(resp)
		}
		c.finish(err)
	}()
	resp, err = handler(c.inner, req)
	c.completed = true
	return resp, err
}

func (c *call) stream(srv any, ss grpc.ServerStream, handler grpc.StreamHandler) (err error) {
	const problem = "it is a stream"
	c.end.Exchange.Request.Problem, c.end.Exchange.Response.Problem = problem, problem
	s := &stream{ServerStream: ss, ctx: c.inner}
	defer func() {
		c.end.Answered = s.answered.Load()
		c.finish(err)
	}()
	err = handler(srv, s)
	c.completed = true
	return err
}

func (c *call) finish(err error) {
	c.end.Panicked = !c.completed
	c.end.Outcome, c.end.ErrorType = outcomeOf(err)
	c.engine.Finish(c.outer, c.draft, &c.origin, &c.end)
}

// Describe tells what is known of the event while the handler runs.
func (c *call) Describe(set activitylog.Fields) (activitylog.Event, bool) {
	end := engine.End{
		Request:  c.end.Request,
		Mapping:  c.end.Mapping,
		Rule:     c.end.Rule,
		Exchange: mapping.Exchange{Header: c.end.Exchange.Header, Request: c.end.Exchange.Request},
	}
	end.Exchange.Response.Problem = "it is not there yet"
	return c.engine.Describe(set, &c.origin, &end)
}

// outcomeOf returns the outcome that a handler's error stands for and the name
// of the code that the server makes of it.
func outcomeOf(err error) (activitylog.Outcome, string) {
	s, ok := status.FromError(err)
	if !ok {
		s = status.FromContextError(err)
	}
	name := code.Code(s.Code()).String() // PERMISSION_DENIED, as OpenTelemetry has it
	switch s.Code() {
	case codes.OK:
		return activitylog.Success, ""
	case codes.Unauthenticated, codes.PermissionDenied, codes.ResourceExhausted:
		return activitylog.Denied, name
	default:
		return activitylog.Failure, name
	}
}

// request returns the call as the HTTP request that it travels in.
func request(ctx context.Context, method string) *http.Request {
	r := &http.Request{
		Method:     http.MethodPost,
		URL:        &url.URL{Path: method},
		RequestURI: method,
		Header:     make(http.Header),
		Body:       http.NoBody,
	}
	md, _ := metadata.FromIncomingContext(ctx)
	for key, values := range md {
		r.Header[http.CanonicalHeaderKey(key)] = values
	}
	r.Host = r.Header.Get(":authority")
	if p, ok := peer.FromContext(ctx); ok {
		if p.Addr != nil {
			r.RemoteAddr = p.Addr.String()
		}
		if tls, ok := p.AuthInfo.(credentials.TLSInfo); ok {
			r.TLS = &tls.State
		}
	}
	return r.WithContext(ctx)
}

// A stream is one whose context has the draft.
type stream struct {
	grpc.ServerStream
	ctx      context.Context
	answered atomic.Bool // a message was sent, by whatever goroutine
}

func (s *stream) Context() context.Context { return s.ctx }

func (s *stream) SendMsg(m any) error {
	err := s.ServerStream.SendMsg(m)
	if err == nil {
		s.answered.Store(true)
	}
	return err
}
