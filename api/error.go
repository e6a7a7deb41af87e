package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// An Error is the body of every answer that is no success.
type Error struct {
	Message    string  `json:"error"`
	Parameter  string  `json:"parameter,omitempty"`    // the URL parameter that is wrong
	At         *[2]int `json:"at,omitempty"`           // the bytes of its value, from and to
	DidYouMean string  `json:"did_you_mean,omitempty"` // what may have been meant
}

func (e *Error) Error() string { return e.Message }

var (
	errRoute  = errors.New("no such page: the API is GET /v1/events, /v1/events/{id}, /v1/events:count, /v1/facets and /v1/openapi.json")
	errMethod = errors.New("method not allowed: a log is only read, with GET and HEAD")
)

// StatusOf returns the HTTP status that answers err, which a [Reader], a
// query or this package returned. What is not the client's fault is the store's.
func StatusOf(err error) int {
	var bad *Error
	var badQuery *query.Error
	switch {
	case errors.As(err, &bad), errors.As(err, &badQuery), errors.Is(err, store.ErrCursor):
		return http.StatusBadRequest
	case errors.Is(err, ErrScope):
		return http.StatusForbidden
	case errors.Is(err, store.ErrNotFound), errors.Is(err, errRoute):
		return http.StatusNotFound
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed
	default:
		return http.StatusServiceUnavailable
	}
}

func (h *handler) writeError(w http.ResponseWriter, r *http.Request, err error) {
	status := StatusOf(err)
	var body *Error
	if !errors.As(err, &body) {
		body = &Error{Message: err.Error()}
	}
	switch {
	case errors.Is(err, store.ErrCursor):
		body.Parameter = "cursor"
	case status == http.StatusMethodNotAllowed:
		w.Header().Set("Allow", "GET, HEAD")
	case status == http.StatusForbidden:
		body.Message = ErrScope.Error()
		h.logger.WarnContext(r.Context(), "api: scope refused", "error", err)
	case status == http.StatusServiceUnavailable:
		body.Message = "the store does not answer, ask again later"
		w.Header().Set("Retry-After", "5")
		if !errors.Is(r.Context().Err(), context.Canceled) { // the client has not just gone away
			h.logger.ErrorContext(r.Context(), "api: store does not answer", "error", err)
		}
	}
	text, _ := json.Marshal(body) // strings and numbers always have a JSON form
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(text) // the client may be gone
	}
}
