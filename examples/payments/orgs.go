package payments

import (
	"net/http"
	"regexp"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog"
)

// An Org is an organisation. Its id is a word that its founder chooses.
type Org struct {
	Meta
	Named
	Country string `json:"country"`
	Website string `json:"website,omitempty"`
}

var (
	slug    = regexp.MustCompile(`^[a-z][a-z0-9-]{1,30}$`)
	country = regexp.MustCompile(`^[A-Z]{2}$`)
)

func (o *Org) key() string { return o.ID } // names need not be unique

func (o *Org) invalid() (errs fieldsErrors) {
	errs.check(o.Name != "", "name", "is required")
	errs.check(country.MatchString(o.Country), "country", "must be two capital letters, as in PT")
	return errs
}

// createOrg makes an organisation, of which its founder is the owner.
func (s *server) createOrg(c *gin.Context) {
	var o Org
	if err := readJSON(c, &o); err != nil {
		fail(c, err)
		return
	}
	u := principalOf(c.Request.Context()).user
	event(c).SetTenant(s.homeOf(u)) // until there is a new organisation
	event(c).AddTarget(activitylog.Target{Type: s.orgs.kind, ID: o.ID, Name: o.Name})
	id := o.ID
	o.Meta = s.orgs.newMeta(id)
	o.ID = id
	errs := o.invalid()
	errs.check(slug.MatchString(id), "id", "must be 2 to 31 letters, digits and hyphens")
	errs.check(u.ID != "", "owner", "must be a person, not an API key")
	if len(errs) > 0 {
		fail(c, errs)
		return
	}
	if err := s.orgs.insert(o); err != nil {
		fail(c, refuse(http.StatusConflict, "the id is taken")) // whose it is does not hear of it
		return
	}
	s.furnish(o, u)
	event(c).SetTenant(id)
	c.JSON(http.StatusCreated, o)
}

// furnish gives a new organisation its owner and its routes.
func (s *server) furnish(o Org, founder User) {
	put(s.members, Member{
		Meta: s.members.newMeta(o.ID), Name: founder.Name, Email: founder.Email, Role: owner, Status: active,
	})
	put(s.routesIn, Route{s.routesIn.newMeta(o.ID), Named{"Cards"}, "Cardwell", 1, false})
	put(s.routesOut, Route{s.routesOut.newMeta(o.ID), Named{"Bank transfer"}, "Eurobank", 1, false})
}

// updateProfile changes what an organisation says of itself.
func (s *server) updateProfile(c *gin.Context) {
	o, err := s.orgs.find(c)
	if err != nil {
		fail(c, err)
		return
	}
	event(c).AddTarget(s.orgs.target(&o))
	s.orgs.patch(c)
}

// myOrgs lists the organisations of who asks.
func (s *server) myOrgs(c *gin.Context) {
	email := principalOf(c.Request.Context()).user.Email
	mine := []Org{}
	for _, org := range s.orgs.all() {
		if len(s.members.table.list(org.ID, func(m *Member) bool { return m.Email == email })) > 0 {
			mine = append(mine, org)
		}
	}
	c.JSON(http.StatusOK, gin.H{"items": mine})
}
