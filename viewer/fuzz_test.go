package viewer_test

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/viewer/internal/sample"
)

// FuzzQuery checks that every question is answered after one redirect at most,
// with a page that is whole and never the server's fault.
func FuzzQuery(f *testing.F) {
	for _, q := range []string{"", "actor:ann", "last:1d", `x:"last:1d "`, "last:1d AND last:2h", "a AND last:1h", "-event:* LAST:5m", "\x00", "a\x10", "after:2026-01-01"} {
		f.Add("q=" + url.QueryEscape(q))
	}
	f.Add("actor=a&actor=b&tz=Europe/Kyiv&last=1h&cursor=x")
	f.Add("tz=..%2F..&q=%ff")
	h := newViewer(f, sample.Events(now)[:3])
	f.Fuzz(func(t *testing.T, rawQuery string) {
		w := ask(h, "/", rawQuery)
		if w.Code == http.StatusSeeOther {
			_, again, _ := strings.Cut(w.Header().Get("Location"), "?")
			if w = ask(h, "/", again); w.Code == http.StatusSeeOther {
				t.Fatalf("?%s leads to ?%s and that to %s", rawQuery, again, w.Header().Get("Location"))
			}
		}
		if w.Code >= 500 {
			t.Fatalf("?%s = %d", rawQuery, w.Code)
		}
		checkHTML(t, rawQuery, w.Body.String())
	})
}

// FuzzPath checks that no path makes the viewer panic or fail.
func FuzzPath(f *testing.F) {
	for _, path := range []string{"/", "//", "/events/x", "/events/../..", "/assets/", "/v1/", "/\x00", "x", "/events/\u202e"} {
		f.Add(path)
	}
	h := newViewer(f, sample.Hostile(now))
	f.Fuzz(func(t *testing.T, path string) {
		w := ask(h, path, "")
		if w.Code >= 500 {
			t.Fatalf("%q = %d", path, w.Code)
		}
		if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			checkHTML(t, path, w.Body.String())
		}
	})
}

func ask(h http.Handler, path, rawQuery string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "/", nil)
	r.URL = &url.URL{Path: path, RawQuery: rawQuery}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// checkHTML checks that a page is whole: every element is closed, no id is
// there twice and html/template had nothing to refuse.
func checkHTML(t *testing.T, target, body string) {
	t.Helper()
	if strings.Contains(body, "ZgotmplZ") || strings.Contains(body, "<no value>") {
		t.Errorf("%s: the template refused a value:\n%s", target, body)
	}
	// The query box keeps what the reader typed, control characters too, which
	// HTML allows and XML does not.
	body = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0xfffe || r == 0xffff {
			return ' '
		}
		return r
	}, body)
	dec := xml.NewDecoder(strings.NewReader(body))
	dec.Strict, dec.AutoClose, dec.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	ids := map[string]bool{}
	var open []string
	for {
		token, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Errorf("%s: %v", target, err)
			return
		}
		switch el := token.(type) {
		case xml.StartElement:
			open = append(open, el.Name.Local)
			for _, a := range el.Attr {
				if a.Name.Local == "id" && ids[a.Value] {
					t.Errorf("%s: id %q is there twice", target, a.Value)
				} else if a.Name.Local == "id" {
					ids[a.Value] = true
				}
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "style" {
					t.Errorf("%s: attribute %s is not allowed by the policy", target, a.Name.Local)
				}
			}
		case xml.EndElement:
			if n := len(open); n == 0 || open[n-1] != el.Name.Local {
				t.Errorf("%s: </%s> closes %v", target, el.Name.Local, open)
				return
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 || body == "" {
		t.Errorf("%s: not closed: %v", target, open)
	}
}
