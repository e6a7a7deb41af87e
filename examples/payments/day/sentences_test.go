package day_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/examples/payments"
	"github.com/activitylog-go/activitylog/examples/payments/day"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestSentences pins what people read. Read a change to the golden file aloud.
func TestSentences(t *testing.T) {
	var got bytes.Buffer
	for _, e := range play(t) {
		fmt.Fprintf(&got, "%-35s %-7s  %s\n", e.Code, e.Outcome, e.Summary)
	}
	golden := filepath.Join("testdata", "sentences.txt")
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("%s differs (rerun with -update if intended)\n%s", golden, firstDifference(got.String(), string(want)))
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d\ngot:  %s\nwant: %s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("got %d lines, want %d", len(g), len(w))
}

// TestNoSecretIsInAnEvent collects what must stay secret on the wire and looks
// for it in everything that an event is made of.
func TestNoSecretIsInAnEvent(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	api, err := payments.New(payments.Config{LoggerProvider: rec})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(api)
	defer srv.Close()
	spy := &spy{next: srv.Client().Transport, secrets: map[string]bool{payments.DemoToken: true}}
	if err := day.Play(t.Context(), &http.Client{Transport: spy}, srv.URL, new(day.Clock)); err != nil {
		t.Fatal(err)
	}
	for _, u := range payments.DemoUsers() {
		spy.secrets[u.Password] = true
	}
	if len(spy.secrets) < 25 { // demo token, 12 passwords, logins and mistyped ones, 2 API keys
		t.Errorf("only %d secrets were seen: %v", len(spy.secrets), spy.secrets)
	}
	for _, e := range rec.Events() {
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		for secret := range spy.secrets {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("event has the secret %q: %s", secret, text)
			}
		}
	}
}

// A spy collects the tokens, passwords and API key secrets of all requests.
type spy struct {
	next    http.RoundTripper
	secrets map[string]bool
}

func (s *spy) RoundTrip(r *http.Request) (*http.Response, error) {
	s.collect(r.Header.Get("Authorization"))
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	s.collectJSON(body)
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	resp, err := s.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() // the one from the wire: the argument is evaluated now
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	s.collectJSON(answer)
	resp.Body = io.NopCloser(bytes.NewReader(answer))
	return resp, nil
}

func (s *spy) collectJSON(body []byte) {
	var v struct{ Password, Token, Secret string }
	if json.Unmarshal(body, &v) == nil { // not every body is an object
		s.collect(v.Password)
		s.collect(v.Token)
		s.collect(v.Secret)
	}
}

func (s *spy) collect(secret string) {
	if secret = strings.TrimPrefix(secret, "Bearer "); secret != "" {
		s.secrets[secret] = true
	}
}
