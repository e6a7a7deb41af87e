package main_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/examples/internal/otlpsink"
	"github.com/activitylog-go/activitylog/examples/internal/programtest"
)

// TestProgram builds the program, runs it against a sink, sends it requests
// and interrupts it: the events must be there by the time it has ended.
func TestProgram(t *testing.T) {
	sink, addr := otlpsink.New(t), programtest.FreeAddr(t)
	env := []string{"ADDR=" + addr, "OTEL_EXPORTER_OTLP_ENDPOINT=" + sink.URL}
	program := programtest.Start(t, addr, env, programtest.Build(t))
	for _, tt := range []struct {
		method, path string
		status       int
	}{
		{"POST", "/orgs", http.StatusCreated},
		{"PATCH", "/orgs/acme/members/mem_2", http.StatusOK},
		{"GET", "/orgs/acme/members/mem_2", http.StatusMethodNotAllowed},
		{"DELETE", "/orgs/acme", http.StatusNotFound},
	} {
		if got := send(t, tt.method, "http://"+addr+tt.path); got != tt.status {
			t.Errorf("%s %s: status is %d, want %d", tt.method, tt.path, got, tt.status)
		}
	}
	program.Interrupt()

	if got, want := sink.EventNames(), []string{"org:created", "org.member:updated"}; !slices.Equal(got, want) {
		t.Fatalf("events are %q, want %q", got, want)
	}
	last := sink.Resources()[len(sink.Resources())-1].ScopeLogs[0].LogRecords
	record := last[len(last)-1]
	for key, want := range map[string]string{
		activitylog.KeyTenantID:  "acme",
		activitylog.KeyTargetID:  "mem_2",
		activitylog.KeyActorType: "anonymous",
		activitylog.KeyOutcome:   "success",
	} {
		if got := otlpsink.Attribute(record.Attributes, key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
}

// TestProgramIsShort keeps the promise of "the smallest program".
func TestProgramIsShort(t *testing.T) {
	source, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), "\n"); n >= 40 {
		t.Errorf("main.go has %d lines, must have fewer than 40", n)
	}
}

func send(t *testing.T, method, url string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}
