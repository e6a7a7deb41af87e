package activitylogexporter_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"

	"github.com/klauspost/compress/zstd"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	_ "google.golang.org/grpc/encoding/gzip" // as clients have it

	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/store/memory"
)

// TestForeignSenders sends what SDKs in other languages send, with our
// attributes and without, in each form that OTLP has: all of them are the same
// events.
func TestForeignSenders(t *testing.T) {
	for _, file := range []string{"ours", "foreign", "names", "types"} {
		text, err := os.ReadFile("testdata/decode/" + file + ".otlp.json")
		if err != nil {
			t.Fatal(err)
		}
		logs, err := new(plog.JSONUnmarshaler).UnmarshalLogs(text)
		if err != nil {
			t.Fatal(err)
		}
		proto := marshalLogs(t, logs)
		events, _ := activitylogexporter.Decode(logs, false, now)
		want := map[string]string{}
		for _, e := range events {
			e = store.Kept(e)
			want[e.ID] = string(marshal(t, e))
		}

		forms := map[string]func(httpAddr, grpcAddr string) error{}
		for kind, body := range map[string][]byte{"application/json": text, "application/x-protobuf": proto} {
			for encoding, encode := range encodings {
				forms["HTTP "+kind+" "+encoding] = func(addr, _ string) error { return post(addr, kind, encoding, encode(t, body)) }
			}
		}
		for encoding := range encodings {
			forms["gRPC "+encoding] = func(_, addr string) error { return call(t.Context(), addr, encoding, logs) }
		}
		for form, send := range forms {
			t.Run(file+" "+form, func(t *testing.T) {
				s := memory.New()
				e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, func(*activitylogexporter.Config) {})
				for range 2 { // as after an unclear failure
					if err := send(receive(t, e)); err != nil {
						t.Fatal(err)
					}
				}
				page, err := s.List(t.Context(), store.Query{Limit: store.MaxLimit})
				if err != nil || len(page.Events) != len(want) || len(want) == 0 {
					t.Errorf("the store has %d events, want %d: %v", len(page.Events), len(want), err)
				}
				for _, e := range page.Events {
					if got := string(marshal(t, store.Kept(e))); got != want[e.ID] {
						t.Errorf("got\n%s\nwant\n%s", got, want[e.ID])
					}
				}
			})
		}
	}
}

// encodings are the compressions that senders use.
var encodings = map[string]func(*testing.T, []byte) []byte{
	"identity": func(_ *testing.T, body []byte) []byte { return body },
	"gzip": func(t *testing.T, body []byte) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		return written(t, w, &b, body)
	},
	"zstd": func(t *testing.T, body []byte) []byte {
		var b bytes.Buffer
		w, err := zstd.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		return written(t, w, &b, body)
	},
}

func written(t *testing.T, w io.WriteCloser, b *bytes.Buffer, body []byte) []byte {
	t.Helper()
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func post(addr, kind, encoding string, body []byte) error {
	req, err := http.NewRequest(http.MethodPost, "http://"+addr+"/v1/logs", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", kind)
	if encoding != "identity" {
		req.Header.Set("Content-Encoding", encoding)
	}
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if answer, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", resp.Status, answer)
	}
	return nil
}

func call(ctx context.Context, addr, encoding string, logs plog.Logs) error {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = plogotlp.NewGRPCClient(conn).Export(ctx, plogotlp.NewExportRequestFromLogs(logs), grpc.UseCompressor(encoding))
	return err
}
