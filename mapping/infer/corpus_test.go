package infer_test

import (
	"os"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping"
)

// knownToDiffer are routes of public.tsv of which inference makes something
// else than the person who wrote the file would. A mapping file says those in
// a line each.
var knownToDiffer = map[string]string{
	"POST /rest/api/3/issue/{issueIdOrKey}/transitions":        "a plural is a collection, however little of a thing it holds",
	"POST /crm/v3/objects/contacts/batch/read":                 "read is more often what is done to a notification",
	"POST /v1/notifications/webhooks-events/{event_id}/resend": "only the last word of a compound is made singular: sales_order, goods_receipt",
	"POST /v1/invoicing/generate-next-invoice-number":          "generate changes something nearly everywhere else",
	"PUT /v1/system/gc":                                       "no list has such abbreviations",
	"DELETE /2.0/folders/{folder_id}/trash":                   "elsewhere it takes something out of the trash",
	"POST /{index}/_update/{id}":                              "an API that begins with its ids",
	"POST /1/cards/{id}/markAssociatedNotificationsRead":      "what mark marks something as may be any word",
	"POST /reservations/{id}/no-show":                         "it has no verb",
	"POST /offers/price":                                      "it computes, but the word says that a price is made",
	"POST /api/cards/{id}/checklists/{cl}/items/{item}/check": "to check is to look, more often than to tick",
	"POST /api/shipments/{id}/track":                          "to track is an event in analytics",
}

// inUseToDiffer are those of inuse.tsv.
var inUseToDiffer = map[string]string{
	"POST /api/v4/projects/{id}/snippets/{snippet_id}/award_emoji":                                 "it names a thing, but begins with what is done",
	"POST /api/v2/tickets/password-change":                                                         "likewise, from its end",
	"POST /rest/api/3/workflowscheme/{id}/createdraft":                                             "likewise: a draft was created",
	"POST /v3/ips/warmup":                                                                          "likewise: an address was warmed up",
	"POST /rest/api/3/issue/{issueIdOrKey}/comment":                                                "likewise: the issue was commented on",
	"POST /v3/validations/email":                                                                   "elsewhere a report is emailed so",
	"PUT /v1/agent/check/pass/{check_id}":                                                          "a pass is a thing in front of an id",
	"POST /{index}/_forcemerge":                                                                    "no list has such compounds without a hyphen",
	"POST /api/v1/namespaces/{namespace}/workflows/{workflow_id}/signal/{signal_name}":             "a signal is a thing in front of an id",
	"POST /api/v1/mice/{id}/feed":                                                                  "a feed is a thing: posts are added to it",
	"PUT /containers/{id}/archive":                                                                 "to archive is a flag nearly everywhere else",
	"POST /analytics/metrics/incidents/all":                                                        "it computes, but no word says so",
	"POST /conversations/{id}/run_assignment_rules":                                                "rules are things, such as firewall rules",
	"POST /rest/api/3/version/{id}/mergeto/{moveIssuesTo}":                                         "no list has such compounds without a hyphen",
	"PUT /rest/agile/1.0/issue/rank":                                                               "a rank is a thing as well, and PUT sets it",
	"POST /wiki/rest/api/space/_private":                                                           "an adjective for a resource",
	"PUT /crm/v4/objects/{objectType}/{objectId}/associations/default/{toObjectType}/{toObjectId}": "likewise",
}

// TestCorpus pins what inference makes of many APIs, with the shipped
// catalogue. corpus.tsv grew with the rules; public.tsv was written by
// somebody who did not know them.
func TestCorpus(t *testing.T) {
	for _, file := range []struct {
		name    string
		atLeast int
		differ  map[string]string
	}{
		{"corpus.tsv", 200, nil},
		{"public.tsv", 400, knownToDiffer},
		{"inuse.tsv", 250, inUseToDiffer},
	} {
		t.Run(file.name, func(t *testing.T) {
			routes := readCorpus(t, "testdata/"+file.name)
			if len(routes) < file.atLeast {
				t.Errorf("the corpus has %d routes", len(routes))
			}
			found := make(map[string]bool)
			for _, r := range routes {
				x := mapping.Default().Explain(r.method, r.path)
				key := r.method + " " + r.path
				switch _, known := file.differ[key]; {
				case string(x.Code) == r.code && known:
					t.Errorf("%s: got %q as wanted: it is not known to differ any more", key, r.code)
				case string(x.Code) != r.code && !known:
					t.Errorf("%s: got %q, want %q because\n\t%s", key, x.Code, r.code, strings.Join(x.Steps, "\n\t"))
				}
				if len(x.Steps) == 0 {
					t.Errorf("%s: no step explains it", key)
				}
				found[key] = true
			}
			for key := range file.differ {
				if found[key] {
					continue
				}
				t.Errorf("%s is known to differ but not in the corpus", key)
			}
		})
	}
}

type corpusRoute struct{ method, path, code string }

func readCorpus(t *testing.T, name string) []corpusRoute {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var routes []corpusRoute
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 3 {
			t.Fatalf("%s: %q: want three fields", name, line)
		}
		routes = append(routes, corpusRoute{fields[0], fields[1], fields[2]})
	}
	return routes
}
