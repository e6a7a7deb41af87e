package viewer

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/activitylog-go/activitylog/api"
	"github.com/activitylog-go/activitylog/store"
)

// A problemPage says what is wrong and what to do.
type problemPage struct {
	page
	Text  []string
	Links []link
}

// serveProblem answers with the page for err.
func (h *handler) serveProblem(w http.ResponseWriter, r *http.Request, err error) {
	req, badRequest := h.readRequest(r)
	if badRequest != nil {
		req.filter = filter{}
	}
	status := h.statusOf(err)
	p := problemPage{page: newPage(http.StatusText(status), req.links, req.clock, req.filter, "")}
	list := link{"Go to the list", req.links.list(req.filter, "")}
	switch status {
	case http.StatusBadRequest:
		p.Title, p.Text = "This address cannot be read", []string{sentenceCase(err.Error())}
		if errors.Is(err, store.ErrCursor) {
			p.Title = "This page is gone"
			p.Text = []string{"Its address belongs to another filter, or it was cut. The events are all there: begin again from the newest."}
		}
	case http.StatusForbidden:
		p.Title, p.Text = "Not allowed", []string{"You are not allowed to read this log. Ask who runs it."}
		list = link{}
		h.logger.WarnContext(r.Context(), "viewer: scope refused", "error", err)
	case http.StatusNotFound:
		p.Title, p.Text = "Not found", []string{"There is no such page."}
		if errors.Is(err, store.ErrNotFound) {
			p.Title, p.Text = "No such event", []string{"There is no event with this id, or it belongs to a log that you may not see."}
		}
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", "GET, HEAD")
		p.Text = []string{"A log is only read here."}
	case http.StatusInternalServerError:
		p.Title, p.Text = "This page cannot be shown", []string{"This is a defect of the viewer; it is in its log. The events are not harmed."}
		h.logger.ErrorContext(r.Context(), "viewer: page cannot be made", "error", err)
	default:
		p.Title = "The log does not answer"
		p.Text = []string{
			"The store of the events does not answer at the moment.",
			"A sender that waits for it, such as an application with a spool, keeps its events meanwhile and delivers them afterwards: nothing of them is lost.",
		}
		list = link{"Try again", req.links.root + strings.TrimPrefix(r.URL.EscapedPath(), "/") + question(r.URL.RawQuery)}
		w.Header().Set("Retry-After", "5")
		if !errors.Is(r.Context().Err(), context.Canceled) { // the reader has not just gone away
			h.logger.ErrorContext(r.Context(), "viewer: store does not answer", "error", err)
		}
	}
	if list.Text != "" {
		p.Links = []link{list}
	}
	if err := render(w, r, status, "problem", p); err != nil {
		http.Error(w, http.StatusText(status), status)
	}
}

func (h *handler) statusOf(err error) int {
	switch {
	case errors.Is(err, errPage):
		return http.StatusNotFound
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed
	case errors.Is(err, errTemplate):
		return http.StatusInternalServerError
	default:
		return api.StatusOf(err)
	}
}
