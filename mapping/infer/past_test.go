package infer_test

import (
	"testing"

	"github.com/activitylog-go/activitylog/mapping/infer"
)

func TestIsPast(t *testing.T) {
	past := []string{
		"updated", "created", "invited", "logged_in", "login_failed", "role_changed", "processed_manually", "sent",
		"force_cancelled", "canceled", "reset", "set", "put", "run", "rerun", "read", "marked_as_read", "paid", "rebuilt",
		"unbound", "overridden", "went_live", "two_fa_enabled", "reset_requested", "checked_out", "backed_up", "sold",
		"frozen", "froze", "withdrawn", "embedded", "exceeded", "succeeded", "tested", "frobnicated", "fed", "shredded",
		"signed_off", "learnt", "synced", "created_or_updated", "split", "denied", "password_set",
	}
	for _, verb := range past {
		if !infer.IsPast(verb) {
			t.Errorf("IsPast(%q) = false", verb)
		}
	}
	tests := map[string]string{ // with what is suggested
		"invite": "invited", "update": "updated", "create": "created", "delete": "deleted", "login": "logged_in",
		"log_in": "logged_in", "role_change": "role_changed", "change_role": "role_changed", "send": "sent",
		"embed": "embedded", "proceed": "proceeded", "feed": "fed", "shred": "shredded", "cancel": "cancelled",
		"processing": "processed", "updating": "updated", "cancelling": "cancelled", "edit": "updated",
		"export": "exported", "pay": "paid", "password_reset_request": "password_reset_requested",
		"roll_back": "rolled_back", "creation": "", "failure": "", "speed": "", "need": "", "in": "", "xyz": "",
	}
	for verb, want := range tests {
		if infer.IsPast(verb) {
			t.Errorf("IsPast(%q) = true", verb)
		}
		if got := infer.ToPast(verb); got != want {
			t.Errorf("ToPast(%q) = %q, want %q", verb, got, want)
		}
	}
}

// TestPastIsPast checks that what inference writes, lint accepts.
func TestPastIsPast(t *testing.T) {
	for _, verb := range []string{
		"set_up", "log_out", "activate", "withdraw", "underwrite", "resend", "forgot", "hangup", "optin", "ack", "ship",
		"stop", "panic", "try", "read", "proofread", "beat", "come", "know", "offset", "layoff", "visit",
	} {
		if past := infer.Past(verb); !infer.IsPast(past) {
			t.Errorf("Past(%q) is %q, which IsPast refuses", verb, past)
		}
	}
}
