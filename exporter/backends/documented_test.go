package backends_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
)

// blocks returns the code of a language in a section of docs/backends.md.
func blocks(t *testing.T, section, language string) []string {
	t.Helper()
	page, err := os.ReadFile("../../docs/backends.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, ok := strings.Cut(string(page), "\n## "+section)
	if !ok {
		t.Fatalf("docs/backends.md has no section %s", section)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	var found []string
	for {
		_, after, ok := strings.Cut(text, "\n```"+language+"\n")
		if !ok {
			break
		}
		block, rest, _ := strings.Cut(after, "\n```")
		found, text = append(found, block), rest
	}
	if len(found) == 0 {
		t.Fatalf("section %s has no %s", section, language)
	}
	return found
}

// documented returns the queries of a section by the comments before them.
func documented(t *testing.T, section, language, comment string) map[string]string {
	t.Helper()
	queries := make(map[string]string)
	for _, block := range blocks(t, section, language) {
		for _, part := range strings.Split("\n"+block, "\n"+comment+" ")[1:] {
			name, query, _ := strings.Cut(part, "\n")
			queries[name] = strings.TrimRight(strings.TrimSpace(query), ";")
		}
	}
	return queries
}

// answers says what each query of docs/backends.md must find among the events of
// the application.
var answers = map[string]func([]activitylog.Event) []string{
	"code": sentences(func(e activitylog.Event) bool { return e.Code == "org.member:updated" }),
	"what an actor did to members": sentences(func(e activitylog.Event) bool {
		return strings.HasPrefix(string(e.Code), "org.member:") && e.Actor.ID == "usr_ann"
	}),
	"tenant and target": sentences(func(e activitylog.Event) bool {
		return e.Tenant == "acme" && e.Target().Type == "member" && e.Target().ID == "mem_bob"
	}),
	"outcome": sentences(func(e activitylog.Event) bool {
		return e.Outcome == activitylog.Denied || e.Outcome == activitylog.Failure
	}),
	"who has had which role": func(events []activitylog.Event) (found []string) {
		for _, e := range events {
			if e.Tenant == "acme" && e.Target().Type == "member" && e.Target().ID == "mem_bob" {
				for _, c := range e.Changes {
					found = append(found, strings.Trim(string(c.Old), `"`)+" "+strings.Trim(string(c.New), `"`))
				}
			}
		}
		return found
	},
	"how many, each once, also if it was delivered twice": func(events []activitylog.Event) []string { return count(events) },
	"how many deliveries": func(events []activitylog.Event) []string {
		return count(append(events, events[len(events)-1])) // of the job's event there are two
	},
}

// sentences answers with the sentences of the events that match, by which an
// event is known in all backends.
func sentences(match func(activitylog.Event) bool) func([]activitylog.Event) []string {
	return func(events []activitylog.Event) (found []string) {
		for _, e := range events {
			if match(e) {
				found = append(found, e.Summary)
			}
		}
		return found
	}
}

// count returns how many events each tenant has of each code.
func count(events []activitylog.Event) (found []string) {
	numbers := make(map[string]int)
	for _, e := range events {
		numbers[fmt.Sprint(e.Tenant, " ", e.Code)]++
	}
	for name, n := range numbers {
		found = append(found, fmt.Sprint(name, " ", n))
	}
	return found
}

// checkNames checks that there is a query for each that every backend must answer.
func checkNames(t *testing.T, queries map[string]string) {
	t.Helper()
	for _, name := range []string{"code", "what an actor did to members", "tenant and target", "outcome"} {
		if queries[name] == "" {
			t.Errorf("docs/backends.md has no query for %q", name)
		}
	}
}

// checkDocumented runs the queries of a section, until each has found what it
// must, for a backend may take a while to show what it has accepted.
func checkDocumented(t *testing.T, queries map[string]string, run func(t *testing.T, query string) []string) {
	t.Helper()
	checkNames(t, queries)
	events := expected(t)
	for name, query := range queries {
		t.Run(name, func(t *testing.T) {
			answer, ok := answers[name]
			if !ok {
				t.Fatal("nobody knows what this query of docs/backends.md must find")
			}
			want := answer(events)
			slices.Sort(want)
			var got []string
			for range 100 {
				got = run(t, query)
				slices.Sort(got)
				if slices.Equal(got, want) {
					return
				}
				time.Sleep(50 * time.Millisecond)
			}
			t.Errorf("%s\nfound\n\t%s\nwant\n\t%s", query, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
		})
	}
}

// TestElastic checks that there are queries for Elastic, which there is none of
// to run them.
func TestElastic(t *testing.T) {
	checkNames(t, documented(t, "Elastic", "esql", "//"))
}
