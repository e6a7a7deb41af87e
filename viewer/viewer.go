package viewer

import (
	"errors"
	"net/http"
	"strings"

	"github.com/activitylog-go/activitylog/api"
	"github.com/activitylog-go/activitylog/store"
)

// New returns a handler that shows the events of s and serves package api
// under /v1. It may be mounted under any prefix with [http.StripPrefix].
func New(s store.Store, opts ...Option) http.Handler {
	c := newConfig(opts)
	return &handler{
		config: c,
		store:  s,
		api:    api.New(s, api.WithScope(c.scope), api.WithLogger(c.logger)),
	}
}

type handler struct {
	config
	store store.Store
	api   http.Handler
}

// csp lets a page load its own files and nothing else.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

var (
	errPage     = errors.New("there is no such page")
	errMethod   = errors.New("a log is only read")
	errTemplate = errors.New("page cannot be made")
)

// ServeHTTP does not use http.ServeMux: its redirects to a cleaned path would
// leave the prefix under which the handler is mounted.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/v1/") {
		h.api.ServeHTTP(w, r)
		return
	}
	header := w.Header()
	header.Set("Cache-Control", "no-store") // a log of people belongs in no cache
	header.Set("Content-Security-Policy", csp)
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")

	if err := h.route(w, r); err != nil {
		h.serveProblem(w, r, err)
	}
}

func (h *handler) route(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return errMethod
	}
	path := r.URL.Path
	if name, ok := strings.CutPrefix(path, "/assets/"); ok {
		return h.serveAsset(w, r, name)
	}
	if id, ok := strings.CutPrefix(path, "/events/"); ok && id != "" {
		return h.serveEvent(w, r, id)
	}
	switch path {
	case "/":
		return h.serveList(w, r)
	case "":
		// Mounted under /audit and asked for /audit: without the slash the
		// page's relative links would leave the prefix.
		before, _, _ := strings.Cut(r.RequestURI, "?")
		redirect(w, r, before[strings.LastIndexByte(before, '/')+1:]+"/")
		return nil
	default:
		return errPage
	}
}

// redirect sends the browser to a relative URL. http.Redirect would make it
// absolute by r.URL.Path, which lacks the prefix of the mount.
func redirect(w http.ResponseWriter, r *http.Request, location string) {
	w.Header().Set("Location", location)
	w.WriteHeader(http.StatusSeeOther)
}

// root returns the relative URL of the list from the page that r asks for.
func root(r *http.Request) string {
	depth := strings.Count(r.URL.EscapedPath(), "/") - 1
	if depth <= 0 {
		return "./"
	}
	return strings.Repeat("../", depth)
}
