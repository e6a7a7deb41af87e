package admissionextension

import (
	"context"
	"net/http"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensionmiddleware"
	"golang.org/x/sync/semaphore"
	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"
)

// unknownSize is what a request counts whose length is not told: about that of
// the 512 events that an SDK sends at once.
const unknownSize = 1 << 20

// patience is how long a request over HTTP waits. A server does not notice that
// a client went away before it has read the body, and an SDK goes away after
// 10 s: without an end, those who wait would all be gone when their turn comes.
const patience = 5 * time.Second

// window is how much of a message gRPC takes from a client that waits. It would
// else grow to megabytes for each.
const window = 64 << 10

var (
	_ extension.Extension            = (*admission)(nil)
	_ extensionmiddleware.HTTPServer = (*admission)(nil)
	_ extensionmiddleware.GRPCServer = (*admission)(nil)
)

// An admission lets requests in. It is safe for concurrent use.
type admission struct {
	component.StartFunc
	component.ShutdownFunc

	limit    int64 // bytes
	free     *semaphore.Weighted
	patience time.Duration
}

func newAdmission(limit int64) *admission {
	return &admission{limit: limit, free: semaphore.NewWeighted(limit), patience: patience}
}

// enter returns when a request of so many bytes may be read, and what to call
// when it is done with; nil if ctx ended before. A size below zero is unknown.
func (a *admission) enter(ctx context.Context, size int64) (leave func()) {
	if size < 0 {
		size = unknownSize
	}
	size = min(size, a.limit)
	if a.free.Acquire(ctx, size) != nil {
		return nil
	}
	return func() { a.free.Release(size) }
}

// GetHTTPHandler returns what makes requests of an HTTP server wait, and refuses
// them with 503, which asks the client to come again, if they wait too long.
func (a *admission) GetHTTPHandler(context.Context) (extensionmiddleware.WrapHTTPHandlerFunc, error) {
	return func(_ context.Context, next http.Handler) (http.Handler, error) {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), a.patience)
			leave := a.enter(ctx, r.ContentLength)
			cancel()
			if leave == nil {
				w.Header().Set("Retry-After", "1")
				http.Error(w, "too many requests are in flight: come again", http.StatusServiceUnavailable)
				return
			}
			defer leave()
			next.ServeHTTP(w, r)
		}), nil
	}, nil
}

// GetGRPCServerOptions returns what makes requests of a gRPC server wait, each
// until its deadline. Then gRPC ends it, though one that fits in a window may
// still be handed on, with a context that has ended.
func (a *admission) GetGRPCServerOptions(context.Context) ([]grpc.ServerOption, error) {
	return []grpc.ServerOption{
		grpc.StatsHandler(&statsHandler{a}),
		grpc.StaticStreamWindowSize(window),
		grpc.StaticConnWindowSize(window),
	}, nil
}

// A statsHandler is told of the beginning of a call before its message is read:
// an interceptor would come after it has been decoded.
type statsHandler struct{ *admission }

// A stay is that of one call.
type stay struct {
	leave func() // nil if it was not let in
	late  *time.Timer
}

type stayKey struct{}

func (h *statsHandler) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context {
	return context.WithValue(ctx, stayKey{}, new(stay))
}

// HandleRPC lets a call in. One whose message does not come keeps others out no
// longer than patience: its client may have been cut off, or mean harm.
func (h *statsHandler) HandleRPC(ctx context.Context, s stats.RPCStats) {
	call := ctx.Value(stayKey{}).(*stay)
	switch s.(type) {
	case *stats.Begin:
		if leave := h.enter(ctx, -1); leave != nil {
			call.leave = sync.OnceFunc(leave)
			call.late = time.AfterFunc(h.patience, call.leave)
		}
	case *stats.InPayload:
		if call.late != nil {
			call.late.Stop()
		}
	case *stats.End:
		if call.leave != nil {
			call.late.Stop()
			call.leave()
		}
	}
}

func (h *statsHandler) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

func (h *statsHandler) HandleConn(context.Context, stats.ConnStats) {}
