package api

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

//go:embed openapi.json
var openapi []byte

// New returns a handler that serves the events of s under /v1. It may be
// mounted under a prefix with [http.StripPrefix].
func New(s store.Store, opts ...Option) http.Handler {
	return &handler{config: newConfig(opts), store: s}
}

type handler struct {
	config
	store store.Store
}

// A list is the answer to GET /v1/events.
type list struct {
	Events []activitylog.Event `json:"events"`
	Next   string              `json:"next"`
}

// ServeHTTP does not use http.ServeMux: its redirects to a cleaned path would
// leave the prefix under which the handler is mounted.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store") // a log of people belongs in no cache
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")

	answer, err := h.answer(r)
	if err != nil {
		h.writeError(w, r, err)
		return
	}
	write(w, r, answer)
}

// answer returns the body of the answer to r.
func (h *handler) answer(r *http.Request) ([]byte, error) {
	answer := h.route(r.URL.Path)
	isDocument := r.URL.Path == "/v1/openapi.json"
	if answer == nil && !isDocument {
		return nil, errRoute
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return nil, errMethod
	}
	if isDocument {
		return openapi, nil
	}
	reader, err := NewReader(h.store, r, h.scope)
	if err != nil {
		return nil, err
	}
	return answer(r, reader)
}

// route returns what answers from the store, or nil if nothing does.
func (h *handler) route(path string) func(*http.Request, Reader) ([]byte, error) {
	switch path {
	case "/v1/events":
		return h.list
	case "/v1/events:count":
		return h.count
	case "/v1/facets":
		return h.facet
	}
	id, isEvent := strings.CutPrefix(path, "/v1/events/")
	if !isEvent || id == "" {
		return nil
	}
	return func(r *http.Request, reader Reader) ([]byte, error) { return one(r, reader, id) }
}

func one(r *http.Request, reader Reader, id string) ([]byte, error) {
	if r.URL.RawQuery != "" {
		return nil, &Error{Message: "one event takes no parameters"}
	}
	event, err := reader.Get(r.Context(), id)
	if err != nil {
		return nil, err
	}
	return json.Marshal(event)
}

func (h *handler) list(r *http.Request, reader Reader) ([]byte, error) {
	p, err := parseParams(r.URL.RawQuery, listParameters, h.now())
	if err != nil {
		return nil, err
	}
	limit, err := p.limit(store.DefaultLimit, store.MaxLimit)
	if err != nil {
		return nil, err
	}
	page, err := reader.List(r.Context(), store.Query{Filter: p.filter, Limit: limit, Cursor: p.values["cursor"]})
	if err != nil {
		return nil, err
	}
	if page.Events == nil {
		page.Events = []activitylog.Event{}
	}
	return json.Marshal(list(page))
}

// write answers with body, or with 304 if the client has it already.
func write(w http.ResponseWriter, r *http.Request, body []byte) {
	sum := sha256.Sum256(body)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}
