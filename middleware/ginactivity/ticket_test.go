package ginactivity_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/ginactivity"
)

// TestDefer follows work from a request to its end, by gin's context and by
// the request's.
func TestDefer(t *testing.T) {
	m, err := mapping.Parse("activitylog.yaml", []byte(`version: 1
tenant: {path: org}
routes:
  POST /orgs/{org}/payouts:
    cases:
      - {when: {request: {/kind: refund}}, code: refund:made}
      - {code: payout:made}
    target: {type: payout, id: request./ref}
`))
	if err != nil {
		t.Fatal(err)
	}
	for name, draftOf := range map[string]func(*gin.Context) *activitylog.Draft{
		"gin's context":         func(c *gin.Context) *activitylog.Draft { return activitylog.From(c) },
		"the request's context": func(c *gin.Context) *activitylog.Draft { return activitylog.From(c.Request.Context()) },
	} {
		t.Run(name, func(t *testing.T) {
			rec, tickets := new(activitylogtest.Recorder), make(chan activitylog.Ticket, 1)
			router := gin.New()
			router.Use(ginactivity.New(m, middleware.WithLoggerProvider(rec)))
			router.POST("/orgs/:org/payouts", func(c *gin.Context) {
				var v map[string]any
				if err := c.BindJSON(&v); err != nil {
					return
				}
				draftOf(c).SetActor(activitylog.Actor{ID: "usr_1"})
				tickets <- draftOf(c).Defer()
				c.JSON(http.StatusAccepted, gin.H{"job": 1})
			})
			s := httptest.NewServer(router)
			defer s.Close()
			resp, err := s.Client().Post(s.URL+"/orgs/acme/payouts", "application/json", strings.NewReader(`{"kind":"refund","ref":"po_1"}`))
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			s.Close()
			if err := m.Complete(t.Context(), rec.Logger("worker"), <-tickets, activitylog.Event{Outcome: activitylog.Denied, Reason: "over the limit"}); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range rec.Events() {
				got = append(got, fmt.Sprint(e.Code, e.Outcome, e.Tenant, e.Actor.ID, e.Targets, e.Reason))
			}
			want := "refund:madeunknownacmeusr_1[{payout po_1 }] refund:madedeniedacmeusr_1[{payout po_1 }]over the limit"
			if strings.Join(got, " ") != want {
				t.Errorf("got  %q\nwant %q", strings.Join(got, " "), want)
			}
			a, _ := rec.Events()[0].Attributes.Get(activitylog.AttrOperation)
			b, _ := rec.Events()[1].Attributes.Get(activitylog.AttrOperation)
			if a.AsString() == "" || a != b {
				t.Errorf("the operations are %q and %q", a.AsString(), b.AsString())
			}
		})
	}
}

// TestReplay checks that a replay is no event.
func TestReplay(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	router := gin.New()
	router.Use(ginactivity.New(nil, middleware.WithLoggerProvider(rec), middleware.WithReplayHeader("Idempotent-Replayed")))
	router.POST("/members", func(c *gin.Context) { c.Status(http.StatusCreated) })
	router.POST("/cards", func(c *gin.Context) {
		c.Header("Idempotent-Replayed", "true")
		c.Status(http.StatusCreated)
	})
	router.POST("/keys", func(c *gin.Context) { activitylog.From(c).MarkReplay() })
	s := httptest.NewServer(router)
	defer s.Close()
	for _, path := range []string{"/cards", "/keys", "/members"} {
		resp, err := s.Client().Post(s.URL+path, "application/json", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	s.Close()
	if events := rec.Events(); len(events) != 1 || events[0].Code != "member:created" {
		t.Errorf("%v", events)
	}
}
