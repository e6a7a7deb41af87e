package payments

import "fmt"

// DemoToken is a bearer token of Ann Lee, owner of acme, that is valid from
// the start, so that a demo can print a command that works.
const DemoToken = "tok_demo_of_ann_lee"

// DemoRequests returns the arguments of two curl commands that leave an event
// each in the activity log: Ann Lee changes the role of Bob Ito, and invites
// somebody. They work at any time after day.Play, the second one once.
func DemoRequests(baseURL string) [2][]string {
	request := func(method, path, body string) []string {
		return []string{
			"-X", method, baseURL + path,
			"-H", "Authorization: Bearer " + DemoToken,
			"-H", "Content-Type: application/json",
			"-d", body,
		}
	}
	return [2][]string{
		request("PATCH", "/orgs/acme/members/mem_bob", `{"role":"admin"}`),
		request("POST", "/orgs/acme/members", `{"name":"Ada Obi","email":"ada@acme.example","role":"viewer"}`),
	}
}

// seed makes the organisation acme. Its ids are known, those of everything
// that is made later are not.
func (s *server) seed() {
	s.credentials.add(DemoToken, principal{user: users[0], session: "ses_demo"})
	made := s.now().AddDate(0, -3, 0)
	meta := func(id string) Meta { return Meta{ID: id, Org: "acme", Created: made, Updated: made} }

	put(s.orgs, Org{Meta: meta("acme"), Named: Named{"Acme Payments"}, Country: "GB"})
	for i, who := range []struct {
		id   string
		role role
	}{
		{"mem_ann", owner}, {"mem_bob", viewer}, {"mem_kofi", admin},
		{"mem_priya", admin}, {"mem_lena", viewer}, {"mem_tomasz", viewer},
	} {
		u := users[i]
		put(s.members, Member{Meta: meta(who.id), Name: u.Name, Email: u.Email, Role: who.role, Status: active})
	}
	put(s.routesIn, Route{meta("payr_cards"), Named{"Cards EU"}, "Cardwell", 1, true})
	put(s.routesIn, Route{meta("payr_sepa"), Named{"SEPA debit"}, "Eurobank", 2, true})
	put(s.routesOut, Route{meta("poutr_sepa"), Named{"SEPA credit"}, "Eurobank", 1, true})
	put(s.commerce.schemes, Scheme{meta("sch_retail"), Named{"Retail"}, "EUR"})
	put(s.commerce.payments, SchemeService{meta("sps_card"), Named{"card"}, "sch_retail", true, 140, 0})
	put(s.commerce.payouts, SchemeService{meta("spo_bank"), Named{"bank transfer"}, "sch_retail", true, 20, 0})
	s.seedTransfers(meta)
}

// seedTransfers makes payments and payouts, of which some are stuck.
func (s *server) seedTransfers(meta func(string) Meta) {
	for i, customer := range []string{"Café Lumière", "Hikari Books", "Nwosu & Sons", "Casa Azul"} {
		status := "processed"
		if i > 0 {
			status = "stuck"
		}
		put(s.payments, Payment{
			meta(fmt.Sprintf("pay_%d", 1001+i)),
			Transfer{fmt.Sprintf("INV-%d", 1001+i), int64(12500 + 3175*i), "EUR", status}, customer,
		})
	}
	for i, bank := range []string{"Banco do Tejo", silentBank, "Sparkasse Nord"} {
		put(s.payouts, Payout{
			meta(fmt.Sprintf("pout_%d", 501+i)),
			Transfer{fmt.Sprintf("PO-%d", 501+i), int64(88000 + 4100*i), "EUR", "stuck"},
			[]string{"Luz Azulejos", "Polar Outfitters", "Kontor Hansen"}[i], bank,
		})
	}
}

// put keeps an item of the demo data, in which no two have the same name.
func put[T any, P item[T]](s *collection[T, P], v T) {
	if err := s.insert(v); err != nil {
		panic(fmt.Sprintf("payments: demo data: %s: %v", P(&v).meta().ID, err))
	}
}
