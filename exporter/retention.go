package activitylogexporter

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// A RetentionRule says how long the events of a tenant, of a code or of both
// stay. The first rule that names an event decides; one that no rule names
// stays for ever, and so does one on hold.
type RetentionRule struct {
	// Tenant is the id of a tenant; "" is every one.
	Tenant string `mapstructure:"tenant"`

	// Code is a code, in which * stands for anything, as in user:*; "" is every one.
	Code string `mapstructure:"code"`

	// Keep is how long an event stays after the store took it, in weeks, days,
	// hours, minutes and seconds: 90d. Required.
	Keep string `mapstructure:"keep"`
}

// Validate reports every problem with r.
func (r *RetentionRule) Validate() error {
	if _, err := query.ParseDuration(r.Keep); err != nil {
		return fmt.Errorf("keep: %w", err)
	}
	return nil
}

// String returns r as a person would say it.
func (r *RetentionRule) String() string {
	text := "keep " + r.Keep
	if filter := (region{tenant: r.Tenant, code: r.Code}).filter().String(); filter != "" {
		text += " of " + filter
	}
	return text
}

// Prunes returns what rules have to have pruned at a time; no event is named by
// two of them. The error reports every problem with the rules.
func Prunes(rules []RetentionRule, now time.Time) ([]store.Prune, error) {
	var errs []error
	for i, r := range rules {
		if err := r.Validate(); err != nil {
			errs = append(errs, fmt.Errorf("retention::%d: %w", i, err))
		}
	}
	if err := errors.Join(append(errs, checkRetention(rules))...); err != nil {
		return nil, err
	}
	return prunes(rules, now), nil
}

// prunes is Prunes for rules that are valid.
func prunes(rules []RetentionRule, now time.Time) []store.Prune {
	var all []store.Prune
	for i, r := range rules {
		keep, _ := query.ParseDuration(r.Keep)
		for _, left := range regions(r, rules[:i]) {
			all = append(all, store.Prune{
				Filter:    left.filter(),
				Before:    now.Add(-keep),
				Authority: store.Authority{By: "retention", Reason: r.String()},
			})
		}
	}
	return all
}

// checkRetention reports the rules that can never apply and those that no
// store can follow.
func checkRetention(rules []RetentionRule) error {
	var errs []error
	for i, r := range rules {
		left := regions(r, rules[:i])
		if len(left) == 0 {
			errs = append(errs, fmt.Errorf("retention::%d: the rules before it name all of its events, put it before them", i))
		}
		for _, part := range left {
			if err := (store.Prune{Filter: part.filter(), Before: time.Now()}).Check(); err != nil {
				errs = append(errs, fmt.Errorf("retention::%d: %w", i, err))
			}
		}
	}
	return errors.Join(errs...)
}

// A region is a set of events, as a query without brackets can name it.
type region struct {
	tenant, code         string   // "" is every one
	notTenants, notCodes []string // what is not in it
}

// regions returns what is left of the events of r when those of the rules
// before it are taken away. No event is in two of them.
func regions(r RetentionRule, before []RetentionRule) []region {
	left := []region{{tenant: r.Tenant, code: r.Code}}
	for _, b := range before {
		var rest []region
		for _, part := range left {
			rest = append(rest, part.without(b)...)
		}
		left = rest
	}
	return left
}

// without returns g less the events of r: those of other tenants, and of its
// tenant those of other codes.
func (g region) without(r RetentionRule) []region {
	if g.tenant != "" && r.Tenant != "" && g.tenant != r.Tenant || slices.Contains(g.notTenants, r.Tenant) {
		return []region{g}
	}
	var rest []region
	if r.Tenant != "" && g.tenant == "" {
		others := g
		others.notTenants = append(slices.Clone(g.notTenants), r.Tenant)
		rest = append(rest, others)
		g.tenant, g.notTenants = r.Tenant, nil
	}
	if r.Code != "" && r.Code != g.code {
		g.notCodes = append(slices.Clone(g.notCodes), r.Code)
		rest = append(rest, g)
	}
	return rest
}

func (g region) filter() query.Query {
	var q query.Query
	add := func(key query.Key, negate bool, texts ...string) {
		t := query.Term{Key: key, Negate: negate}
		for _, text := range texts {
			t.Values = append(t.Values, query.Value{Text: text, Glob: key == query.Event && strings.Contains(text, "*")})
		}
		if len(texts) > 0 {
			q.Terms = append(q.Terms, t)
		}
	}
	if g.tenant != "" {
		add(query.Tenant, false, g.tenant)
	}
	if g.code != "" {
		add(query.Event, false, g.code)
	}
	add(query.Tenant, true, g.notTenants...)
	add(query.Event, true, g.notCodes...)
	return q
}
