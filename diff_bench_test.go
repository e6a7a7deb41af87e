package activitylog_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
)

type profile struct {
	ID, Name, Email, Phone, Role, Status string
	Street, City, Zip, Country, Language string
	Limit, Version, Logins               int64
	Active, Verified                     bool
	Created, Updated                     time.Time
	Balance                              money
	Roles                                []string
}

// BenchmarkDiff measures Diff of a struct with 20 fields of which two differ,
// beside what it would cost to encode both values.
func BenchmarkDiff(b *testing.B) {
	now := time.Now()
	old := profile{
		ID: "usr_1", Name: "Bob Ito", Email: "bob@example.com", Phone: "+49301234", Role: "viewer", Status: "active",
		Street: "Main Street 1", City: "Berlin", Zip: "10115", Country: "DE", Language: "de", Limit: 100_000, Version: 3, Logins: 17,
		Active: true, Created: now, Updated: now, Balance: money{Currency: "EUR"}, Roles: []string{"viewer", "billing"},
	}
	new := old
	new.Role, new.Version, new.Roles = "admin", 4, []string{"viewer", "billing"}
	before, _ := json.Marshal(old)
	after, _ := json.Marshal(new)

	for _, bb := range []struct {
		name string
		f    func()
	}{
		{"marshal", func() { _, _ = json.Marshal(&old); _, _ = json.Marshal(&new) }},
		{"structs", func() { activitylog.Diff(&old, &new) }},
		{"equal", func() { activitylog.Diff(&old, &old) }},
		{"unmarshal", func() { var a, b any; _, _ = json.Unmarshal(before, &a), json.Unmarshal(after, &b) }},
		{"texts", func() { activitylog.Diff(before, after) }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				bb.f()
			}
		})
	}
}
