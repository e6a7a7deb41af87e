package mapping_test

import (
	"slices"
	"testing"

	activitylog "github.com/activitylog-go/activitylog"
)

// TestCatalogueOfFile checks what the file's events and routes make of the
// catalogue, on top of the shipped one.
func TestCatalogueOfFile(t *testing.T) {
	m := parse(t, `
version: 1
events:
  org.member:invited: {title: Colleague invited, severity: warn}
  org.team_member:updated: {aliases: ["org.member:updated"]}
  team:moved:
    when: {changed: [/place]}
    sentence:
      - "{actor} moved {target}"
      - {when: {status: 202}, text: "{actor} will move {target}"}
routes:
  POST /orgs/{org}/members: {code: org.member:invited}
  PATCH /orgs/{org}/members/{member}:
    cases:
      - {when: {changed: [/role]}, code: org.member:updated}
      - {when: {changed: [/name]}, code: org.team_member:updated}
      - {code: org.member:updated}
  PUT /teams/{team}/place: {code: team:moved}
`)
	invited, _ := m.Catalogue().Lookup("org.member:invited")
	if invited.Title != "Colleague invited" || invited.Severity.String() != "WARN" || len(invited.Sentences) == 0 || len(invited.Attempts) == 0 {
		t.Errorf("of what the file does not say the shipped catalogue must: %+v", invited)
	}
	updated, _ := m.Catalogue().Lookup("org.team_member:updated")
	if want := []string{"PATCH /orgs/{org}/members/{member}"}; !slices.Equal(updated.Routes, want) {
		t.Errorf("routes that emit a code or a former name of it: %q", updated.Routes)
	}
	if _, ok := m.Catalogue().Lookup("org:created"); !ok {
		t.Error("the shipped catalogue is gone")
	}
	moved := request{status: 200}
	for _, tt := range []struct {
		status  int
		changes []activitylog.Change
		want    string
	}{
		{200, nil, "Ann Lee moved team x"}, // by the grammar
		{200, []activitylog.Change{activitylog.NewChange("/place", nil, "Rome")}, "Ann Lee moved x · place: Rome"},
		{202, nil, "Ann Lee will move x"}, // it has a condition of its own
	} {
		moved.status, moved.changes, moved.params = tt.status, tt.changes, params{"x"}
		e := moved.event()
		if m.Rule("PUT", "/teams/{team}/place").Complete(&e, moved.exchange()); e.Summary != tt.want {
			t.Errorf("%d: %q, want %q", tt.status, e.Summary, tt.want)
		}
	}
}
