package api_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/api"
	"github.com/activitylog-go/activitylog/store/memory"
)

func Example() {
	now := time.Date(2026, 11, 23, 10, 35, 13, 0, time.UTC)
	s := memory.NewWithClock(func() time.Time { return now }) // in a program: the store that the exporter fills
	_, err := s.Append(context.Background(), []activitylog.Event{{
		ID:      "019aa000-0000-7000-8000-000000000001",
		Time:    time.Date(2026, 11, 23, 10, 35, 12, 0, time.UTC),
		Code:    "org.member:invited",
		Summary: "Ann Lee invited Bob Ito",
		Outcome: activitylog.Success,
		Tenant:  "acme",
		Actor:   activitylog.Actor{ID: "usr_ann", Type: activitylog.User},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	h := api.New(s) // in a program: http.ListenAndServe("127.0.0.1:8090", h)

	for _, target := range []string{"/v1/events?q=actor:usr_ann", "/v1/events?q=actr:usr_ann"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
		fmt.Println(w.Code, w.Body)
	}
	// Output:
	// 200 {"events":[{"id":"019aa000-0000-7000-8000-000000000001","time":"2026-11-23T10:35:12Z","code":"org.member:invited","summary":"Ann Lee invited Bob Ito","outcome":"success","tenant":"acme","actor":{"id":"usr_ann","type":"user"},"targets":[],"changes":[],"source":{},"ingested":"2026-11-23T10:35:13Z"}],"next":""}
	// 400 {"error":"unknown key","parameter":"q","at":[0,4],"did_you_mean":"actor"}
}
