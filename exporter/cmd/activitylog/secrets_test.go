package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/internal/secret/secrettest"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/store"
)

// control is put into the places where secrets are put as well. It must be
// found in whatever is searched, or nothing was proved.
const control = "control-marker-7f3a9c"

const secretsMapping = `version: 1
tenant: {path: org}
routes:
  POST /orgs/{org}/notes/{note}:
    code: note:created
    target: {type: note, id: response./id, name: request./title}
    changes: {from: request, secret: [/hidden]}
  PUT /orgs/{org}/notes/{note}:
    code: note:updated
    changes: {secret: [/hidden]}
  POST /orgs/{org}/bulk:
    each: request./items
    code: item:processed
    target: {type: item, id: item./id}
  POST /orgs/{org}/invitations/{token}/accept: {code: invitation:accepted}
  DELETE /orgs/{org}/notes/{note}: {code: note:deleted}
`

var secretsRoutes = []string{
	"POST /orgs/{org}/notes/{note}", "PUT /orgs/{org}/notes/{note}", "DELETE /orgs/{org}/notes/{note}",
	"POST /orgs/{org}/bulk", "POST /orgs/{org}/invitations/{token}/accept",
}

// TestSecrets puts more than a hundred kinds of secrets into every place of
// requests and responses, and into all that an application may tell of an
// event, sends the events through a Collector into a database, and searches
// what there is then for them: what the SDK sent, the files of the database
// with its quarantine, the answers of API and viewer, logs and metrics.
func TestSecrets(t *testing.T) {
	a := newAddresses(t)
	collector := startProgram(t, a)
	h := newSecretsApp(t, a)
	for name, serve := range map[string]http.Handler{"net/http": h.netHTTP(t), "gin": h.gin(t)} {
		h.framework = name
		server := httptest.NewUnstartedServer(serve)
		server.Config.ErrorLog = log.New(io.Discard, "", 0) // the server's own word on panics
		server.Start()
		for i, f := range secrettest.Fakes(0) {
			h.kind, h.index = f.Kind, i
			h.requests(t, server.URL)
		}
		h.kind = "plain password"
		h.named(t, server.URL)
		server.Close()
	}
	h.kind = "of another sender"
	h.foreign(t, a)
	middleware.Flush(t.Context())
	if err := h.provider.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}

	stacks := map[string][]byte{"records of the SDK": h.sent.Bytes(), "log of the application": h.log.Bytes(), "metrics": h.metrics(t)}
	s, err := backend.OpenReader(t.Context(), a.dsn)
	if err != nil {
		t.Fatal(err)
	}
	quarantined, err := s.(store.Quarantiner).Quarantined(t.Context(), "", store.MaxLimit)
	s.Close()
	if err != nil || len(quarantined) == 0 {
		t.Errorf("nothing is in quarantine, %v: nothing to search", err)
	}
	stacks["quarantine"] = fmt.Appendf(nil, "%+v", quarantined)
	stacks["API"], stacks["viewer"] = readEverything(t, a)
	stacks["database, open"] = readFiles(t, a) // with its write-ahead log
	collector.end(t)
	stacks["database"] = readFiles(t, a)
	stacks["log of the Collector"] = collector.log.Bytes()

	controls := needles{}
	controls.add(control, "control")
	for name, hay := range stacks {
		if len(controls.in(hay)) == 0 && name != "log of the Collector" && name != "metrics" {
			t.Errorf("%s: the control is not found in %d bytes, so a secret would not be", name, len(hay))
		}
		reported := map[string]int{}
		for _, n := range h.needles.in(hay) {
			if place, _, _ := strings.Cut(n.what, ": "); reported[place] < 3 {
				t.Errorf("%s: found %q (%s): %s", name, n.text, n.form, n.what)
				reported[place]++
			}
		}
		t.Logf("%s: %d bytes searched for %d texts", name, len(hay), len(h.needles))
	}
	if len(stacks["metrics"]) == 0 || !bytes.Contains(stacks["metrics"], []byte("activitylog.events.redacted")) {
		t.Error("no metric says that something was redacted")
	}
}

func readFiles(t *testing.T, a addresses) (all []byte) {
	t.Helper()
	files, err := filepath.Glob(strings.TrimPrefix(a.dsn, "sqlite:") + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data...)
	}
	return all
}

// readEverything returns what the API and the viewer say of all events.
func readEverything(t *testing.T, a addresses) (api, viewer []byte) {
	t.Helper()
	get := func(path string) []byte {
		resp, err := http.Get("http://" + a.viewer + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s, %v", path, resp.Status, err)
		}
		return b
	}
	var ids []string
	for cursor := ""; ; {
		b := get("/v1/events?limit=1000&cursor=" + url.QueryEscape(cursor))
		api = append(api, b...)
		var list struct {
			Events []activitylog.Event
			Next   string
		}
		if err := json.Unmarshal(b, &list); err != nil {
			t.Fatal(err)
		}
		for _, e := range list.Events {
			ids = append(ids, e.ID)
		}
		if cursor = list.Next; cursor == "" {
			break
		}
	}
	t.Logf("%d events", len(ids))
	viewer = get("/")
	for chunk := range slices.Chunk(ids, 7) { // one of seven, each kind has more
		viewer = append(viewer, get("/events/"+chunk[0])...)
	}
	return api, viewer
}
