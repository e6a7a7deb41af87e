package viewerextension_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configauth"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.uber.org/goleak"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/viewerextension"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/store/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func get(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// start starts an extension over what open opens and returns its address.
func start(t *testing.T, open func(context.Context, string) (store.Store, error)) (url string, e extension.Extension) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	factory := viewerextension.NewFactoryWith(open)
	config := factory.CreateDefaultConfig().(*viewerextension.Config)
	config.Server.NetAddr.Endpoint = addr
	e, err = factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), config)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Start(t.Context(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	return "http://" + addr, e
}

func shutdown(t *testing.T, e extension.Extension) {
	t.Helper()
	if err := e.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestConfigStruct(t *testing.T) {
	if err := componenttest.CheckConfigStruct(viewerextension.NewFactory().CreateDefaultConfig()); err != nil {
		t.Error(err)
	}
}

func TestDefaults(t *testing.T) {
	config := viewerextension.NewFactory().CreateDefaultConfig().(*viewerextension.Config)
	if err := confmap.Validate(config); err != nil {
		t.Error(err)
	}
	if config.Server.NetAddr.Endpoint != "127.0.0.1:8090" || config.Server.WriteTimeout != 0 {
		t.Errorf("endpoint %q, write time-out %v; want one on this machine, and none, which would cut exports off",
			config.Server.NetAddr.Endpoint, config.Server.WriteTimeout)
	}
}

func TestShutdownWithoutStart(t *testing.T) {
	factory := viewerextension.NewFactory()
	e, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), factory.CreateDefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	shutdown(t, e)
}

func TestConfigAccess(t *testing.T) {
	auth := configoptional.Some(confighttp.AuthConfig{Config: configauth.Config{}})
	tests := []struct {
		endpoint string
		auth     configoptional.Optional[confighttp.AuthConfig]
		fine     bool
	}{
		{"127.0.0.1:8090", configoptional.None[confighttp.AuthConfig](), true},
		{"localhost:8090", configoptional.None[confighttp.AuthConfig](), true},
		{"0.0.0.0:8090", configoptional.None[confighttp.AuthConfig](), false},
		{":8090", configoptional.None[confighttp.AuthConfig](), false},
		{"0.0.0.0:8090", auth, true},
	}
	for _, tt := range tests {
		config := viewerextension.NewFactory().CreateDefaultConfig().(*viewerextension.Config)
		config.Server.NetAddr.Endpoint, config.Server.Auth = tt.endpoint, tt.auth
		err := config.Validate()
		if (err == nil) != tt.fine || err != nil && !strings.Contains(err.Error(), "auth: {authenticator:") {
			t.Errorf("%s, auth %v: got %v", tt.endpoint, tt.auth.HasValue(), err)
		}
	}
}

func TestConfigWrong(t *testing.T) {
	config := viewerextension.NewFactory().CreateDefaultConfig()
	err := confmap.NewFromStringMap(map[string]any{"endpoint": "0.0.0.0:1", "store": map[string]any{"dsn": "nowhere"}}).Unmarshal(config)
	if err != nil {
		t.Fatal(err)
	}
	err = confmap.Validate(config)
	for _, want := range []string{"endpoint: ", "store: dsn: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q in %v", want, err)
		}
	}
}

// TestLateStore checks that a store which is not there yet is no failure, and
// that it is shown as soon as it is.
func TestLateStore(t *testing.T) {
	var mu sync.Mutex
	var s store.Store
	url, e := start(t, func(context.Context, string) (store.Store, error) {
		mu.Lock()
		defer mu.Unlock()
		if s == nil {
			return nil, errors.New("no such <file>")
		}
		return s, nil
	})
	defer shutdown(t, e)

	resp, body := get(t, url+"/")
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" ||
		!strings.Contains(body, "not there yet") || !strings.Contains(body, "no such &lt;file&gt;") {
		t.Errorf("page: got %s, %v\n%s", resp.Status, resp.Header, body)
	}
	resp, body = get(t, url+"/v1/events")
	if resp.StatusCode != http.StatusServiceUnavailable || !json.Valid([]byte(body)) {
		t.Errorf("API: got %s, %s", resp.Status, body)
	}

	full := memory.New()
	event := activitylog.Event{ID: activitylog.NewID(), Time: time.Now(), Code: "org:created", Outcome: activitylog.Success,
		Actor: activitylog.Actor{Type: activitylog.System}, Summary: "The system created an organisation"}
	if _, err := full.Append(t.Context(), []activitylog.Event{event}); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	s = full
	mu.Unlock()
	if resp, body = get(t, url+"/v1/events"); resp.StatusCode != http.StatusOK || !strings.Contains(body, event.ID) {
		t.Errorf("API: got %s, %s", resp.Status, body)
	}
	if resp, body = get(t, url+"/"); resp.StatusCode != http.StatusOK || !strings.Contains(body, event.Summary) {
		t.Errorf("page: got %s, %s", resp.Status, body)
	}
}

// A slowStore answers when it is told to, or when the request ends.
type slowStore struct {
	*memory.Store
	entered, answer chan struct{}
	closed          bool
	late            bool // it was asked after it was closed
}

func (s *slowStore) List(ctx context.Context, q store.Query) (store.Page, error) {
	close(s.entered)
	select {
	case <-s.answer:
	case <-ctx.Done():
	}
	s.late = s.closed
	return s.Store.List(context.WithoutCancel(ctx), q)
}

func (s *slowStore) Close() error {
	s.closed = true
	return nil
}

// TestShutdownWaits checks that a request under way gets its answer, and that
// the store is closed after it.
func TestShutdownWaits(t *testing.T) {
	s := &slowStore{Store: memory.New(), entered: make(chan struct{}), answer: make(chan struct{})}
	url, e := start(t, func(context.Context, string) (store.Store, error) { return s, nil })
	var status int
	var done sync.WaitGroup
	done.Go(func() {
		resp, err := client.Get(url + "/v1/events")
		if err != nil {
			t.Error(err)
			return
		}
		defer resp.Body.Close()
		status = resp.StatusCode
	})
	<-s.entered
	done.Go(func() { shutdown(t, e) })
	close(s.answer)
	done.Wait()
	if status != http.StatusOK || !s.closed || s.late {
		t.Errorf("status %d, store closed %v, asked after that %v", status, s.closed, s.late)
	}
}

// TestRequestAfterShutdown checks that a request whose handler starts late, as
// one may that was read just before its connection was cut off, neither uses a
// store that is closed nor opens one.
func TestRequestAfterShutdown(t *testing.T) {
	for _, before := range []int{0, 1} { // requests before the end
		opened := 0
		s := &slowStore{Store: memory.New(), entered: make(chan struct{}), answer: make(chan struct{})}
		url, e := start(t, func(context.Context, string) (store.Store, error) {
			opened++
			return s, nil
		})
		for range before {
			get(t, url+"/v1/catalogue")
		}
		shutdown(t, e)
		w := httptest.NewRecorder()
		viewerextension.HandlerOf(e).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/v1/events", nil))
		if w.Code != http.StatusServiceUnavailable || opened != before || s.late {
			t.Errorf("%d requests before: status %d, store opened %d times, asked after its end %v", before, w.Code, opened, s.late)
		}
	}
}

// TestAddressTaken checks that an address that is in use ends the start,
// and that the error says whose address it is.
func TestAddressTaken(t *testing.T) {
	url, e := start(t, func(context.Context, string) (store.Store, error) { return memory.New(), nil })
	defer shutdown(t, e)
	factory := viewerextension.NewFactory()
	config := factory.CreateDefaultConfig().(*viewerextension.Config)
	config.Server.NetAddr.Endpoint = strings.TrimPrefix(url, "http://")
	second, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), config)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Start(t.Context(), componenttest.NewNopHost()); err == nil || !strings.Contains(err.Error(), "viewer") || !strings.Contains(err.Error(), "in use") {
		t.Errorf("got %v", err)
	}
	shutdown(t, second)
}
