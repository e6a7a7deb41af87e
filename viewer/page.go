package viewer

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"time"
)

//go:embed templates
var templateFiles embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"text":  visible,
	"asset": func(name string) string { return assetNames[name] },
}).ParseFS(templateFiles, "templates/*.html"))

// A page is what every screen has.
type page struct {
	Root  string // relative URL of the list, without a filter
	Home  string // the list with the reader's filter
	Title string
	Zone  zone
}

// A zone is the time zone in which a page tells its times.
type zone struct {
	Name   string
	Param  string // the parameter tz; "" for UTC
	Offset string // "UTC+2"; "" for UTC
	UTC    string // the same page in UTC; "" if it is
	Now    string // RFC 3339
}

func newPage(title string, l links, c clock, f filter, cursor string) page {
	p := page{
		Root:  l.root,
		Home:  l.list(f, ""),
		Title: title,
		Zone: zone{
			Name:  c.zone.String(),
			Param: zoneParam(c.zone),
			Now:   c.now.UTC().Format(time.RFC3339Nano),
		},
	}
	if p.Zone.Param != "" {
		p.Zone.Offset = c.offset()
		p.Zone.UTC = links{l.root, time.UTC}.list(f, cursor)
	}
	return p
}

// render answers with a screen. The pages are whole before the first byte is
// sent, so that an error cannot leave half of one.
func render(w http.ResponseWriter, r *http.Request, status int, name string, data any) error {
	var body bytes.Buffer
	if err := templates.ExecuteTemplate(&body, name, data); err != nil {
		return fmt.Errorf("%w: %w", errTemplate, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if status == http.StatusOK {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body.Bytes()))
		return nil
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body.Bytes()) // the reader may be gone
	}
	return nil
}
