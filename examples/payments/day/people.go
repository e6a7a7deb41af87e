package day

import (
	"encoding/json"

	"github.com/activitylog-go/activitylog/examples/payments"
)

const (
	safari  = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15"
	chrome  = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36"
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
	phone   = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1"
)

// people are who acts, by the name that steps call them, with the headers of
// their programs. Ann has the user id usr_ann, and so on.
var people = map[string]map[string]string{
	"ann":    {"User-Agent": safari},
	"bob":    {"User-Agent": chrome},
	"kofi":   {"User-Agent": firefox},
	"priya":  {"User-Agent": chrome},
	"lena":   {"User-Agent": phone},
	"tomasz": {"User-Agent": firefox},
	"mateus": {"User-Agent": chrome},
	"olena":  {"User-Agent": phone},
	"soren":  {"User-Agent": safari},
	"yuki":   {"User-Agent": chrome},
	"chloe":  {"User-Agent": phone},
	"maya":   {"User-Agent": "deskctl/3.2.0 (support console)", "X-Support-Ticket": "SUP-2041"},
	"ci-bot": {"User-Agent": "acme-nightly/1.14 (Go-http-client/2.0)"},

	// The stranger has no credentials and lies about the address.
	"stranger": {"User-Agent": "python-requests/2.32.5", "X-Forwarded-For": "10.0.0.1"},
}

// login is the body of a login with the right password.
func login(who string) string {
	for _, u := range payments.DemoUsers() {
		if u.ID == "usr_"+who {
			return credentials(u.Email, u.Password)
		}
	}
	panic("day: nobody is called " + who)
}

func credentials(email, password string) string {
	body, err := json.Marshal(map[string]string{"email": email, "password": password})
	if err != nil {
		panic(err) // strings always have a JSON form
	}
	return string(body)
}
