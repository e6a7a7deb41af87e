package viewer_test

import (
	"bytes"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/viewer"
	"github.com/activitylog-go/activitylog/viewer/internal/sample"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// hashes are the parts of asset names that change with the assets.
var hashes = regexp.MustCompile(`\.[0-9a-f]{12}\.(css|js|svg)`)

// TestGolden pins the pages. The hashes of the assets are left out.
func TestGolden(t *testing.T) {
	events := sample.Events(now)
	day, none := newViewer(t, events[:9]), newViewer(t, nil)
	tests := []struct {
		name, target string
		h            http.Handler
	}{
		{"list", "/", day},
		{"list_filtered", "/?q=actor:usr_ann -event:org.api_key:* last:7d&tz=Europe/Kyiv", day},
		{"event", "/events/" + events[1].ID + "?q=actor:usr_ann&tz=Europe/Kyiv", day},
		{"bad_query", "/?q=actr:usr_ann outcome:denied", day},
		{"no_match", "/?q=actor:nobody", day},
		{"empty", "/", none},
		{"not_found", "/events/" + events[10].ID, day},
		{"down", "/?q=actor:usr_ann", viewer.New(down{}, clock, quiet)},
	}
	for _, tt := range tests {
		w := get(tt.h, strings.ReplaceAll(tt.target, " ", "+"))
		got := hashes.ReplaceAll(w.Body.Bytes(), []byte(".HASH.$1"))
		golden := filepath.Join("testdata", tt.name+".html")
		if *update {
			if err := os.WriteFile(golden, got, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from GET %s (rerun with -update if intended), status %d:\n%s", golden, tt.target, w.Code, got)
		}
		checkHTML(t, tt.target, w.Body.String())
	}
}
