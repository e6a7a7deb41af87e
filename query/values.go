package query

import (
	"maps"
	"net/url"
	"slices"
)

// FromValues returns the query that parameters of a URL stand for:
//
//	?actor=ann&event=org.member:*&-outcome=failure
//
// Each is a term, its name the key and its value what may stand behind the
// colon, spaces included: commas, * and quotes mean the same as in [Parse].
// A parameter without a value is a field of a form that was left empty; it is
// passed over. A parameter that is no key is an error, so the caller removes
// its own first. An error is an [*Error] whose Text is that of one parameter.
func FromValues(params url.Values, opts Options) (Query, error) {
	p := parser{opts: opts, flat: true}
	length := 0
	for _, name := range slices.Sorted(maps.Keys(params)) {
		for _, value := range params[name] {
			if value == "" {
				continue
			}
			p.text, p.pos = name+":"+value, 0
			if length += len(p.text); length > MaxText {
				return Query{}, p.fault([2]int{0, 0}, "the parameters are longer than %d bytes", MaxText)
			}
			if err := p.parameter(name); err != nil {
				return Query{}, err
			}
		}
	}
	return p.finish(Query{})
}

// parameter reads p.text, whose key is known to be name: a name may not
// smuggle in a colon of its own.
func (p *parser) parameter(name string) error {
	if err := p.checkText(); err != nil {
		return err
	}
	key, negate, err := p.key(0, len(name))
	if err != nil {
		return err
	}
	p.pos = len(name) + 1
	if key.Kind == KindTime {
		return p.time(key, negate, 0)
	}
	return p.list(key, negate)
}
