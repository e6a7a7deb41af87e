package middleware_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
)

// Work that ends after the response: the handler hands a ticket on with it, and
// who ends it completes the event.
func Example_deferredWork() {
	rec := new(activitylogtest.Recorder) // in a program, an SDK LoggerProvider
	m := mapping.Default()
	queue := make(chan activitylog.Ticket, 1)

	mux := http.NewServeMux()
	mux.HandleFunc("POST /orgs/{org}/payouts/{payout}/process-manually", func(w http.ResponseWriter, r *http.Request) {
		draft := activitylog.From(r.Context())
		draft.SetActor(activitylog.Actor{ID: "usr_ann", Name: "Ann Lee"})
		queue <- draft.Defer()
		w.WriteHeader(http.StatusAccepted)
	})
	handler := middleware.New(m, middleware.WithLoggerProvider(rec))(mux)
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/orgs/acme/payouts/po_1/process-manually", nil))

	// The worker, in this process or another:
	err := m.Complete(context.Background(), rec.Logger("worker"), <-queue, activitylog.Event{
		Outcome: activitylog.Failure,
		Reason:  "the bank is closed",
	})
	if err != nil {
		fmt.Println(err)
	}
	for _, e := range rec.Events() {
		fmt.Printf("%s %s: %s\n", e.Code, e.Outcome, e.Summary)
	}
	// Output:
	// payout:processed_manually unknown: Ann Lee tried to process payout po_1 manually
	// payout:processed_manually failure: Ann Lee tried to process payout po_1 manually: the bank is closed
}
