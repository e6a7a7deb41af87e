package payments

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// An APIKey lets a program act for an organisation. Its secret is shown once,
// when it is made, and kept nowhere.
type APIKey struct {
	Meta
	Named
	Role role `json:"role"`
}

func (k *APIKey) invalid() (errs fieldsErrors) {
	errs.check(k.Name != "", "name", "is required")
	errs.oneOf("role", string(k.Role), string(viewer), string(admin))
	return errs
}

func (s *server) createKey(c *gin.Context) {
	var k APIKey
	if err := readJSON(c, &k); err != nil {
		fail(c, err)
		return
	}
	if !s.keys.keep(c, &k) {
		return
	}
	secret := s.newID("sk")
	s.credentials.add(secret, principal{key: k})
	c.JSON(http.StatusCreated, struct {
		APIKey
		Secret string `json:"secret"`
	}{k, secret})
}

// revokeKey deletes a key and ends its validity.
func (s *server) revokeKey(c *gin.Context) {
	id := c.Param("key")
	s.credentials.forget(func(p principal) bool { return p.key.ID == id })
	s.keys.remove(c)
}
