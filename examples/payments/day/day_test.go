package day_test

import (
	"cmp"
	"encoding/json"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/examples/payments"
	"github.com/activitylog-go/activitylog/examples/payments/day"
)

// catalogue is what the example has to emit: the shipped codes and those of
// work by hand and of sessions.
var catalogue = []activitylog.Code{
	"org:created", "org.profile:updated",
	"org.member:invited", "org.member:joined", "org.member:declined",
	"org.member:updated", "org.member:deactivated", "org.member:activated",
	"org.api_key:created", "org.api_key:updated",
	"deposit_account:created", "deposit_account:updated",
	"provider_account:created", "provider_account:updated",
	"merchant_account:created", "merchant_account:updated",
	"payment_route:updated", "payment_routing_scheme:created", "payment_routing_scheme:updated",
	"payout_route:updated", "payout_routing_scheme:created", "payout_routing_scheme:updated",
	"fx_rate_scheme:created", "fx_rate_scheme:updated",
	"com.scheme:created", "com.scheme:updated",
	"com.scheme_payment_service:updated", "com.scheme_payout_service:updated",
	"com.account:created", "com.account:updated",

	"payment:processed_manually", "payout:processed_manually",
	"user:logged_in", "user:login_failed", "user:logged_out",
}

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

func TestPlayEmitsEveryCodeOfTheCatalogue(t *testing.T) {
	got := make(map[activitylog.Code]int)
	succeeded := make(map[activitylog.Code]bool)
	for _, e := range play(t) {
		got[e.Code]++
		succeeded[e.Code] = succeeded[e.Code] || e.Outcome == activitylog.Success
	}
	for _, code := range catalogue {
		if got[code] == 0 {
			t.Errorf("no event %s", code)
		}
		if !succeeded[code] && code != "user:login_failed" {
			t.Errorf("no event %s that succeeded", code)
		}
	}
	want := day.Expected()
	for code, n := range want {
		if got[code] != n {
			t.Errorf("%d events %s, Expected says %d", got[code], code, n)
		}
	}
	for code := range got {
		if want[code] == 0 {
			t.Errorf("events %s, Expected has none", code)
		}
	}
}

// TestPlayTellsTheStory compares the events with the steps one by one.
func TestPlayTellsTheStory(t *testing.T) {
	began := time.Now()
	events := play(t)
	w := newWorld()
	last := began.Add(-day.Length - time.Second)
	for _, step := range day.Story() {
		if step.Code == "" {
			continue
		}
		if len(events) == 0 {
			t.Fatalf("%s %s: no event any more", step.At, step.Do)
		}
		e := events[0]
		events = events[1:]
		what := step.At + " " + step.Who + ": " + step.Do

		if e.Code != step.Code || e.HTTP.Status != step.Status {
			t.Fatalf("%s: event %s with status %d, want %s with %d", what, e.Code, e.HTTP.Status, step.Code, step.Status)
		}
		if got, want := e.Actor, w.actor(step); got != want {
			t.Errorf("%s: actor is %+v, want %+v", what, got, want)
		}
		if got, want := e.Tenant, w.tenant(step); got != want {
			t.Errorf("%s: tenant is %q, want %q", what, got, want)
		}
		if got := cmp.Or(e.Target().Name, e.Target().ID); !sameTarget(got, step.Target) {
			t.Errorf("%s: target is %+v, want %q", what, e.Target(), step.Target)
		}
		if got, want := e.Outcome, outcome(step.Status); got != want {
			t.Errorf("%s: outcome is %s, want %s", what, got, want)
		}
		if e.Outcome != activitylog.Success && e.Reason == "" {
			t.Errorf("%s: no reason", what)
		}
		if !e.Time.After(last) || e.Time.After(began) {
			t.Errorf("%s: time is %v, the event before had %v and the day ends before %v", what, e.Time, last, began)
		}
		if e.Source.ClientAddress != "127.0.0.1" || e.Source.UserAgent == "" || e.Source.RequestID == "" {
			t.Errorf("%s: source is %+v", what, e.Source)
		}
		last = e.Time
		w.happened(step, e)
	}
	if len(events) > 0 {
		t.Errorf("%d events more than steps: %s first", len(events), events[0].Code)
	}
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

// outcome is the design's rule, spelled out for the statuses of the story.
func outcome(status int) activitylog.Outcome {
	switch status {
	case 200, 201, 204:
		return activitylog.Success
	case 401, 403:
		return activitylog.Denied
	case 400, 404, 409, 422, 502:
		return activitylog.Failure
	}
	return "the story has no such status"
}

// sameTarget compares the target's name or id with a step's; "{shop}" stands
// for an id that the API made.
func sameTarget(got, want string) bool {
	if strings.HasPrefix(want, "{") {
		_, random, ok := strings.Cut(got, "_")
		return ok && len(random) == 20
	}
	return got == want
}

// A world is what the tests know of the story's people as it goes on.
type world struct {
	users map[string]payments.User // by the name that steps use
	keys  map[string]string        // ids of API keys, by the same
	home  map[string]string        // organisations, by email address
	in    map[string]bool          // who is logged in
}

func newWorld() *world {
	w := &world{users: map[string]payments.User{}, keys: map[string]string{}, home: map[string]string{}, in: map[string]bool{}}
	for _, u := range payments.DemoUsers() {
		w.users[strings.TrimPrefix(u.ID, "usr_")] = u
	}
	for _, who := range []string{"ann", "bob", "kofi", "priya", "lena", "tomasz"} {
		w.home[w.users[who].Email] = "acme"
	}
	return w
}

func (w *world) actor(step day.Step) activitylog.Actor {
	who, as, _ := strings.Cut(step.Who, " as ")
	if id, ok := w.keys[who]; ok {
		return activitylog.Actor{ID: id, Type: activitylog.Service, Name: who}
	}
	loggedIn := w.in[who] || step.Code == "user:logged_in"
	if !loggedIn || step.Code == "user:login_failed" {
		return activitylog.Actor{Type: activitylog.Anonymous}
	}
	u := w.users[who]
	a := activitylog.Actor{ID: u.ID, Type: activitylog.User, Name: u.Name, Email: u.Email}
	if as != "" && u.Support {
		a.OnBehalfOf = activitylog.Party{ID: w.users[as].ID, Name: w.users[as].Name}
	}
	return a
}

func (w *world) tenant(step day.Step) string {
	who, _, _ := strings.Cut(step.Who, " as ")
	_, path, _ := strings.Cut(step.Do, " ")
	var body struct{ ID, Email string }
	if err := json.Unmarshal([]byte(step.Body), &body); err != nil {
		body.ID = "" // the story has malformed bodies too
	}
	switch parts := strings.Split(path, "/"); {
	case parts[1] == "login":
		return w.home[body.Email]
	case parts[1] == "orgs" && len(parts) > 2:
		return parts[2]
	case parts[1] == "orgs" && step.Status == 201:
		return body.ID
	default:
		return w.home[w.users[who].Email]
	}
}

func (w *world) happened(step day.Step, e activitylog.Event) {
	if e.Outcome != activitylog.Success {
		return
	}
	who, _, _ := strings.Cut(step.Who, " as ")
	switch e.Code {
	case "user:logged_in":
		w.in[who] = true
	case "user:logged_out":
		w.in[who] = false
	case "org:created":
		w.home[w.users[who].Email] = e.Tenant
	case "org.api_key:created":
		w.keys[e.Target().Name] = e.Target().ID
	case "org.member:invited":
		for _, u := range w.users {
			if u.Name == e.Target().Name {
				w.home[u.Email] = e.Tenant
			}
		}
	}
}
