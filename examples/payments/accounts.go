package payments

import (
	"cmp"
	"regexp"
)

var (
	currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)
	categoryCode = regexp.MustCompile(`^[0-9]{4}$`)
)

// A DepositAccount is where an organisation's own money lies.
type DepositAccount struct {
	Meta
	Named
	Currency string `json:"currency"`
	Bank     string `json:"bank"`
	Status   string `json:"status"`
}

func (a *DepositAccount) complete() { a.Status = cmp.Or(a.Status, "open") }

func (a *DepositAccount) invalid() (errs fieldsErrors) {
	errs.check(a.Name != "", "name", "is required")
	errs.check(a.Bank != "", "bank", "is required")
	checkCurrency(&errs, "currency", a.Currency)
	errs.oneOf("status", a.Status, "open", "frozen")
	return errs
}

// A ProviderAccount is a contract with somebody who moves money.
type ProviderAccount struct {
	Meta
	Named
	Provider string   `json:"provider"`
	Methods  []string `json:"methods"`
	Status   string   `json:"status"`
}

func (a *ProviderAccount) complete() { a.Status = cmp.Or(a.Status, "test") }

func (a *ProviderAccount) invalid() (errs fieldsErrors) {
	errs.check(a.Name != "", "name", "is required")
	errs.check(a.Provider != "", "provider", "is required")
	errs.check(len(a.Methods) > 0, "methods", "must name one at least")
	errs.oneOf("status", a.Status, "test", "live", "suspended")
	return errs
}

// A MerchantAccount is the face under which an organisation takes money.
type MerchantAccount struct {
	Meta
	Named
	Currency   string `json:"currency"`
	Category   string `json:"category"` // ISO 18245
	Descriptor string `json:"descriptor,omitempty"`
}

func (a *MerchantAccount) invalid() (errs fieldsErrors) {
	errs.check(a.Name != "", "name", "is required")
	checkCurrency(&errs, "currency", a.Currency)
	errs.check(categoryCode.MatchString(a.Category), "category", "must be four digits")
	errs.check(len(a.Descriptor) <= 22, "descriptor", "may have 22 characters, as on a card statement")
	return errs
}

func checkCurrency(errs *fieldsErrors, field, code string) {
	errs.check(currencyCode.MatchString(code), field, "must be three capital letters, as in EUR")
}
