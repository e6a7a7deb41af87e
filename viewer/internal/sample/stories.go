package sample

import (
	"time"

	"github.com/activitylog-go/activitylog"
)

var (
	ann  = activitylog.Actor{ID: "usr_ann", Type: activitylog.User, Name: "Ann Lee", Email: "ann@acme.example"}
	omar = activitylog.Actor{ID: "usr_omar", Type: activitylog.User, Name: "Omar Haddad", Email: "omar@acme.example"}
	zoya = activitylog.Actor{ID: "usr_zoya", Type: activitylog.User, Name: "Зоя Коваль", Email: "zoya@acme.example"}
	eve  = activitylog.Actor{ID: "usr_eve", Type: activitylog.User, Name: "Eve Norén", Email: "eve@acme.example"}
	ann2 = activitylog.Actor{ID: "usr_ann", Type: activitylog.User, Name: "Ann Lee", Email: "ann@acme.example",
		OnBehalfOf: activitylog.Party{ID: "usr_bob", Name: "Bob Ito"}}
	bot     = activitylog.Actor{ID: "svc_deploy", Type: activitylog.Service, Name: "deploy-bot"}
	nightly = activitylog.Actor{ID: "nightly-fx", Type: activitylog.System, Name: "nightly-fx"}
	nobody  = activitylog.Actor{Type: activitylog.Anonymous}
)

const (
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
	safari  = "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_1) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15"
)

var sources = map[string]activitylog.Source{
	"usr_ann":    {ClientAddress: "203.0.113.9", PeerAddress: "10.4.0.12", UserAgent: safari, SessionID: "ses_81c04e7f"},
	"usr_omar":   {ClientAddress: "198.51.100.24", PeerAddress: "10.4.0.12", UserAgent: firefox, SessionID: "ses_2b9d6610"},
	"usr_zoya":   {ClientAddress: "2001:db8:40::17", PeerAddress: "10.4.0.12", UserAgent: firefox, SessionID: "ses_f00a913c"},
	"usr_eve":    {ClientAddress: "192.0.2.77", PeerAddress: "10.4.0.12", UserAgent: firefox, SessionID: "ses_5e5be220"},
	"svc_deploy": {ClientAddress: "10.8.3.2", PeerAddress: "10.8.3.2", UserAgent: "terraform/1.14.0"},
	"":           {ClientAddress: "192.0.2.201", PeerAddress: "10.4.0.12", UserAgent: "curl/8.17.0"},
}

var change = activitylog.NewChange

// stories is newest first.
var stories = []story{
	{after: 41 * time.Second, who: ann, code: "org.member:invited",
		summary: "Ann Lee invited carla@acme.example to Acme Payments",
		target:  activitylog.Target{Type: "member", ID: "mem_9f21", Name: "carla@acme.example"},
		http:    activitylog.HTTP{Method: "POST", Route: "/v1/orgs/{org}/members", Path: "/v1/orgs/acme/members", Status: 201}},
	{after: 8 * time.Minute, who: ann, code: "org.member:updated",
		summary: "Ann Lee changed role of Bob Ito from viewer to admin",
		target:  activitylog.Target{Type: "member", ID: "usr_bob", Name: "Bob Ito"},
		http:    activitylog.HTTP{Method: "PATCH", Route: "/v1/orgs/{org}/members/{member}", Path: "/v1/orgs/acme/members/usr_bob"},
		changes: []activitylog.Change{
			change("/role", "viewer", "admin"),
			change("/teams", []string{"support"}, []string{"billing", "support"}),
			change("/approved_by", nil, "usr_omar"),
			{Path: "/api_secret", Redacted: true},
		}, reason: "Covers for Omar until the end of the year"},
	{after: 3 * time.Minute, who: eve, code: "org.member:updated", outcome: activitylog.Denied,
		summary: "Eve Norén tried to change role of Bob Ito to owner",
		target:  activitylog.Target{Type: "member", ID: "usr_bob", Name: "Bob Ito"},
		http:    activitylog.HTTP{Method: "PATCH", Route: "/v1/orgs/{org}/members/{member}", Path: "/v1/orgs/acme/members/usr_bob", Status: 403},
		reason:  "needs the permission members.write"},
	{after: 12 * time.Minute, who: bot, code: "payment_routing_scheme:updated",
		summary: "deploy-bot updated payment routing scheme EU cards · 3 fields",
		target:  activitylog.Target{Type: "payment_routing_scheme", ID: "prs_eu_cards", Name: "EU cards"},
		http:    activitylog.HTTP{Method: "PUT", Route: "/v1/payment-routing-schemes/{id}", Path: "/v1/payment-routing-schemes/prs_eu_cards"},
		changes: []activitylog.Change{change("/priority", 3, 1), change("/fallback", true, false), change("/provider", "nordpay", "clearbank")}},
	{after: 4 * time.Minute, who: omar, code: "payout:processed_manually",
		summary: "Omar Haddad processed payout po_58120 by hand",
		target:  activitylog.Target{Type: "payout", ID: "po_58120"},
		http:    activitylog.HTTP{Method: "POST", Route: "/v1/payouts/{id}/process", Path: "/v1/payouts/po_58120/process"}},
	{after: 26 * time.Minute, who: ann2, code: "org.api_key:created",
		summary: "Ann Lee (as Bob Ito) created API key deploy",
		target:  activitylog.Target{Type: "api_key", ID: "apik_7Az1", Name: "deploy"},
		http:    activitylog.HTTP{Method: "POST", Route: "/v1/orgs/{org}/api-keys", Path: "/v1/orgs/acme/api-keys", Status: 201}},
	{after: 9 * time.Minute, who: nobody, code: "user:login_failed", outcome: activitylog.Denied,
		summary: "Anonymous (192.0.2.201) tried to log in as ann@acme.example",
		target:  activitylog.Target{Type: "user", ID: "usr_ann", Name: "ann@acme.example"},
		http:    activitylog.HTTP{Method: "POST", Route: "/v1/sessions", Path: "/v1/sessions", Status: 401}},
	{after: 17 * time.Minute, who: zoya, code: "com.scheme_payment_service:updated",
		summary: "Зоя Коваль updated commerce scheme payment service Cards EU",
		target:  activitylog.Target{Type: "scheme_payment_service", ID: "csps_31", Name: "Cards EU"},
		http:    activitylog.HTTP{Method: "PATCH", Route: "/v1/commerce/schemes/{scheme}/payment-services/{id}", Path: "/v1/commerce/schemes/cs_2/payment-services/csps_31"},
		changes: []activitylog.Change{change("/limit", "25000.00", "40000.00")}},
	{after: 31 * time.Minute, who: omar, code: "deposit_account:created", outcome: activitylog.Failure,
		summary: "Omar Haddad tried to create deposit account EUR settlement",
		target:  activitylog.Target{Type: "deposit_account", Name: "EUR settlement"},
		http:    activitylog.HTTP{Method: "POST", Route: "/v1/deposit-accounts", Path: "/v1/deposit-accounts", Status: 502},
		reason:  "the bank did not answer"},
	{after: 50 * time.Second, who: omar, code: "deposit_account:created",
		summary: "Omar Haddad created deposit account EUR settlement",
		target:  activitylog.Target{Type: "deposit_account", ID: "depa_0442", Name: "EUR settlement"},
		http:    activitylog.HTTP{Method: "POST", Route: "/v1/deposit-accounts", Path: "/v1/deposit-accounts", Status: 201}},
	{after: 44 * time.Minute, who: ann, code: "payment_route:updated",
		summary: "Ann Lee updated payment route EU → US settlement",
		target:  activitylog.Target{Type: "payment_route", ID: "payr_6Yb0", Name: "EU → US settlement"},
		http:    activitylog.HTTP{Method: "PATCH", Route: "/v1/payment-routes/{id}", Path: "/v1/payment-routes/payr_6Yb0"},
		changes: []activitylog.Change{change("/enabled", false, true)}},
	{after: 8 * time.Minute, who: zoya, code: "org.member:deactivated",
		summary: "Зоя Коваль deactivated Igor Blum",
		target:  activitylog.Target{Type: "member", ID: "usr_igor", Name: "Igor Blum"},
		http:    activitylog.HTTP{Method: "PATCH", Route: "/v1/orgs/{org}/members/{member}", Path: "/v1/orgs/acme/members/usr_igor"}},
	{after: time.Hour, who: nightly, code: "fx_rate_scheme:updated",
		summary: "System (nightly-fx) updated FX rate scheme ECB daily",
		target:  activitylog.Target{Type: "fx_rate_scheme", ID: "fxrs_ecb", Name: "ECB daily"},
		changes: []activitylog.Change{change("/rates/EURUSD", 1.0412, 1.0398)}},
	{after: 25 * time.Minute, who: omar, code: "merchant_account:created", tenant: "globex",
		summary: "Omar Haddad created merchant account Globex Retail",
		target:  activitylog.Target{Type: "merchant_account", ID: "mera_118", Name: "Globex Retail"},
		http:    activitylog.HTTP{Method: "POST", Route: "/v1/merchant-accounts", Path: "/v1/merchant-accounts", Status: 201}},
	{after: 10 * time.Minute, who: zoya, code: "org.profile:updated",
		summary: "Зоя Коваль updated the organisation profile of Acme Payments",
		target:  activitylog.Target{Type: "org", ID: "acme", Name: "Acme Payments"},
		http:    activitylog.HTTP{Method: "PATCH", Route: "/v1/orgs/{org}/profile", Path: "/v1/orgs/acme/profile"},
		changes: []activitylog.Change{change("/support_email", "help@acme.example", "care@acme.example")}},
	{after: 2 * time.Minute, who: zoya, code: "user:logged_in",
		summary: "Зоя Коваль logged in",
		target:  activitylog.Target{Type: "user", ID: "usr_zoya", Name: "Зоя Коваль"},
		http:    activitylog.HTTP{Method: "POST", Route: "/v1/sessions", Path: "/v1/sessions", Status: 201}},
	{after: 5 * time.Minute, who: bot, code: "org.api_key:deleted", tenant: "globex",
		summary: "deploy-bot deleted API key legacy-ci",
		target:  activitylog.Target{Type: "api_key", ID: "apik_02Qs", Name: "legacy-ci"},
		http:    activitylog.HTTP{Method: "DELETE", Route: "/v1/orgs/{org}/api-keys/{id}", Path: "/v1/orgs/globex/api-keys/apik_02Qs", Status: 204}},
	{after: 18 * time.Minute, who: bot, code: "payout_route:updated", outcome: activitylog.Unknown,
		summary: "deploy-bot began to update payout route SEPA instant",
		target:  activitylog.Target{Type: "payout_route", ID: "pyor_77", Name: "SEPA instant"},
		http:    activitylog.HTTP{Method: "PUT", Route: "/v1/payout-routes/{id}", Path: "/v1/payout-routes/pyor_77"}},
}
