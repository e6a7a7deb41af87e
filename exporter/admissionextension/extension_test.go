package admissionextension_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensionmiddleware"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
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
	options, err := create(t).(extensionmiddleware.GRPCServer).GetGRPCServerOptions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	g := newGate()
	server := grpc.NewServer(append(options, grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
		if err := stream.RecvMsg(new(emptypb.Empty)); err != nil {
			return err
		}
		g.pass()
		return stream.SendMsg(new(emptypb.Empty))
	}))...)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(l)
	defer server.Stop()
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	call := func(ctx context.Context) error {
		return conn.Invoke(ctx, "/service/Method", new(emptypb.Empty), new(emptypb.Empty))
	}
	answers := make(chan error)
	go func() { answers <- call(t.Context()) }()
	<-g.entered
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := call(ctx); status.Code(err) != codes.DeadlineExceeded || len(g.entered) > 0 {
		t.Errorf("a call without room was let in: %v", err)
	}
	go func() { answers <- call(t.Context()) }()
	close(g.open)
	for range 2 {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
}

func TestConfig(t *testing.T) {
	config := admissionextension.Config{InFlight: 0}
	if err := config.Validate(); err == nil || !strings.Contains(err.Error(), "in_flight_mib") {
		t.Errorf("got %v, want an error that names in_flight_mib", err)
	}
}
