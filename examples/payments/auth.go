package payments

import (
	"context"
	"crypto/sha256"
	"net/http"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog"
)

// A role is what a member or an API key may do in its organisation; each role
// may do what the ones before it may.
type role string

const (
	viewer role = "viewer" // reads
	admin  role = "admin"  // changes what the organisation works with
	owner  role = "owner"  // changes the organisation and its API keys
)

var rank = map[role]int{viewer: 1, admin: 2, owner: 3}

// A principal is who makes a request.
type principal struct {
	user    User   // the one whose rights count; zero for an API key
	support User   // who acts as user, if not the user
	key     APIKey // or the API key
	session string // an id, never the token
}

func (p principal) actor() activitylog.Actor {
	switch {
	case p.key.ID != "":
		return activitylog.Actor{ID: p.key.ID, Type: activitylog.Service, Name: p.key.Name}
	case p.support.ID != "":
		a := p.support.actor()
		if p.user.ID != "" {
			a.OnBehalfOf = activitylog.Party{ID: p.user.ID, Name: p.user.Name}
		}
		return a
	default:
		return p.user.actor()
	}
}

// credentials holds who a bearer token belongs to. It keeps hashes only.
type credentials struct {
	mu     sync.RWMutex
	byHash map[[sha256.Size]byte]principal
}

func (c *credentials) add(token string, p principal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byHash == nil {
		c.byHash = make(map[[sha256.Size]byte]principal)
	}
	c.byHash[sha256.Sum256([]byte(token))] = p
}

func (c *credentials) find(token string) (principal, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	p, ok := c.byHash[sha256.Sum256([]byte(token))]
	return p, ok
}

// forget ends the validity of the tokens of the principals that match.
func (c *credentials) forget(match func(principal) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for hash, p := range c.byHash {
		if match(p) {
			delete(c.byHash, hash)
		}
	}
}

// authenticate finds out who makes the request and tells the activity log.
func (s *server) authenticate(c *gin.Context) {
	if c.FullPath() == "/login" {
		return
	}
	token, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
	if !ok {
		fail(c, refuse(http.StatusUnauthorized, "there is no bearer token"))
		return
	}
	p, ok := s.credentials.find(token)
	if !ok {
		fail(c, refuse(http.StatusUnauthorized, "the bearer token is not valid"))
		return
	}
	if id := c.GetHeader("X-Act-As"); id != "" {
		if p, ok = actAs(p, id); !ok {
			identify(c, p)
			fail(c, refuse(http.StatusForbidden, "only support may act as somebody else"))
			return
		}
		event(c).Set("support.ticket", c.GetHeader("X-Support-Ticket"))
	}
	identify(c, p)
}

// identify says to the activity log and to the handlers who makes the request.
func identify(c *gin.Context, p principal) {
	event(c).SetActor(p.actor())
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), principalKey{}, p))
}

// actAs gives a support engineer the rights of a user.
func actAs(p principal, id string) (principal, bool) {
	u, ok := userByID(id)
	if !ok || p.support.ID == "" {
		return p, false
	}
	p.user = u
	return p, true
}

type principalKey struct{}

func principalOf(ctx context.Context) principal {
	p, _ := ctx.Value(principalKey{}).(principal)
	return p
}

// sessionID is the middleware's question for the session of a request.
func sessionID(r *http.Request) string { return principalOf(r.Context()).session }

// requestID is the middleware's question for the id of a request. The client
// chose it, so it helps to find the request in the client's log and proves nothing.
func requestID(r *http.Request) string { return r.Header.Get("X-Request-Id") }

// membership ends the request unless its principal belongs to the organisation.
func (s *server) membership(c *gin.Context) {
	if _, err := s.orgs.find(c); err != nil {
		fail(c, err)
		return
	}
	if s.roleIn(c) == "" {
		fail(c, refuse(http.StatusForbidden, "only active members of %s may do this", c.Param("org")))
	}
}

// require ends the request unless its principal has a role, or one above it.
func (s *server) require(least role) gin.HandlerFunc {
	return func(c *gin.Context) {
		if has := s.roleIn(c); rank[has] < rank[least] {
			fail(c, refuse(http.StatusForbidden, "this needs the role %s, not %s", least, has))
		}
	}
}

// roleIn returns the role of the request's principal in the organisation of
// the path, or "".
func (s *server) roleIn(c *gin.Context) role {
	p, org := principalOf(c.Request.Context()), c.Param("org")
	if p.key.ID != "" {
		k, _ := s.keys.table.get(org, p.key.ID) // its role may have changed since
		return k.Role
	}
	for _, m := range s.members.table.list(org, func(m *Member) bool {
		return m.Email == p.user.Email && m.Status == active
	}) {
		return m.Role
	}
	return ""
}
