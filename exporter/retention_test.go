package activitylogexporter_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/exporter/exportertest"

	"github.com/activitylog-go/activitylog"
	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/store/memory"
)

// TestRetentionFirstRule checks, with random rules, that each event is pruned
// by the first rule that names it and by no other, once.
func TestRetentionFirstRule(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	tenants, codes := []string{"", "a", "b", "c"}, []string{"", "x:made", "y:made", "x:*"}
	names := func(rule activitylogexporter.RetentionRule, e *activitylog.Event) bool {
		code := rule.Code == "" || rule.Code == string(e.Code) || rule.Code == "x:*" && strings.HasPrefix(string(e.Code), "x:")
		return code && (rule.Tenant == "" || rule.Tenant == e.Tenant)
	}
	for range 2000 {
		rules := make([]activitylogexporter.RetentionRule, 1+random.IntN(5))
		for i := range rules {
			rules[i] = activitylogexporter.RetentionRule{
				Tenant: tenants[random.IntN(4)], Code: codes[random.IntN(4)], Keep: fmt.Sprintf("%dd", i+1),
			}
		}
		for _, tenant := range []string{"a", "b", "d"} {
			for _, code := range []activitylog.Code{"x:made", "x:sold", "y:made"} {
				e := activitylog.Event{Tenant: tenant, Code: code}
				var want, got []time.Time
				for i, rule := range rules {
					if names(rule, &e) {
						want = append(want, now.AddDate(0, 0, -i-1))
						break
					}
				}
				for _, p := range activitylogexporter.PrunesOf(rules, now) {
					if err := p.Check(); err != nil {
						t.Fatal(err)
					}
					if p.Filter.Match(&e) {
						got = append(got, p.Before)
					}
				}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Fatalf("%v: %s of %s is pruned before %v, want %v", rules, code, tenant, got, want)
				}
			}
		}
	}
}

// TestRetention checks that the exporter prunes when it starts and every hour,
// says by which rule, leaves what is on hold, and ends when it is told to.
func TestRetention(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, func(c *activitylogexporter.Config) {
			direct(c)
			c.Retention = []activitylogexporter.RetentionRule{{Tenant: "acme", Keep: "30d"}, {Code: "user:*", Keep: "2d"}}
		})
		if err := s.Hold(t.Context(), store.Hold{Name: "trial", Filter: parse(t, "event:user:invited")}); err != nil {
			t.Fatal(err)
		}
		logs := logsOf("user:logged_in", "user:invited", "org:created")
		acme := logsOf("user:logged_out")
		acme.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().PutStr(activitylog.KeyTenantID, "acme")
		acme.ResourceLogs().MoveAndAppendTo(logs.ResourceLogs())
		if err := e.ConsumeLogs(t.Context(), logs); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			after time.Duration
			want  int // events left
		}{{47 * time.Hour, 4}, {2 * time.Hour, 3}, {28 * 24 * time.Hour, 2}, {9999 * time.Hour, 2}} {
			time.Sleep(step.after)
			synctest.Wait()
			if n, err := s.Count(t.Context(), parse(t, ""), 10); n != step.want || err != nil {
				t.Errorf("%v later: %d events, %v, want %d", step.after, n, err, step.want)
			}
		}
		deeds, err := s.Deeds(t.Context())
		if err != nil || len(deeds) != 3 {
			t.Fatalf("deeds: %+v, %v", deeds, err)
		}
		for i, want := range []string{"keep 2d of event:user:*", "keep 30d of tenant:acme"} {
			if d := deeds[i+1]; d.By != "retention" || d.Reason != want || d.Kind != store.DeedPruned || d.Events != 1 {
				t.Errorf("deed %+v, want the reason %q", d, want)
			}
		}
	})
}

// A stubborn store does not prune until it is told to end.
type stubborn struct {
	*memory.Store
	asked chan string
}

func (s *stubborn) Prune(ctx context.Context, p store.Prune) (int, error) {
	s.asked <- p.Reason
	if strings.Contains(p.Reason, "1d") {
		return 2, errors.New("not allowed to")
	}
	<-ctx.Done()
	return 3, ctx.Err()
}

// TestRetentionFails checks that a rule that fails is counted and keeps no
// other one from its turn, and that the end of the Collector does not wait.
func TestRetentionFails(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	set := exportertest.NewNopSettings(component.MustNewType("activitylog"))
	set.TelemetrySettings = telemetry.NewTelemetrySettings()
	s := &stubborn{Store: memory.New(), asked: make(chan string, 2)}
	e := create(t, set, s, func(c *activitylogexporter.Config) {
		c.Retention = []activitylogexporter.RetentionRule{{Code: "a:b", Keep: "1d"}, {Code: "c:d", Keep: "2d"}}
	})
	if err := e.Start(t.Context(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	if first, second := <-s.asked, <-s.asked; first != "keep 1d of event:a:b" || second != "keep 2d of event:c:d" {
		t.Errorf("asked for %q and %q", first, second)
	}
	if err := e.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]int64{"pruned": 5, "prune_errors": 1} {
		if got := sum(t, telemetry, name); got != want {
			t.Errorf("%s: counted %d, want %d", name, got, want)
		}
	}
	if err := telemetry.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestRetentionNeedsCustodian checks that rules that nobody can follow are told
// at once.
func TestRetentionNeedsCustodian(t *testing.T) {
	bare := struct{ store.Store }{memory.New()}
	e := create(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), bare, func(c *activitylogexporter.Config) {
		c.Retention = []activitylogexporter.RetentionRule{{Keep: "1d"}}
	})
	if err := e.Start(t.Context(), componenttest.NewNopHost()); err == nil || !strings.Contains(err.Error(), "retention: ") {
		t.Errorf("Start: %v", err)
	}
	if err := e.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func parse(t *testing.T, text string) query.Query {
	t.Helper()
	q, err := query.Parse(text, query.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return q
}
