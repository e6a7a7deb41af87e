package payments

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog"
)

// login gives a bearer token for an email address and a password. Until it
// succeeds, the actor is nobody: a wrong password proves nothing.
func (s *server) login(c *gin.Context) {
	var body struct{ Email, Password string }
	if err := readJSON(c, &body); err != nil {
		fail(c, err)
		return
	}
	u, known := userByEmail(body.Email)
	if known { // an unknown address stays out of the log: people type passwords into it
		event(c).AddTarget(activitylog.Target{Type: "user", ID: u.ID, Name: u.Name})
		event(c).SetTenant(s.homeOf(u))
	}
	if !samePassword(body.Password, u.Password) || !known {
		fail(c, refuse(http.StatusUnauthorized, "email address or password is wrong"))
		return
	}
	p := principal{user: u, session: s.newID("ses")}
	if u.Support {
		p = principal{support: u, session: p.session}
	}
	identify(c, p)
	token := s.newID("tok")
	s.credentials.add(token, p)
	c.JSON(http.StatusOK, gin.H{"token": token, "user": u})
}

func (s *server) logout(c *gin.Context) {
	p := principalOf(c.Request.Context())
	event(c).SetTenant(s.homeOf(p.user))
	event(c).AddTarget(activitylog.Target{Type: "user", ID: p.actor().ID, Name: p.actor().Name})
	s.credentials.forget(func(other principal) bool { return other.session == p.session })
	c.Status(http.StatusNoContent)
}

func (s *server) me(c *gin.Context) {
	c.JSON(http.StatusOK, gin.H{"actor": principalOf(c.Request.Context()).actor()})
}

// homeOf returns the organisation in whose log the sessions of a user are: the
// first that the user is a member of.
func (s *server) homeOf(u User) string {
	for _, org := range s.orgs.all() {
		if len(s.members.table.list(org.ID, func(m *Member) bool { return m.Email == u.Email })) > 0 {
			return org.ID
		}
	}
	return ""
}

// samePassword compares in a time that tells nothing. The demo's passwords are
// no secret; those of real people are kept as slow, salted hashes.
func samePassword(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
