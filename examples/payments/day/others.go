package day

// At night, a program of Acme's reads what is stuck and sets the fees of the
// day; at noon it has lost its rights and nobody told it.
var machine = []Step{
	{"06:00", "ci-bot", "GET /orgs/acme/payments", "", 200, "", ""},
	{"06:01", "ci-bot", "POST /orgs/acme/payments/search", `{"status":"stuck"}`, 200, "", ""},
	{"06:02", "ci-bot", "PATCH /orgs/acme/fx-rate-schemes/{pound}", `{"markup_bps":27}`, 200, "fx_rate_scheme:updated", "Euro to pound"},
	{"06:03", "ci-bot", "PUT /orgs/acme/payment-routes/payr_cards", `{"name":"Cards EU","provider":"Cardwell","priority":2,"enabled":true}`, 200, "payment_route:updated", "Cards EU"},
	{"06:04", "ci-bot", "PATCH /orgs/acme/payout-routing-schemes/{daily}", `{"strategy":"priority"}`, 200, "payout_routing_scheme:updated", "Daily payouts"},
	{"06:05", "ci-bot", "PATCH /orgs/acme/deposit-accounts/dacc_closed", `{"status":"frozen"}`, 404, "deposit_account:updated", "dacc_closed"},
	{"06:06", "ci-bot", "PATCH /orgs/acme/deposit-accounts/{reserve}", `{"status":"frozen"`, 400, "deposit_account:updated", "Reserve"},
	{"06:07", "ci-bot", "PATCH /orgs/acme/deposit-accounts/{reserve}", `{"status":"frozen"}`, 200, "deposit_account:updated", "Reserve"},
	{"06:08", "ci-bot", "POST /orgs/acme/api-keys", `{"name":"ci-bot-2","role":"admin"}`, 403, "org.api_key:created", ""},
	{"12:00", "ci-bot", "PATCH /orgs/acme/fx-rate-schemes/{pound}", `{"markup_bps":26}`, 403, "fx_rate_scheme:updated", "Euro to pound"},
	{"12:01", "ci-bot", "GET /orgs/acme/payouts", "", 200, "", ""},
}

// Maya, a support engineer, does for Yuki what Yuki cannot find.
var support = []Step{
	{"15:00", "maya", "POST /login", login("maya"), 200, "user:logged_in", "Maya Cohen"},
	{"15:02", "maya", "PATCH /orgs/nordwind/merchant-accounts/{shop}", `{"category":"5734"}`, 403, "merchant_account:updated", "{shop}"},
	{"15:04", "maya as yuki", "GET /orgs/nordwind/merchant-accounts/{shop}", "", 200, "", ""},
	{"15:05", "maya as yuki", "PATCH /orgs/nordwind/merchant-accounts/{shop}", `{"category":"5734","descriptor":"NORDWIND"}`, 200, "merchant_account:updated", "Nordwind Shop"},
	{"15:08", "maya as yuki", "PATCH /orgs/nordwind/payout-routing-schemes/{cheapest}", `{"strategy":"round_robin"}`, 200, "payout_routing_scheme:updated", "Cheapest bank"},
	{"15:10", "maya as yuki", "POST /orgs/nordwind/api-keys", `{"name":"yuki","role":"admin"}`, 403, "org.api_key:created", ""},
	{"15:12", "kofi as ann", "PATCH /orgs/acme/profile", `{"country":"IE"}`, 401, "org.profile:updated", "acme"},
	{"15:14", "ann as soren", "PATCH /orgs/nordwind/profile", `{"country":"GB"}`, 403, "org.profile:updated", "nordwind"},
	{"15:20", "maya", "POST /logout", "", 204, "user:logged_out", "Maya Cohen"},
}

// Somebody without an account tries the door.
var stranger = []Step{
	{"08:40", "stranger", "POST /login", credentials("ann@acme.example", "acme2025"), 401, "user:login_failed", "Ann Lee"},
	{"08:41", "stranger", "POST /login", credentials("ann@acme.example", "acme2026"), 401, "user:login_failed", "Ann Lee"},
	{"08:42", "stranger", "POST /login", credentials("root@acme.example", "toor"), 401, "user:login_failed", ""},
	{"08:43", "stranger", "POST /login", `{"email":`, 400, "user:login_failed", ""},
	{"08:44", "stranger", "GET /orgs/acme/members", "", 401, "", ""},
	{"08:45", "stranger", "POST /orgs/acme/members", `{"name":"Root","email":"root@evil.example","role":"owner"}`, 401, "org.member:invited", ""},
	{"08:46", "stranger", "POST /orgs/acme/payouts/pout_503/process-manually", `{"comment":"hurry"}`, 401, "payout:processed_manually", "pout_503"},
	{"08:47", "stranger", "DELETE /orgs/acme", "", 401, "", ""},
}
