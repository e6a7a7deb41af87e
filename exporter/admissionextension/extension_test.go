package admissionextension_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensionmiddleware"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/activitylog-go/activitylog/exporter/admissionextension"
)

// create returns the extension with one MiB.
func create(t *testing.T) extension.Extension {
	t.Helper()
	factory := admissionextension.NewFactory()
	config := factory.CreateDefaultConfig().(*admissionextension.Config)
	config.InFlight = 1
	e, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), config)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Start(t.Context(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Shutdown(context.Background()) })
	return e
}

// A gate is a handler whose requests stay inside until it is opened.
type gate struct {
	entered chan struct{}
	open    chan struct{}
}

func newGate() gate { return gate{entered: make(chan struct{}, 10), open: make(chan struct{})} }

func (g gate) pass() {
	g.entered <- struct{}{}
	<-g.open
}

func TestHTTP(t *testing.T) {
	wrap, err := create(t).(extensionmiddleware.HTTPServer).GetHTTPHandler(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	g := newGate()
	h, err := wrap(t.Context(), http.HandlerFunc(func(http.ResponseWriter, *http.Request) { g.pass() }))
	if err != nil {
		t.Fatal(err)
	}
	post := func(ctx context.Context, size int) int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader(strings.Repeat("x", size))))
		if w.Code == http.StatusServiceUnavailable && w.Header().Get("Retry-After") == "" {
			t.Error("a client is not told when to come again")
		}
		return w.Code
	}
	answers := make(chan int)
	for range 2 { // together they have room
		go func() { answers <- post(t.Context(), 400<<10) }()
		<-g.entered
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if got := post(ctx, 400<<10); got != http.StatusServiceUnavailable {
		t.Errorf("a request without room: got status %d, want 503", got)
	}
	go func() { answers <- post(t.Context(), 9<<20) }() // larger than all: waits until it is alone
	close(g.open)
	for range 3 {
		if got := <-answers; got != http.StatusOK {
			t.Errorf("got status %d, want 200", got)
		}
	}
}

func TestGRPC(t *testing.T) {
	var inside, most atomic.Int32
	conn := serve(t, func(_ any, stream grpc.ServerStream) error {
		most.Store(max(most.Load(), inside.Add(1)))
		defer inside.Add(-1)
		if err := stream.RecvMsg(new(emptypb.Empty)); err != nil {
			return err
		}
		time.Sleep(20 * time.Millisecond) // for others to come in
		return stream.SendMsg(new(emptypb.Empty))
	})
	answers := make(chan error)
	const calls = 8
	for range calls {
		go func() {
			answers <- conn.Invoke(t.Context(), "/service/Method", new(emptypb.Empty), new(emptypb.Empty))
		}()
	}
	for range calls {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	if most.Load() != 1 {
		t.Errorf("%d calls were inside at once, there is room for one", most.Load())
	}
}

// TestGRPCIdle lets others in when a call that takes all the room sends nothing.
func TestGRPCIdle(t *testing.T) {
	t.Parallel()
	conn := serve(t, func(_ any, stream grpc.ServerStream) error {
		if err := stream.RecvMsg(new(emptypb.Empty)); err != nil {
			return err
		}
		return stream.SendMsg(new(emptypb.Empty))
	})
	desc := &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}
	idle, err := conn.NewStream(t.Context(), desc, "/service/Method")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := conn.Invoke(t.Context(), "/service/Method", new(emptypb.Empty), new(emptypb.Empty)); err != nil {
			t.Fatal(err)
		}
	}
	if err := idle.SendMsg(new(emptypb.Empty)); err != nil { // late, but taken
		t.Fatal(err)
	}
	if err := idle.RecvMsg(new(emptypb.Empty)); err != nil {
		t.Error(err)
	}
}

// serve returns a connection to a server behind the extension.
func serve(t *testing.T, handler grpc.StreamHandler) *grpc.ClientConn {
	t.Helper()
	options, err := create(t).(extensionmiddleware.GRPCServer).GetGRPCServerOptions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer(append(options, grpc.UnknownServiceHandler(handler))...)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(l)
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestConfig(t *testing.T) {
	config := admissionextension.Config{InFlight: 0}
	if err := config.Validate(); err == nil || !strings.Contains(err.Error(), "in_flight_mib") {
		t.Errorf("got %v, want an error that names in_flight_mib", err)
	}
}
