package payments

import "github.com/gin-gonic/gin"

func (s *server) routes(r gin.IRouter) {
	r.POST("/login", s.login)
	r.POST("/logout", s.logout)
	r.GET("/me", s.me)
	r.GET("/orgs", s.myOrgs)
	r.POST("/orgs", s.createOrg)

	// An invited person is no member yet and may answer all the same.
	invited := r.Group("/orgs/:org/members/:member", s.members.exists)
	invited.POST("/join", s.join)
	invited.POST("/decline", s.decline)

	// What is left is for members; an item comes before the role, see exists.
	org := r.Group("/orgs/:org", s.membership)
	org.GET("", s.orgs.get)
	org.PATCH("/profile", s.require(owner), s.updateProfile)

	s.members.reading(org, "/members")
	org.POST("/members", s.require(admin), s.invite)
	org.POST("/members/search", s.searchMembers)
	member := org.Group("/members/:member", s.members.exists, s.require(admin))
	member.PATCH("", s.updateMember)
	member.POST("/deactivate", s.deactivate)
	member.POST("/activate", s.activate)

	s.keys.reading(org, "/api-keys")
	org.POST("/api-keys", s.require(owner), s.createKey)
	key := org.Group("/api-keys/:key", s.keys.exists, s.require(owner))
	key.PATCH("", s.keys.patch)
	key.DELETE("", s.revokeKey)

	s.deposits.routes(org, "/deposit-accounts")
	s.providers.routes(org, "/provider-accounts")
	s.merchants.routes(org, "/merchant-accounts")
	s.schemesIn.routes(org, "/payment-routing-schemes")
	s.schemesOut.routes(org, "/payout-routing-schemes")
	s.fxSchemes.routes(org, "/fx-rate-schemes")
	s.fxSchemes.deletion(org, "/fx-rate-schemes")
	s.routesIn.replacement(org, "/payment-routes")
	s.routesOut.replacement(org, "/payout-routes")
	s.commerce.routes(org.Group("/commerce"))

	s.payments.reading(org, "/payments")
	org.POST("/payments/search", s.searchPayments)
	org.POST("/payments/:payment/process-manually", s.payments.exists, s.require(admin), s.processPayment)
	s.payouts.reading(org, "/payouts")
	org.POST("/payouts/process-manually", s.require(admin), s.processPayouts)
	org.POST("/payouts/:payout/process-manually", s.payouts.exists, s.require(admin), s.processPayout)
}

// routes adds the routes of items that people make and change.
func (s *collection[T, P]) routes(r gin.IRouter, path string) {
	s.reading(r, path)
	r.POST(path, s.server.require(admin), s.create)
	r.PATCH(path+"/:"+s.param, s.exists, s.server.require(admin), s.patch)
}

// reading adds the routes that every member may use.
func (s *collection[T, P]) reading(r gin.IRouter, path string) {
	r.GET(path, s.list)
	r.GET(path+"/:"+s.param, s.get)
}

// replacement adds the routes of items that are there from the beginning and
// are replaced as a whole.
func (s *collection[T, P]) replacement(r gin.IRouter, path string) {
	s.reading(r, path)
	r.PUT(path+"/:"+s.param, s.exists, s.server.require(admin), s.replace)
}

func (s *collection[T, P]) deletion(r gin.IRouter, path string) {
	r.DELETE(path+"/:"+s.param, s.exists, s.server.require(admin), s.remove)
}
