package activitylog_test

import (
	"context"
	"fmt"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
)

// Work that is no HTTP request emits its events itself.
func ExampleEmit() {
	rec := new(activitylogtest.Recorder) // in a program, otel.GetLoggerProvider()
	logger := rec.Logger("billing")

	activitylog.Emit(context.Background(), logger, activitylog.Event{
		Code:    "payout:processed",
		Tenant:  "acme",
		Actor:   activitylog.Actor{ID: "nightly", Type: activitylog.System},
		Targets: []activitylog.Target{{Type: "payout", ID: "po_1"}},
		Summary: "The nightly run processed payout po_1",
	})

	for _, e := range rec.Events() {
		fmt.Println(e.Code, e.Actor.ID, e.Target().ID, e.Outcome)
	}
	// Output:
	// payout:processed nightly po_1 success
}

// A handler says through the request's context what only it can know.
func ExampleFrom() {
	handle := func(ctx context.Context) {
		draft := activitylog.From(ctx)
		draft.SetActor(activitylog.Actor{ID: "usr_ann", Name: "Ann Lee"})
		draft.AddChange("/role", "viewer", "admin")
	}

	// The middleware does this around each request that may be an event.
	ctx, draft := activitylog.Begin(context.Background())
	handle(ctx)
	said, _ := draft.Close()

	fmt.Println(said.Actor.Name, said.Changes[0].Path)
	// Output:
	// Ann Lee /role
}

func ExampleParseCode() {
	code, err := activitylog.ParseCode("com.scheme_payment_service:updated")
	fmt.Println(code.Resource(), code.Verb(), err)

	_, err = activitylog.ParseCode("org.member.updated")
	fmt.Println(err)
	// Output:
	// com.scheme_payment_service updated <nil>
	// code "org.member.updated" has no colon: it must read resource:verb, as in org.member:updated
}
