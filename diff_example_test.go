package activitylog_test

import (
	"fmt"
	"time"

	"github.com/activitylog-go/activitylog"
)

type Member struct {
	ID        string    `json:"id" activity:"track"`
	Role      string    `json:"role" activity:"track"`
	Limits    []Limit   `json:"limits"`
	Password  string    `json:"-" activity:"secret"`
	UpdatedAt time.Time `json:"updated_at" activity:"ignore"`
}

type Limit struct {
	Currency string `json:"currency" activity:"key"`
	Daily    int64  `json:"daily" activity:"track"`
}

// A handler tells what it did to a member.
func ExampleDiff() {
	before := Member{ID: "usr_bob", Role: "viewer", Limits: []Limit{{"EUR", 100}, {"USD", 100}}, Password: "one"}
	after := Member{ID: "usr_bob", Role: "admin", Limits: []Limit{{"USD", 100}, {"EUR", 250}}, Password: "two", UpdatedAt: time.Now()}

	for _, c := range activitylog.Diff(before, after) {
		fmt.Printf("%s: %s → %s, redacted: %v\n", c.Path, c.Old, c.New, c.Redacted)
	}
	// Output:
	// /role: "viewer" → "admin", redacted: false
	// /limits/1/daily: 100 → 250, redacted: false
	// /Password:  → , redacted: true
}

// The program stops at start-up if somebody has added a field and not said
// whether the log may have it.
func ExampleCheckTags() {
	type Account struct {
		Name string `json:"name" activity:"track"`
		IBAN string `json:"iban"`
		PIN  string `json:"pin" activity:"secrte"`
	}
	fmt.Println(activitylog.CheckTags(Account{}))
	// Output:
	// activity tags: activitylog_test.Account.IBAN (string at /iban): no tag: write activity:"track", "ignore" or "secret"
	// activity tags: activitylog_test.Account.PIN (string at /pin): unknown word "secrte": did you mean "secret"?
}
