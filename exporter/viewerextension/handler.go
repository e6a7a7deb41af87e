package viewerextension

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"go.uber.org/zap"

	"github.com/activitylog-go/activitylog/store"
)

// An openFunc opens the store that a DSN locates, to read from it.
type openFunc func(ctx context.Context, dsn string) (store.Store, error)

// A lateHandler serves the viewer from the first request at which its store
// can be opened. Until then it says what is missing.
type lateHandler struct {
	open   openFunc
	dsn    string
	logger *zap.Logger

	requests sync.WaitGroup // those under way, which use the store

	mu     sync.Mutex
	store  store.Store
	viewer http.Handler // nil until the store is open
	said   string       // the error that was logged last
	closed bool         // or about to be: there is no further request
}

var errClosed = errors.New("the Collector is ending")

func (h *lateHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	viewer, err := h.get(r.Context())
	if err != nil {
		unavailable(w, r, err)
		return
	}
	defer h.requests.Done()
	viewer.ServeHTTP(w, r)
}

// get returns the viewer, having opened the store if it is not open yet, for a
// request that is under way from then on.
func (h *lateHandler) get(ctx context.Context) (http.Handler, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, errClosed
	}
	if h.viewer == nil {
		if err := h.openStore(ctx); err != nil {
			return nil, err
		}
	}
	h.requests.Add(1)
	return h.viewer, nil
}

func (h *lateHandler) openStore(ctx context.Context) error {
	s, err := h.open(ctx, h.dsn)
	if err != nil {
		if h.said != err.Error() { // once, not at every request
			h.said = err.Error()
			h.logger.Warn("the store of the activity log cannot be opened yet", zap.Error(err))
		}
		return err
	}
	h.store, h.viewer = s, newViewer(s)
	return nil
}

// close waits for the requests under way and closes the store. One that comes
// later, from a connection that was not cut off in time, is refused.
func (h *lateHandler) close() error {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.requests.Wait()
	if h.store == nil {
		return nil
	}
	return h.store.Close()
}

// unavailable answers a request that comes before the store is there.
func unavailable(w http.ResponseWriter, r *http.Request, err error) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Retry-After", "2")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	if strings.HasPrefix(r.URL.Path, "/v1/") {
		header.Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(http.StatusServiceUnavailable)
		w.Write([]byte(`{"error":"the store cannot be opened yet: ask again"}` + "\n"))
		return
	}
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Refresh", "2")
	w.WriteHeader(http.StatusServiceUnavailable)
	waiting.Execute(w, err.Error())
}

var waiting = template.Must(template.New("waiting").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Activity Log: waiting for its store</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem }
</style>
<h1>The activity log is not there yet</h1>
<p>The viewer runs, but its store cannot be opened. When the Collector has only just started, this
takes a moment; the page tries again every two seconds.</p>
<p>The reason: <code>{{.}}</code></p>
</html>
`))
