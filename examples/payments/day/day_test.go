package day_test

import (
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/examples/payments"
	"github.com/activitylog-go/activitylog/examples/payments/day"
	"github.com/activitylog-go/activitylog/examples/payments/day/daytest"
)

// play plays the day against an API of its own and returns the events.
func play(t *testing.T) []activitylog.Event {
	t.Helper()
	rec := new(activitylogtest.Recorder)
	clock := new(day.Clock)
	api, err := payments.New(payments.Config{
		LoggerProvider: rec,
		Clock:          clock.Now,
		Random:         rand.NewChaCha8([32]byte{}), // ids are in sentences
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(api)
	defer srv.Close()
	if err := day.Play(t.Context(), srv.Client(), srv.URL, clock); err != nil {
		t.Fatal(err)
	}
	return rec.Events()
}

func TestPlayTellsTheStory(t *testing.T) {
	began := time.Now()
	daytest.Check(t, play(t), began)
}

func TestPlayReportsChanges(t *testing.T) {
	for _, e := range play(t) {
		updated := e.Code.Verb() == "updated" && e.Outcome == activitylog.Success
		if updated && len(e.Changes) == 0 {
			t.Errorf("%s %s: no changes", e.Code, e.Summary)
		}
		if e.Code == "org.member:updated" && e.Outcome == activitylog.Success {
			if c := e.Changes[0]; c.Path != "/role" || len(c.Old) == 0 || len(c.New) == 0 {
				t.Errorf("%s: change is %+v, want one of /role", e.Summary, c)
			}
		}
	}
}

func TestPlayEndsWithTheClockRunning(t *testing.T) {
	clock := new(day.Clock)
	api, err := payments.New(payments.Config{LoggerProvider: new(activitylogtest.Recorder)})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(api)
	defer srv.Close()
	if err := day.Play(t.Context(), srv.Client(), srv.URL, clock); err != nil {
		t.Fatal(err)
	}
	if lag := time.Since(clock.Now()); lag > time.Minute {
		t.Errorf("clock is %v behind", lag)
	}
}

// TestPlaySaysWhatWentWrong plays the day twice: the second time Nordwind exists.
func TestPlaySaysWhatWentWrong(t *testing.T) {
	clock := new(day.Clock)
	api, err := payments.New(payments.Config{LoggerProvider: new(activitylogtest.Recorder)})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(api)
	defer srv.Close()
	if err := day.Play(t.Context(), srv.Client(), srv.URL, clock); err != nil {
		t.Fatal(err)
	}
	err = day.Play(t.Context(), srv.Client(), srv.URL, clock)
	const want = "day: 00:09 soren: POST /orgs: status is 409, not 201"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error is %v, want %s…", err, want)
	}
}

func TestStoryIsInOrder(t *testing.T) {
	steps := day.Story()
	if n := len(steps); n < 120 || n > 160 {
		t.Errorf("%d steps, want 120 to 160", n)
	}
	for i := 1; i < len(steps); i++ {
		if steps[i-1].At >= steps[i].At {
			t.Errorf("step at %s comes after one at %s", steps[i].At, steps[i-1].At)
		}
	}
	if last := steps[len(steps)-1].At; last >= "19:59" {
		t.Errorf("the last step is at %s, which may not be in the past", last)
	}
}
