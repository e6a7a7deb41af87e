package middleware_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/sdk/log"

	"github.com/activitylog-go/activitylog/middleware"
)

// BenchmarkBodies compares an event whose rule asks for both bodies, of 2 KiB
// of JSON each, with one whose rule asks for none, and with decoding one of
// the bodies.
func BenchmarkBodies(b *testing.B) {
	var text strings.Builder
	text.WriteString(`{"id":"usr_bob","status":"inactive"`)
	for i := 0; text.Len() < 2000; i++ {
		fmt.Fprintf(&text, `,"field_%d":{"value":%d,"note":"some text of a field"}`, i, i)
	}
	body := []byte(text.String() + "}")

	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v any
			if err := json.Unmarshal(body, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
	const none = "version: 1\nroutes:\n  PATCH /orgs/{org}/members/{member}: {code: org.member:updated}\n"
	for _, c := range []struct{ name, mapping string }{{"event", none}, {"event-and-bodies", members}} {
		b.Run(c.name, func(b *testing.B) {
			mux := http.NewServeMux()
			mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				w.Write(body)
			})
			h := middleware.New(parse(b, c.mapping), middleware.WithLoggerProvider(log.NewLoggerProvider(log.WithProcessor(processor(func(context.Context) {})))))(mux)
			w := discard{http.Header{"Content-Type": {"application/json"}}}
			sent := httptest.NewRequest("PATCH", "/orgs/acme/members/bob", nil)
			sent.Header.Set("Content-Type", "application/json")
			sent.ContentLength = int64(len(body))
			reader := bytes.NewReader(nil)
			r := new(http.Request)
			b.ReportAllocs()
			for b.Loop() {
				*r = *sent
				reader.Reset(body)
				r.Body = io.NopCloser(reader)
				h.ServeHTTP(w, r)
			}
		})
	}
}

// BenchmarkFlood compares an event of a denied request with one that is counted
// in its place.
func BenchmarkFlood(b *testing.B) {
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) })
	provider := log.NewLoggerProvider(log.WithProcessor(processor(func(context.Context) {})))
	for name, limit := range map[string]int{"emitted": 0, "counted": 1} {
		b.Run(name, func(b *testing.B) {
			h := middleware.New(inferred(b), middleware.WithLoggerProvider(provider), middleware.WithFloodLimit(limit, time.Hour))(mux)
			r := httptest.NewRequest("PATCH", "/orgs/acme/members/bob", nil)
			w := discard{http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(w, r)
			}
			middleware.Flush(context.Background())
		})
	}
}
