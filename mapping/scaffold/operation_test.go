package scaffold_test

import (
	"testing"

	"github.com/activitylog-go/activitylog/mapping/routes"
	"github.com/activitylog-go/activitylog/mapping/scaffold"
)

// TestOperation checks what the name of an operation changes in a code, and
// what it does not.
func TestOperation(t *testing.T) {
	tests := []struct {
		method, path, operation string
		code                    string // "" if there is no event
	}{
		// The method alone would say created, updated or deleted.
		{"POST", "/carts/{cart}/notes", "cart-notes/attach", "cart.note:attached"},
		{"POST", "/admin/jobs/{job}", "AdminJobRun", "admin.job:run"},
		{"PATCH", "/exports/{id}", "StopExport", "export:stopped"},
		{"DELETE", "/invitations/{id}", "teams/cancel-invitation", "invitation:cancelled"},
		{"PUT", "/teams/{id}/members/{user}", "TeamAddMember", "team.member:added"},
		{"DELETE", "/teams/{id}/members/{user}", "teams/remove-member", "team.member:removed"},
		{"POST", "/teams/{id}/members", "addMember", "team.member:added"},
		{"PATCH", "/inbox/threads/{id}", "inbox/mark-thread-as-read", "inbox.thread:marked_as_read"},
		{"POST", "/runs/{id}/jobs", "actions/re-run-jobs", "run.job:rerun"},
		{"DELETE", "/invitations/{id}", "github.com/acme/api.(*Teams).CancelInvitation-fm", "invitation:cancelled"},

		{"PUT", "/notifications", "NotifyReadList", "notification:read"},

		// The last word of the path repeats the verb, or records the deed.
		{"PUT", "/reviews/{id}/comments/{comment}/dismissals", "comments/dismiss", "review.comment:dismissed"},
		{"POST", "/hooks/{id}/deliveries/{delivery}/attempts", "hooks/redeliver-delivery", "hook.delivery:redelivered"},
		{"PUT", "/user/blocks/{username}", "UserBlockUser", "user:blocked"},
		{"DELETE", "/user/blocks/{username}", "users/unblock-user", "user:unblocked"},

		// A method that is misused.
		{"POST", "/folders/{id}/permissions", "updateFolderPermissions", "folder.permission:updated"},
		{"POST", "/variables/{name}", "CreateVariable", "variable:created"},
		{"POST", "/tokens/{id}", "checkToken", ""},
		{"POST", "/reports", "listReports", ""},

		// The method or the path knows better.
		{"POST", "/pets", "addPet", "pet:created"},
		{"POST", "/labels", "IssueCreateLabel", "label:created"},
		{"PUT", "/labels/{id}", "createOrUpdateLabel", "label:updated"},
		{"PUT", "/labels/{id}", "replaceLabel", "label:updated"},
		{"DELETE", "/labels/{id}", "postLabelDeletion", "label:deleted"},
		{"POST", "/issues/{id}/lock", "issues/createLock", "issue:locked"},
		{"POST", "/users/{id}/activate", "users/updateStatus", "user:activated"},
		{"POST", "/things/{id}/exports", "things/export", "thing.export:created"},
		{"POST", "/orgs/{org}/api-keys", "generateApiKey", "org.api_key:created"},
		{"POST", "/orgs/{org}/members", "inviteMember", "org.member:invited"},
		{"DELETE", "/sources/proxy/{path}", "sourceProxyDELETEcalls", "source.proxy:deleted"},
		{"POST", "/labels", "", "label:created"},
		{"POST", "/labels", "---", "label:created"},
		{"POST", "/labels", "main.main.func1", "label:created"},
	}
	for _, tt := range tests {
		_, report, err := scaffold.Write([]routes.Route{{Method: tt.method, Path: tt.path, Operation: tt.operation}}, scaffold.Options{})
		if err != nil {
			t.Errorf("%s %s: %v", tt.method, tt.path, err)
			continue
		}
		if got := report.New[0]; string(got.Code) != tt.code || (got.Ignore == "") == (got.Code == "") {
			t.Errorf("%s %s, %q: got %q (%s), want %q", tt.method, tt.path, tt.operation, got.Code, got.Ignore, tt.code)
		}
	}
}
