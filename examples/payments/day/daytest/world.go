package daytest

import (
	"encoding/json"
	"strings"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/examples/payments"
	"github.com/activitylog-go/activitylog/examples/payments/day"
)

// A world is what the check knows of the story's people as it goes on.
type world struct {
	users map[string]payments.User // by the name that steps use
	keys  map[string]string        // ids of API keys, by the same
	home  map[string]string        // organisations, by email address
	in    map[string]bool          // who is logged in
}

func newWorld() *world {
	w := &world{users: map[string]payments.User{}, keys: map[string]string{}, home: map[string]string{}, in: map[string]bool{}}
	for _, u := range payments.DemoUsers() {
		w.users[strings.TrimPrefix(u.ID, "usr_")] = u
	}
	for _, who := range []string{"ann", "bob", "kofi", "priya", "lena", "tomasz"} {
		w.home[w.users[who].Email] = "acme"
	}
	return w
}

func (w *world) actor(step day.Step) activitylog.Actor {
	who, as, _ := strings.Cut(step.Who, " as ")
	if id, ok := w.keys[who]; ok {
		return activitylog.Actor{ID: id, Type: activitylog.Service, Name: who}
	}
	loggedIn := w.in[who] || step.Code == "user:logged_in"
	if !loggedIn || step.Code == "user:login_failed" {
		return activitylog.Actor{Type: activitylog.Anonymous}
	}
	u := w.users[who]
	a := activitylog.Actor{ID: u.ID, Type: activitylog.User, Name: u.Name, Email: u.Email}
	if as != "" && u.Support {
		a.OnBehalfOf = activitylog.Party{ID: w.users[as].ID, Name: w.users[as].Name}
	}
	return a
}

func (w *world) tenant(step day.Step) string {
	who, _, _ := strings.Cut(step.Who, " as ")
	_, path, _ := strings.Cut(step.Do, " ")
	var body struct{ ID, Email string }
	if err := json.Unmarshal([]byte(step.Body), &body); err != nil {
		body.ID = "" // the story has malformed bodies too
	}
	switch parts := strings.Split(path, "/"); {
	case parts[1] == "login":
		return w.home[body.Email]
	case parts[1] == "orgs" && len(parts) > 2:
		return parts[2]
	case parts[1] == "orgs" && step.Status == 201:
		return body.ID
	default:
		return w.home[w.users[who].Email]
	}
}

func (w *world) happened(step day.Step, e activitylog.Event) {
	if e.Outcome != activitylog.Success {
		return
	}
	who, _, _ := strings.Cut(step.Who, " as ")
	switch e.Code {
	case "user:logged_in":
		w.in[who] = true
	case "user:logged_out":
		w.in[who] = false
	case "org:created":
		w.home[w.users[who].Email] = e.Tenant
	case "org.api_key:created":
		w.keys[e.Target().Name] = e.Target().ID
	case "org.member:invited":
		for _, u := range w.users {
			if u.Name == e.Target().Name {
				w.home[u.Email] = e.Tenant
			}
		}
	}
}
