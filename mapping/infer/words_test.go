package infer_test

import (
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/infer"
)

func TestSingular(t *testing.T) {
	// plural:singular; a word alone stays as it is.
	const table = `
		users:user policies:policy addresses:address address access process processes:process
		status statuses:status sms dns https http data aws metadata:metadata leaves:leave leave
		analytics news kubernetes analyses:analysis analysis series species people:person
		children:child indices:index indexes:index matrices:matrix vertices:vertex criteria:criterion
		branches:branch caches:cache hashes:hash boxes:box taxes:tax prefixes:prefix quizzes:quiz
		houses:house warehouses:warehouse cases:case databases:database licenses:license
		courses:course expenses:expense responses:response bases:base purchases:purchase
		classes:class businesses:business business buses:bus bonuses:bonus campuses:campus
		aliases:alias alias canvases:canvas canvas lenses:lens gases:gas virus viruses:virus
		heroes:hero photos:photo videos:video repos:repo logos:logo shoes:shoe
		keys:key days:day companies:company movies:movie cookies:cookie ties:tie categories:category
		apis:api kpis:kpi wikis:wiki taxis:taxi uris:uri ids:id urls:url vms:vm ips:ip menus:menu cpus:cpu
		archives:archive drives:drive objectives:objective shelves:shelf knives:knife lives:life
		api_keys:api_key payment_services:payment_service sms_messages:sms_message
		redis postgres ios os gps vps cors jwks tls diabetes headquarters goods
		is as us s gas bus
		prices:price invoices:invoice sizes:size prizes:prize buzzes:buzz services:service
		leases:lease phases:phase nurses:nurse clauses:clause causes:cause
		corpora:corpus bacteria:bacterium formulae:formula errata:erratum oxen:ox dwarves:dwarf loci:locus
		metrics:metric statistics logistics sales:sale hours:hour windows:window`
	for _, field := range strings.Fields(table) {
		plural, want, changes := strings.Cut(field, ":")
		if !changes {
			want = plural
		}
		if got := infer.Singular(plural); got != want {
			t.Errorf("Singular(%q) = %q, want %q", plural, got, want)
		}
	}
}

func TestPast(t *testing.T) {
	const table = `
		activate:activated create:created approve:approved send:sent resend:resent set:set reset:reset run:run
		rerun:rerun cancel:cancelled pay:paid repay:repaid stop:stopped pin:pinned unpin:unpinned ban:banned
		deny:denied apply:applied deploy:deployed play:played replay:replayed delay:delayed submit:submitted
		transfer:transferred refer:referred commit:committed open:opened edit:edited visit:visited
		fix:fixed renew:renewed review:reviewed sync:synced mimic:mimicked equip:equipped freeze:frozen
		unfreeze:unfrozen hide:hidden withdraw:withdrawn write:written rewrite:rewritten take:taken
		undo:undone override:overridden login:logged_in log_in:logged_in logout:logged_out sign_up:signed_up
		checkout:checked_out roll_back:rolled_back backup:backed_up mark_as_read:marked_as_read
		process_manually:processed_manually build:built rebuild:rebuilt hold:held leave:left quit:quit
		debug:debugged trigger:triggered release:released retry:retried reread:reread unread:unread ship:shipped
		shrink:shrunk shake:shaken weave:woven forbid:forbidden disbar:disbarred offset:offset hand_over:handed_over
		handover:handed_over airdrop:airdropped foresee:foreseen
		wrap:wrapped scan:scanned map:mapped queue:queued free:freed snooze:snoozed rebind:rebound`
	for _, field := range strings.Fields(table) {
		verb, want, _ := strings.Cut(field, ":")
		if got := infer.Past(verb); got != want {
			t.Errorf("Past(%q) = %q, want %q", verb, got, want)
		}
	}
}

func TestSnake(t *testing.T) {
	tests := []struct{ text, want string }{
		{"payment-services", "payment_services"},
		{"paymentServices", "payment_services"},
		{"PaymentServices", "payment_services"},
		{"CVEAllowlist", "cve_allowlist"},
		{"userIDs", "user_ids"},
		{"APIs", "apis"},
		{"OAuth2", "oauth2"},
		{"projectsV2", "projects"},
		{"2fa", "two_fa"},
		{"1099-forms", "n1099_forms"},
		{"_bulk", "bulk"},
		{"update_many", "update"},
		{"zażółć", "za"},
		{"日本", ""},
		{"--", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got := infer.Snake(tt.text); got != tt.want {
			t.Errorf("Snake(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}
