// Command serve shows sample logs in the viewer, for the browser tests:
//
//	/            three days of a payments organisation
//	/empty/      a store without events
//	/first/      a store that waits for its first event
//	/down/       a store that does not answer
//	/hostile/    events whose every field attacks the reader
//
// POST /append/ and POST /append/first add an event to / and to /first/ and
// answer with its sentence.
// The address is printed on standard output; the end of standard input ends
// the program.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/store/memory"
	"github.com/activitylog-go/activitylog/viewer"
	"github.com/activitylog-go/activitylog/viewer/internal/sample"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "address to listen on")
	flag.Parse()
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	log.Fatal(http.Serve(listener, handler()))
}

func handler() http.Handler {
	quiet := viewer.WithLogger(slog.New(slog.DiscardHandler))
	day := filled(sample.Events(time.Now()))
	first := filled(nil)
	mux := http.NewServeMux()
	mount := func(prefix string, s store.Store) {
		mux.Handle(prefix+"/", http.StripPrefix(prefix, viewer.New(s, quiet)))
	}
	mount("", day)
	mount("/empty", filled(nil))
	mount("/first", first)
	mount("/down", down{filled(nil)})
	mount("/hostile", filled(sample.Hostile(time.Now())))
	mux.Handle("POST /append/{$}", appendTo(day))
	mux.Handle("POST /append/first", appendTo(first))
	return mux
}

func filled(events []activitylog.Event) store.Store {
	s := memory.New()
	if _, err := s.Append(context.Background(), events); err != nil {
		log.Fatal(err)
	}
	return s
}

func appendTo(s store.Store) http.HandlerFunc {
	var n atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		e := sample.Event(int(n.Add(1)), time.Now())
		e.Summary = fmt.Sprintf("%s (%d)", e.Summary, n.Load())
		if _, err := s.Append(r.Context(), []activitylog.Event{e}); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprint(w, e.Summary)
	}
}

// A down store does not answer.
type down struct{ store.Store }

func (down) List(context.Context, store.Query) (store.Page, error) {
	return store.Page{}, errors.New("disk I/O error")
}
