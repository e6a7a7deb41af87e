package main_test

import (
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/examples/internal/otlpsink"
	"github.com/activitylog-go/activitylog/examples/internal/programtest"
	"github.com/activitylog-go/activitylog/examples/payments"
)

func TestProgram(t *testing.T) {
	binary := programtest.Build(t)
	t.Run("sends every event before it ends", func(t *testing.T) { testSends(t, binary) })
	t.Run("says what is wrong", func(t *testing.T) { testComplains(t, binary) })
}

// testSends runs the program against a sink for each protocol and interrupts
// it right behind a request: the event must be there by its end.
func testSends(t *testing.T, binary string) {
	for _, tt := range []struct {
		protocol string
		newSink  func(*testing.T) *otlpsink.Sink
	}{
		{"http/protobuf", otlpsink.New},
		{"grpc", otlpsink.NewGRPC},
	} {
		t.Run(tt.protocol, func(t *testing.T) {
			sink, addr := tt.newSink(t), programtest.FreeAddr(t)
			program := programtest.Start(t, addr, []string{
				"OTEL_EXPORTER_OTLP_ENDPOINT=" + sink.URL,
				"OTEL_EXPORTER_OTLP_PROTOCOL=" + tt.protocol,
			}, binary, "-addr", addr)
			changeRole(t, "http://"+addr)
			program.Interrupt()

			if got, want := sink.EventNames(), []string{"org.member:updated"}; !slices.Equal(got, want) {
				t.Fatalf("events are %q, want %q", got, want)
			}
			from := sink.Resources()[0]
			if got := otlpsink.Attribute(from.Resource.Attributes, "service.name"); got != "payments" {
				t.Errorf("service.name is %q, want payments", got)
			}
			record := from.ScopeLogs[0].LogRecords[0]
			if got := otlpsink.Attribute(record.Attributes, activitylog.KeyActorName); got != "Ann Lee" {
				t.Errorf("actor is %q, want Ann Lee", got)
			}
		})
	}
}

func changeRole(t *testing.T, base string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "PATCH", base+"/orgs/acme/members/mem_bob", strings.NewReader(`{"role":"admin"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+payments.DemoToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("status is %s, want 200", resp.Status)
	}
}

func testComplains(t *testing.T, binary string) {
	taken := otlpsink.New(t) // any listener
	for _, tt := range []struct {
		what      string
		env, args []string
		want      string
	}{
		{"protocol", []string{"OTEL_EXPORTER_OTLP_PROTOCOL=http/json"}, nil, `must be http/protobuf or grpc, not "http/json"`},
		{"address", nil, []string{"-addr", strings.TrimPrefix(taken.URL, "http://")}, "address already in use"},
	} {
		cmd := exec.CommandContext(t.Context(), binary, tt.args...)
		cmd.Env = append(cmd.Environ(), tt.env...)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), tt.want) {
			t.Errorf("%s: program ends with %v and says %q, want %q", tt.what, err, out, tt.want)
		}
	}
}
