package payments

// A Route is a way that payments or payouts can take. Routes are there from
// the beginning; an organisation configures them.
type Route struct {
	Meta
	Named
	Provider string `json:"provider"`
	Priority int    `json:"priority"` // the lowest is tried first
	Enabled  bool   `json:"enabled"`
}

func (r *Route) invalid() (errs fieldsErrors) {
	errs.check(r.Name != "", "name", "is required")
	errs.check(r.Provider != "", "provider", "is required")
	errs.check(r.Priority >= 1 && r.Priority <= 100, "priority", "must be 1 to 100")
	return errs
}

// A RoutingScheme says which route a payment or payout takes.
type RoutingScheme struct {
	Meta
	Named
	Strategy string   `json:"strategy"`
	Routes   []string `json:"routes"`
}

func (s *RoutingScheme) invalid() (errs fieldsErrors) {
	errs.check(s.Name != "", "name", "is required")
	errs.oneOf("strategy", s.Strategy, "priority", "least_cost", "round_robin")
	errs.check(len(s.Routes) > 0, "routes", "must name one at least")
	return errs
}

// An FXRateScheme says at which rate money is exchanged.
type FXRateScheme struct {
	Meta
	Named
	Base   string `json:"base"`
	Source string `json:"source"`
	Markup int    `json:"markup_bps"` // hundredths of a per cent
}

func (s *FXRateScheme) invalid() (errs fieldsErrors) {
	errs.check(s.Name != "", "name", "is required")
	checkCurrency(&errs, "base", s.Base)
	errs.oneOf("source", s.Source, "ecb", "provider", "fixed")
	errs.check(s.Markup >= 0 && s.Markup <= 500, "markup_bps", "must be 0 to 500")
	return errs
}
