package activitylog_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/internal/secret/secrettest"
)

// TestCleanSecrets puts secrets into every text of an event, wherever in it a
// text is: one that is added to Event later must not be forgotten.
func TestCleanSecrets(t *testing.T) {
	random := map[string]bool{"TraceID": true, "SpanID": true, "Salt": true} // no place for what anybody says
	for _, f := range secrettest.Fakes(1) {
		var e activitylog.Event
		e.Targets = make([]activitylog.Target, 2)
		e.Changes = make([]activitylog.Change, 2)
		places := fillTexts(reflect.ValueOf(&e).Elem(), "", func(name string) string {
			if random[name] {
				return ""
			}
			return f.Text
		})
		e.Attributes.Set("detail", f.Text)
		e.Attributes.Set(f.Text, true)
		e.Changes[0].New, _ = json.Marshal(map[string]any{f.Text: []string{f.Text}})
		e.Clean()
		b, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		all := fmt.Sprintf("%s %s %s", b, e.EventName, e.ID)
		if inJSON, _ := json.Marshal(f.Secret); strings.Contains(all, f.Secret) || strings.Contains(all, strings.Trim(string(inJSON), `"`)) {
			t.Errorf("%s: %s is left in %s", f.Kind, f.Secret, all)
		}
		told, _ := e.Attributes.Get(activitylog.AttrRedacted)
		if n := told.AsInt64(); n < int64(places)+3 { // the event name is the code
			t.Errorf("%s: %d secrets are counted, want at least %d", f.Kind, n, places+3)
		}
		again := e
		if again.Clean(); !reflect.DeepEqual(again, e) {
			t.Errorf("%s: cleaning again changes %+v to %+v", f.Kind, e, again)
		}
	}
}

// fillTexts sets every string in v and returns how many there are.
func fillTexts(v reflect.Value, name string, text func(string) string) (n int) {
	switch v.Kind() {
	case reflect.String:
		if s := text(name); s != "" {
			v.SetString(s)
			return 1
		}
	case reflect.Struct:
		if v.Type().PkgPath() != reflect.TypeFor[activitylog.Event]().PkgPath() {
			return 0
		}
		for i := range v.NumField() {
			n += fillTexts(v.Field(i), v.Type().Field(i).Name, text)
		}
	case reflect.Slice:
		for i := range v.Len() {
			n += fillTexts(v.Index(i), name, text)
		}
	}
	return n
}

func TestCleanSecretAttributes(t *testing.T) {
	tests := []struct {
		in   attribute.KeyValue
		want any
	}{
		{attribute.String("password", "correct horse"), "[redacted]"},
		{attribute.String("api_key", "horse"), "[redacted]"},
		{attribute.Bool("password", true), true},
		{attribute.String("token", "expired"), "expired"},
		{attribute.Int64("card", 4111111111111111), "[redacted]"},
		{attribute.Float64("card", 4111111111111111), "[redacted]"},
		{attribute.Int64("number", 4111111111111112), int64(4111111111111112)},
		{attribute.StringSlice("list", []string{"a", "password=hunter2"}), `["a","password=[redacted]"]`},
	}
	for _, tt := range tests {
		e := activitylog.Event{Attributes: activitylog.Attributes{tt.in}}
		e.Clean()
		if got, _ := e.Attributes.Get(string(tt.in.Key)); got.AsInterface() != tt.want {
			t.Errorf("%v becomes %v, want %v", tt.in, got.AsInterface(), tt.want)
		}
	}
}

// TestCleanCutsSecrets has secrets where a text is cut: no half of one is kept.
func TestCleanCutsSecrets(t *testing.T) {
	key := "AK" + "IA" + "IOSFODNN7EXAMPLE"
	for i := range len(key) + 2 {
		e := activitylog.Event{Reason: strings.Repeat("x ", activitylog.MaxString/2)[i:] + key}
		e.Clean()
		if strings.Contains(e.Reason, key[:2]) {
			t.Errorf("%d before the end there is still %q", i, e.Reason[len(e.Reason)-30:])
		}
	}
}

// BenchmarkClean is what each event costs; plain are its texts without the
// search for secrets.
func BenchmarkClean(b *testing.B) {
	event := activitylog.Event{
		ID: "019aa000-0000-7000-8000-000000000001", Code: "org.member:updated", EventName: "org.member:updated", Outcome: activitylog.Success,
		Tenant: "acme", Actor: activitylog.Actor{ID: "usr_7Fb2xQ", Type: activitylog.User, Name: "Ann Lee", Email: "ann@acme.example"},
		Targets: []activitylog.Target{{Type: "member", ID: "usr_9KpLm3", Name: "Bob Ito"}}, Summary: "Ann Lee changed role of Bob Ito from viewer to admin",
		HTTP:   activitylog.HTTP{Method: "PATCH", Route: "/orgs/{org}/members/{member}", Path: "/orgs/acme/members/usr_9KpLm3", Status: 200},
		Source: activitylog.Source{ClientAddress: "203.0.113.7", PeerAddress: "10.0.0.1", UserAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", RequestID: "req_01J9ZQ8M3V"},
	}
	event.Changes = []activitylog.Change{activitylog.NewChange("/role", "viewer", "admin")}
	event.Attributes.Set("plan", "enterprise")
	b.Run("event", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			e := event
			e.Clean()
		}
	})
	b.Run("plain", func(b *testing.B) {
		texts := []string{event.ID, string(event.Code), event.EventName, event.Actor.Name, event.Actor.Email, event.Summary, event.HTTP.Route, event.HTTP.Path, event.Source.UserAgent, event.Source.RequestID, event.Source.ClientAddress}
		for b.Loop() {
			for _, s := range texts {
				activitylog.Text(s)
			}
		}
	})
}
