package catalogue_test

import (
	"testing"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
)

func TestDraft(t *testing.T) {
	tests := []struct {
		code            activitylog.Code
		title, sentence string
	}{
		{"org.member:role_changed", "Org member role changed", "{actor} changed role of org member {target}"},
		{"org.member:updated", "Org member updated", "{actor} updated org member {target}"},
		{"payment:processed_manually", "Payment processed manually", "{actor} processed payment {target} manually"},
		{"user:logged_in", "User logged in", "{actor} logged in user {target}"},
		{"employee:invitation_resent", "Employee invitation resent", "{actor} resent invitation of employee {target}"},
		{"order:retaken", "Order retaken", "{actor} retook order {target}"},
		{"song:rebegun", "Song rebegun", "{actor} rebegan song {target}"},
		{"password:reset", "Password reset", "{actor} reset password {target}"},
		{"password:reset_requested", "Password reset requested", "{actor} requested reset of password {target}"},
		{"test:run_cancelled", "Test run cancelled", "{actor} cancelled run of test {target}"},
		{"device:reset_remotely", "Device reset remotely", "{actor} reset device {target} remotely"},
		{"org.api_key:created", "Org API key created", "{actor} created org API key {target}"},
		{"user.mfa:enabled", "User MFA enabled", "{actor} enabled user MFA {target}"},
		{"card:frozen", "Card frozen", "{actor} froze card {target}"},
		{"UserSignedIn", "UserSignedIn", "{actor}: UserSignedIn on {target}"},
		{"{a}", "{a}", "{actor}: {{a}} on {target}"},
		{"{a}:{b}_}c", "{a} {b} }c", "{actor} {{b}} }}c {{a}} {target}"},
		{"", "", "{actor}: event on {target}"},
	}
	for _, tt := range tests {
		title, sentence := catalogue.Draft(tt.code, "")
		if title != tt.title || sentence != tt.sentence {
			t.Errorf("Draft(%s) = %q, %q, want %q, %q", tt.code, title, sentence, tt.title, tt.sentence)
		}
		checkDraft(t, tt.code)
	}
}

// FuzzDraft checks that the draft for a code says what is said without one.
func FuzzDraft(f *testing.F) {
	for _, code := range []string{"org.member:role_changed", "a:force_cancelled", "UserSignedIn", "{:}", "a:b\xff", ":", "\n:é"} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) { checkDraft(t, activitylog.Code(code)) })
}

func checkDraft(t *testing.T, code activitylog.Code) {
	t.Helper()
	if len(code) > activitylog.MaxCodeLen {
		return
	}
	title, sentence := catalogue.Draft(code, "")
	c, err := catalogue.New(catalogue.Entry{Code: code, Title: title, Sentences: texts(sentence)})
	if err != nil {
		t.Errorf("Draft(%q) = %q, which is no template: %v", code, sentence, err)
		return
	}
	var none *catalogue.Catalogue
	for _, targets := range [][]activitylog.Target{nil, one("", "x_1", "Bob {Ito}")} {
		e := activitylog.Event{Code: code, Actor: ann, Targets: targets}
		if got, want := c.Sentence(&e), none.Sentence(&e); got != want {
			t.Errorf("Draft(%q) says %q, the grammar %q", code, got, want)
		}
	}
	if got := none.Title(code); got != title {
		t.Errorf("Draft(%q) is titled %q, the catalogue says %q", code, title, got)
	}
}

// TestDraftOfOwner checks that what belongs to the target is said to.
func TestDraftOfOwner(t *testing.T) {
	for target, want := range map[string]string{
		"":         "{actor} updated user avatar {target}",
		"avatar":   "{actor} updated user avatar {target}",
		"employee": "{actor} updated user avatar of {target}",
	} {
		if _, got := catalogue.Draft("user.avatar:updated", target); got != want {
			t.Errorf("%q: %q, want %q", target, got, want)
		}
	}
}
