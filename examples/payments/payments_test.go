package payments_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/examples/payments"
	"github.com/activitylog-go/activitylog/examples/payments/day"
)

// TestResponsesAreThoseWithoutTheMiddleware plays the day against both and
// compares status, headers and bodies byte by byte.
func TestResponsesAreThoseWithoutTheMiddleware(t *testing.T) {
	with := transcript(t, payments.New)
	without := transcript(t, payments.NewWithoutActivityLog)
	if len(with) != len(without) || len(with) < 120 {
		t.Fatalf("%d responses with and %d without", len(with), len(without))
	}
	for i := range with {
		if with[i] != without[i] {
			t.Errorf("response %d\nwith the middleware:\n%s\nwithout:\n%s", i, with[i], without[i])
		}
	}
}

func transcript(t *testing.T, newAPI func(payments.Config) (http.Handler, error)) []string {
	t.Helper()
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	api, err := newAPI(payments.Config{
		LoggerProvider: new(activitylogtest.Recorder),
		Clock:          func() time.Time { return noon },
		Random:         rand.NewChaCha8([32]byte{1}),
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(api)
	defer srv.Close()
	rec := &recorder{next: srv.Client().Transport}
	if err := day.Play(t.Context(), &http.Client{Transport: rec}, srv.URL, new(day.Clock)); err != nil {
		t.Fatal(err)
	}
	return rec.responses
}

// A recorder keeps responses as they are on the wire, less the date.
type recorder struct {
	next      http.RoundTripper
	responses []string
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return nil, err
	}
	resp.Header.Del("Date")
	var headers bytes.Buffer
	if err := resp.Header.Write(&headers); err != nil {
		return nil, err
	}
	r.responses = append(r.responses, fmt.Sprintf("%s\n%s\n%s", resp.Status, &headers, body))
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// TestMappingCoversEveryMutatingRoute fails when somebody adds a route that
// changes something and has neither a code nor an exemption.
func TestMappingCoversEveryMutatingRoute(t *testing.T) {
	api, err := payments.New(payments.Config{LoggerProvider: new(activitylogtest.Recorder)})
	if err != nil {
		t.Fatal(err)
	}
	m, err := payments.Mapping()
	if err != nil {
		t.Fatal(err)
	}
	exempt := []string{"POST /orgs/:org/members/search", "POST /orgs/:org/payments/search"}
	for _, r := range api.(*gin.Engine).Routes() {
		event := m.Rule(r.Method, r.Path) != nil
		route := r.Method + " " + r.Path
		if want := r.Method != http.MethodGet && !slices.Contains(exempt, route); event != want {
			t.Errorf("%s: is an event: %v, want %v", route, event, want)
		}
		for _, c := range m.Explain(r.Method, r.Path).Cases {
			if entry, ok := m.Catalogue().Lookup(c.Code); !ok || entry.Title == "" {
				t.Errorf("%s: code %s is in no catalogue, or has no title", route, c.Code)
			}
		}
	}
}

func TestDemoRequestsWorkAfterTheDay(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	clock := new(day.Clock)
	api, err := payments.New(payments.Config{LoggerProvider: rec, Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(api)
	defer srv.Close()
	if err := day.Play(t.Context(), srv.Client(), srv.URL, clock); err != nil {
		t.Fatal(err)
	}
	rec.Reset()
	for _, args := range payments.DemoRequests(srv.URL) {
		if status, body := curl(t, args); status/100 != 2 {
			t.Errorf("curl %q: %d %s", args, status, body)
		}
	}
	var got []string
	for _, e := range rec.Events() {
		got = append(got, e.Summary)
		if age := time.Since(e.Time); age < 0 || age > time.Minute {
			t.Errorf("%s: the event is %v old", e.Summary, age)
		}
	}
	want := []string{
		"Ann Lee changed role of Bob Ito from viewer to admin",
		"Ann Lee invited Ada Obi to acme",
	}
	if !slices.Equal(got, want) {
		t.Errorf("events are %q, want %q", got, want)
	}
}

// curl does what the program of that name does with -X, -H, -d and a URL.
func curl(t *testing.T, args []string) (status int, body string) {
	t.Helper()
	var method, url, data string
	header := make(http.Header)
	for i := 0; i < len(args); i++ {
		switch args[i] {
		case "-X":
			i++
			method = args[i]
		case "-H":
			i++
			key, value, _ := strings.Cut(args[i], ": ")
			header.Set(key, value)
		case "-d":
			i++
			data = args[i]
		default:
			url = args[i]
		}
	}
	return send(t, method, url, header, data)
}

func send(t *testing.T, method, url string, header http.Header, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	req.Header = header.Clone()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp.StatusCode, string(answer)
}

var ann = http.Header{"Authorization": {"Bearer " + payments.DemoToken}}

func start(t *testing.T) (url string, rec *activitylogtest.Recorder) {
	t.Helper()
	rec = new(activitylogtest.Recorder)
	api, err := payments.New(payments.Config{LoggerProvider: rec})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(api)
	t.Cleanup(srv.Close)
	return srv.URL, rec
}

func TestProblems(t *testing.T) {
	url, _ := start(t)
	const accounts = "/orgs/acme/deposit-accounts"
	tests := []struct {
		what, method, path, body string
		status                   int
		detail                   string
	}{
		{"no JSON", "POST", accounts, `{"name":`, 400, "unexpected EOF"},
		{"two values", "POST", accounts, `{} {}`, 400, "more than one"},
		{"unknown field", "POST", accounts, `{"nme":"x"}`, 400, "nme"},
		{"wrong type", "POST", accounts, `{"name":7}`, 400, "number"},
		{"patch that is no object", "PATCH", "/orgs/acme/members/mem_bob", `[]`, 400, "body"},
		{"body too large", "POST", accounts, `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "1048576"},
		{"several fields wrong", "POST", accounts, `{"currency":"euro"}`, 422, "name is required, bank is required, currency"},
		{"no such organisation", "POST", "/orgs/umbra/deposit-accounts", `{}`, 404, "no such org"},
		{"no such item", "PATCH", accounts + "/dacc_0", `{}`, 404, "no such deposit account"},
		{"status of its own route", "PATCH", "/orgs/acme/members/mem_bob", `{"status":"inactive"}`, 400, "status"},
		{"service of another scheme", "PUT", "/orgs/acme/commerce/schemes/sch_0/payment-services/sps_card", `{}`, 404, "no such scheme"},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			status, body := send(t, tt.method, url+tt.path, ann, tt.body)
			var p struct {
				Title, Detail string
				Status        int
			}
			if err := json.Unmarshal([]byte(body), &p); err != nil {
				t.Fatalf("%s: %v", body, err)
			}
			if status != tt.status || p.Status != status || p.Title != http.StatusText(status) || !strings.Contains(p.Detail, tt.detail) {
				t.Errorf("answer is %d %s, want %d with %q", status, body, tt.status, tt.detail)
			}
		})
	}
}

func TestSecretOfAPIKeyIsShownOnce(t *testing.T) {
	url, rec := start(t)
	_, body := send(t, "POST", url+"/orgs/acme/api-keys", ann, `{"name":"robot","role":"admin"}`)
	var key struct{ ID, Secret string }
	if err := json.Unmarshal([]byte(body), &key); err != nil || key.Secret == "" {
		t.Fatalf("%s has no secret: %v", body, err)
	}
	for _, path := range []string{"/orgs/acme/api-keys", "/orgs/acme/api-keys/" + key.ID} {
		if status, body := send(t, "GET", url+path, ann, ""); status != 200 || !strings.Contains(body, key.ID) || strings.Contains(body, key.Secret) {
			t.Errorf("GET %s: %d %s", path, status, body)
		}
	}
	robot := http.Header{"Authorization": {"Bearer " + key.Secret}}
	if status, body := send(t, "POST", url+"/orgs/acme/members/search", robot, `{"text":"bob"}`); status != 200 || !strings.Contains(body, "Bob Ito") {
		t.Errorf("search with the key: %d %s", status, body)
	}
	if status, body := send(t, "DELETE", url+"/orgs/acme/api-keys/"+key.ID, ann, ""); status != 204 {
		t.Errorf("revoke: %d %s", status, body)
	}
	if status, _ := send(t, "GET", url+"/me", robot, ""); status != 401 {
		t.Errorf("a revoked key gets %d, want 401", status)
	}
	if n := len(rec.Events()); n != 2 {
		t.Errorf("%d events, want 2: created, revoked", n)
	}
}

func TestUpdateLeavesTheItemThatWasReadAlone(t *testing.T) {
	url, rec := start(t)
	const path = "/orgs/acme/payment-routing-schemes"
	_, body := send(t, "POST", url+path, ann, `{"name":"A","strategy":"priority","routes":["payr_cards","payr_sepa"]}`)
	var scheme struct{ ID string }
	if err := json.Unmarshal([]byte(body), &scheme); err != nil {
		t.Fatal(err)
	}
	send(t, "PATCH", url+path+"/"+scheme.ID, ann, `{"routes":["payr_sepa"],"id":"prs_mine","org":"nordwind"}`)
	change := rec.Events()[1].Changes
	if len(change) != 1 || string(change[0].Old) != `["payr_cards","payr_sepa"]` || string(change[0].New) != `["payr_sepa"]` {
		t.Errorf("changes are %+v", change)
	}
	if status, body := send(t, "GET", url+path+"/"+scheme.ID, ann, ""); status != 200 {
		t.Errorf("the item has another id or organisation: %d %s", status, body)
	}
}

// TestConcurrentRequests is for the race detector, and counts.
func TestConcurrentRequests(t *testing.T) {
	url, rec := start(t)
	const people, each = 8, 20
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() {
			for j := range each {
				body := fmt.Sprintf(`{"name":"account %d","currency":"EUR","bank":"Sparkasse Nord"}`, j)
				send(t, "POST", url+"/orgs/acme/deposit-accounts", ann, body)
				send(t, "PATCH", url+"/orgs/acme/payment-routes/payr_cards", ann, "")
				send(t, "PUT", url+"/orgs/acme/payment-routes/payr_cards", ann, fmt.Sprintf(`{"name":"Cards EU","provider":"Cardwell","priority":%d}`, i+1))
				send(t, "GET", url+"/orgs/acme/deposit-accounts", ann, "")
			}
		})
	}
	wg.Wait()
	count := make(map[string]int)
	for _, e := range rec.Events() {
		count[string(e.Code)+" "+string(e.Outcome)]++
	}
	for what, want := range map[string]int{
		"deposit_account:created success": each,
		"deposit_account:created failure": each * (people - 1),
		"payment_route:updated success":   each * people,
	} {
		if count[what] != want {
			t.Errorf("%d events %s, want %d", count[what], what, want)
		}
	}
}

func TestForeignOrganisation(t *testing.T) {
	url, rec := start(t)
	send(t, "POST", url+"/orgs", ann, `{"id":"umbra","name":"Umbra","country":"PT"}`)
	_, body := send(t, "POST", url+"/orgs/umbra/deposit-accounts", ann, `{"name":"A","currency":"EUR","bank":"B"}`)
	var account struct{ ID string }
	if err := json.Unmarshal([]byte(body), &account); err != nil {
		t.Fatal(err)
	}
	if status, _ := send(t, "PATCH", url+"/orgs/acme/deposit-accounts/"+account.ID, ann, `{"name":"mine"}`); status != 404 {
		t.Errorf("an item of another organisation answers with %d, want 404", status)
	}
	var tenants []string
	for _, e := range rec.Events() {
		tenants = append(tenants, e.Tenant)
		if e.Actor.ID != "usr_ann" || e.Source.SessionID != "ses_demo" || e.Actor.Type != activitylog.User {
			t.Errorf("%s: actor is %+v in session %q", e.Summary, e.Actor, e.Source.SessionID)
		}
	}
	if want := []string{"umbra", "umbra", "acme"}; !slices.Equal(tenants, want) {
		t.Errorf("tenants are %q, want %q", tenants, want)
	}
}

// TestSeveralPayouts checks that each payout of a request has an event with its
// own outcome.
func TestSeveralPayouts(t *testing.T) {
	url, rec := start(t)
	const path = "/orgs/acme/payouts/process-manually"
	const text = `{"payouts":["pout_501","pout_502","pout_0","pout_501"],"comment":"month end"}`
	if status, body := send(t, "POST", url+path, ann, text); status != http.StatusMultiStatus {
		t.Fatalf("%d %s", status, body)
	}
	var got []string
	for _, e := range rec.Events() {
		got = append(got, fmt.Sprintf("%s %s %d %s", e.Target().ID, e.Outcome, e.HTTP.Status, e.Reason))
	}
	want := []string{
		"pout_501 success 200 month end",
		"pout_502 failure 502 Bank of Thule did not answer",
		"pout_0 failure 404 there is none of that id",
		"pout_501 failure 409 it is processed, only what is stuck is processed by hand",
	}
	if !slices.Equal(got, want) {
		t.Errorf("events are\n%q, want\n%q", got, want)
	}
	rec.Reset()
	if status, _ := send(t, "POST", url+path, ann, `{"payouts":["pout_0"]}`); status != http.StatusUnprocessableEntity {
		t.Errorf("without a comment: %d", status)
	}
	activitylogtest.Expect(t, rec, activitylogtest.Target("payout", "pout_0"), activitylogtest.Outcome(activitylog.Failure),
		activitylogtest.Reason("comment is required: say why it is done by hand"))
}
