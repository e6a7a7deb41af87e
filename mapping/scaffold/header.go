package scaffold

import (
	"fmt"
	"slices"
	"strings"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

// A header is what a file says before its routes.
type header struct {
	prefixes     []string // strip_prefixes
	tenant       string   // the path parameter
	guessed      bool     // the tenant is no organisation or the like
	ownCatalogue bool     // catalogue: none
}

func newHeader(api []routes.Route, o Options) *header {
	h := &header{prefixes: findPrefixes(api, o.Prefixes)}
	h.findTenant(api)
	return h
}

// yaml returns the keys of the header.
func (h *header) yaml() string {
	var b strings.Builder
	b.WriteString("version: 1\n")
	if h.ownCatalogue {
		b.WriteString("catalogue: none\n")
	}
	if len(h.prefixes) > 0 {
		fmt.Fprintf(&b, "strip_prefixes: [%s]\n", strings.Join(mapped(h.prefixes, flowText), ", "))
	}
	if h.tenant != "" {
		fmt.Fprintf(&b, "tenant: {path: %s}", flowText(h.tenant))
		if h.guessed {
			b.WriteString(" # leads most routes; if it is no tenant, take this line out and write the file anew")
		}
		b.WriteByte('\n')
	}
	b.WriteString("infer: warn\n")
	return b.String()
}

func (h *header) write(b *strings.Builder, rules, doubtful int) {
	fmt.Fprintf(b, "# yaml-language-server: $schema=%s\n", Schema)
	fmt.Fprintf(b, "#\n# The activity log of this API: the %s that %s something, and what each is called.\n",
		count(rules, "route"), verbFor(rules, "changes", "change"))
	b.WriteString("# The file is yours: correct what reads wrong. \"activitylog init\" adds routes that\n# are new and leaves the rest as it is.\n")
	if doubtful > 0 {
		b.WriteString("# A comment that begins with \"or\" says how the route could be read otherwise.\n")
	}
	b.WriteString(h.yaml())
}

// ownShipped is how many of the shipped codes an API has that is of its kind.
const ownShipped = 10

// settle decides on every route of an API. If few codes, say that of a login,
// are of the shipped catalogue and all are the same without it, the file does
// without it: a list of this API's codes must not hold those of another.
func (h *header) settle(api []routes.Route) (*decisions, error) {
	with, err := h.decide(api)
	if err != nil || with.shipped() >= ownShipped {
		return with, err
	}
	own := *h
	own.ownCatalogue = true
	without, err := own.decide(api)
	if err != nil || !slices.EqualFunc(with.entries, without.entries, func(a, b entry) bool { return a.code == b.code }) {
		return with, err
	}
	*h = own
	return without, nil
}

// decide decides on every route as a file with this header would.
func (h *header) decide(api []routes.Route) (*decisions, error) {
	m, err := mapping.Parse("", []byte(h.yaml()))
	if err != nil {
		return nil, fmt.Errorf("scaffold: %w", err)
	}
	return decide(api, m, h.prefixes), nil
}
