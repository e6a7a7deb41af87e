package payments

import "github.com/activitylog-go/activitylog"

// A User is a person who can log in.
type User struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"-"`
	Support  bool   `json:"support,omitempty"` // works for the operator of the API
}

func (u User) actor() activitylog.Actor {
	return activitylog.Actor{ID: u.ID, Type: activitylog.User, Name: u.Name, Email: u.Email}
}

var users = []User{
	{ID: "usr_ann", Name: "Ann Lee", Email: "ann@acme.example", Password: "plum-harbour-31"},
	{ID: "usr_bob", Name: "Bob Ito", Email: "bob@acme.example", Password: "quiet-cedar-58"},
	{ID: "usr_kofi", Name: "Kofi Mensah", Email: "kofi@acme.example", Password: "amber-river-07"},
	{ID: "usr_priya", Name: "Priya Raman", Email: "priya@acme.example", Password: "seven-lanterns-44"},
	{ID: "usr_lena", Name: "Lena Vogel", Email: "lena@acme.example", Password: "grey-heron-92"},
	{ID: "usr_tomasz", Name: "Tomasz Zieliński", Email: "tomasz@acme.example", Password: "salt-meadow-16"},
	{ID: "usr_mateus", Name: "Mateus Oliveira", Email: "mateus@acme.example", Password: "paper-comet-73"},
	{ID: "usr_olena", Name: "Olena Koval", Email: "olena@studio.example", Password: "winter-apple-25"},
	{ID: "usr_soren", Name: "Søren Dahl", Email: "soren@nordwind.example", Password: "north-ladder-80"},
	{ID: "usr_yuki", Name: "田中 由紀", Email: "yuki@nordwind.example", Password: "blue-teacup-19"},
	{ID: "usr_chloe", Name: "Chloé Martin", Email: "chloe@nordwind.example", Password: "stone-violin-66"},
	{ID: "usr_maya", Name: "Maya Cohen", Email: "maya@support.example", Password: "brass-kettle-03", Support: true},
}

// DemoUsers returns the people who can log in, with the passwords that only
// a demo has in its source.
func DemoUsers() []User { return append([]User(nil), users...) }

func userByID(id string) (User, bool) {
	return find(func(u User) bool { return u.ID == id })
}

func userByEmail(email string) (User, bool) {
	return find(func(u User) bool { return u.Email == email })
}

func find(match func(User) bool) (User, bool) {
	for _, u := range users {
		if match(u) {
			return u, true
		}
	}
	return User{}, false
}
