package payments

import (
	"cmp"
	"net/http"

	"github.com/gin-gonic/gin"
)

// A Scheme bundles the services that a commerce account may use.
type Scheme struct {
	Meta
	Named
	Currency string `json:"currency"`
}

func (s *Scheme) invalid() (errs fieldsErrors) {
	errs.check(s.Name != "", "name", "is required")
	checkCurrency(&errs, "currency", s.Currency)
	return errs
}

// A SchemeService is a service of a scheme and its fee.
type SchemeService struct {
	Meta
	Named
	Scheme  string `json:"scheme"`
	Enabled bool   `json:"enabled"`
	Fee     int    `json:"fee_bps"` // hundredths of a per cent
	Minimum int64  `json:"minimum,omitempty"`
}

func (s *SchemeService) key() string { return s.Scheme + "/" + s.Name }

func (s *SchemeService) invalid() (errs fieldsErrors) {
	errs.check(s.Fee >= 0 && s.Fee <= 1000, "fee_bps", "must be 0 to 1000")
	errs.check(s.Minimum >= 0, "minimum", "must not be negative")
	return errs
}

// A CommerceAccount is a shop that works under a scheme.
type CommerceAccount struct {
	Meta
	Named
	Scheme string `json:"scheme"`
	Status string `json:"status"`
}

func (a *CommerceAccount) complete() { a.Status = cmp.Or(a.Status, "active") }

func (a *CommerceAccount) invalid() (errs fieldsErrors) {
	errs.check(a.Name != "", "name", "is required")
	errs.check(a.Scheme != "", "scheme", "is required")
	errs.oneOf("status", a.Status, "active", "closed")
	return errs
}

// commerce is the part of the API for those who sell for others.
type commerce struct {
	schemes  *collection[Scheme, *Scheme]
	payments *collection[SchemeService, *SchemeService]
	payouts  *collection[SchemeService, *SchemeService]
	accounts *collection[CommerceAccount, *CommerceAccount]
}

func newCommerce(s *server) commerce {
	return commerce{
		schemes:  newCollection[Scheme](s, "scheme", "sch", "scheme"),
		payments: newCollection[SchemeService](s, "scheme_payment_service", "sps", "service"),
		payouts:  newCollection[SchemeService](s, "scheme_payout_service", "spo", "service"),
		accounts: newCollection[CommerceAccount](s, "account", "cacc", "account"),
	}
}

func (m commerce) routes(r gin.IRouter) {
	m.schemes.reading(r, "/schemes")
	admins := m.schemes.server.require(admin)
	r.POST("/schemes", admins, m.createScheme)
	r.PATCH("/schemes/:scheme", m.schemes.exists, admins, m.schemes.patch)
	r.GET("/schemes/:scheme/payment-services", services(m.payments))
	r.GET("/schemes/:scheme/payout-services", services(m.payouts))
	r.PUT("/schemes/:scheme/payment-services/:service", m.service(m.payments), admins, updateService(m.payments))
	r.PUT("/schemes/:scheme/payout-services/:service", m.service(m.payouts), admins, updateService(m.payouts))
	m.accounts.routes(r, "/accounts")
}

// createScheme makes a scheme with the services that every scheme has.
func (m commerce) createScheme(c *gin.Context) {
	var scheme Scheme
	if err := readJSON(c, &scheme); err != nil {
		fail(c, err)
		return
	}
	if !m.schemes.keep(c, &scheme) {
		return
	}
	if err := m.addServices(scheme); err != nil {
		fail(c, err)
		return
	}
	c.JSON(http.StatusCreated, scheme)
}

func (m commerce) addServices(scheme Scheme) error {
	add := func(s *collection[SchemeService, *SchemeService], name string, fee int) error {
		return s.insert(SchemeService{
			Meta: s.newMeta(scheme.Org), Named: Named{name}, Scheme: scheme.ID, Enabled: true, Fee: fee,
		})
	}
	if err := add(m.payments, "card", 140); err != nil {
		return err
	}
	if err := add(m.payments, "bank transfer", 25); err != nil {
		return err
	}
	return add(m.payouts, "bank transfer", 20)
}

// services lists those of one scheme.
func services(s *collection[SchemeService, *SchemeService]) gin.HandlerFunc {
	return func(c *gin.Context) {
		id := c.Param("scheme")
		c.JSON(http.StatusOK, gin.H{"items": s.table.list(c.Param("org"), func(v *SchemeService) bool {
			return v.Scheme == id
		})})
	}
}

// service goes in front of the handlers of one service, as exists does, and
// says which scheme it belongs to.
func (m commerce) service(s *collection[SchemeService, *SchemeService]) gin.HandlerFunc {
	return func(c *gin.Context) {
		s.exists(c)
		if !c.IsAborted() {
			m.schemes.exists(c) // the second target
		}
		if scheme, err := m.schemes.find(c); err == nil {
			event(c).Set("scheme", scheme.Name)
		}
	}
}

// updateService replaces what a service costs; its name and scheme stay.
func updateService(s *collection[SchemeService, *SchemeService]) gin.HandlerFunc {
	return func(c *gin.Context) {
		var next SchemeService
		if err := readJSON(c, &next); err != nil {
			fail(c, err)
			return
		}
		s.change(c, func(now SchemeService) (SchemeService, error) {
			if now.Scheme != c.Param("scheme") {
				return now, errAbsent
			}
			next.Named, next.Scheme = now.Named, now.Scheme
			return next, nil
		})
	}
}
