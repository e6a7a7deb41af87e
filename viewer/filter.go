package viewer

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/activitylog-go/activitylog/query"
)

// A filter is what the reader asks for. A query holds times only, so what is
// relative to now is kept beside it as it was written: a list of the last day
// stays one, in every link.
type filter struct {
	query query.Query // what is asked for, as of now
	fixed query.Query // the same less last
	last  string      // "last:24h", or ""
}

var lastTerm = regexp.MustCompile(`(?i)(?:^|\s)last:\S+`)

// parseFilter reads the query text and the flat parameters; both must hold.
// Its errors are of type [*query.Error].
func parseFilter(text string, flat url.Values, opts query.Options) (filter, error) {
	q, err := query.Parse(text, opts)
	if err != nil {
		return filter{}, err
	}
	more, err := query.FromValues(flat, opts)
	if err != nil {
		return filter{}, err
	}
	f := splitLast(q, text, opts)
	f.query, f.fixed = query.And(f.query, more), query.And(f.fixed, more)
	return f, nil
}

// splitLast finds a last: in the text of q. What looks like one may be a part
// of something else, so the pieces must make q again.
func splitLast(q query.Query, text string, opts query.Options) filter {
	whole := filter{query: q, fixed: q}
	at := lastTerm.FindStringIndex(text)
	if at == nil {
		return whole
	}
	term := strings.ToLower(strings.TrimSpace(text[at[0]:at[1]]))
	last, err := query.Parse(term, opts)
	if err != nil {
		return whole
	}
	fixed, err := query.Parse(text[:at[0]]+" "+text[at[1]:], opts)
	if err != nil || query.And(fixed, last).String() != q.String() {
		return whole
	}
	return filter{query: q, fixed: fixed, last: term}
}

// String returns the canonical text of f.
func (f filter) String() string {
	return strings.TrimSpace(f.fixed.String() + " " + f.last)
}

// stable reports whether the canonical text of f is its own canonical text,
// without which a redirect to it might not be the last one.
func (f filter) stable(opts query.Options) bool {
	again, err := parseFilter(f.String(), nil, opts)
	return err == nil && again.String() == f.String()
}

// isZero reports whether f asks for every event.
func (f filter) isZero() bool { return f.String() == "" }

// only returns f with v as the one value of key.
func (f filter) only(key query.Key, v query.Value) filter {
	terms := slices.DeleteFunc(slices.Clone(f.fixed.Terms), func(t query.Term) bool { return t.Key == key })
	f.fixed.Terms = append(terms, query.Term{Key: key, Values: []query.Value{v}})
	return f
}

// exclude returns f without the events that have v as key.
func (f filter) exclude(key query.Key, v query.Value) filter {
	term := query.Term{Key: key, Negate: true, Values: []query.Value{v}}
	f.fixed = query.And(f.fixed, query.Query{Terms: []query.Term{term}})
	return f
}

// without returns f less one of its terms.
func (f filter) without(i int) filter {
	f.fixed.Terms = slices.Delete(slices.Clone(f.fixed.Terms), i, i+1)
	return f
}

// during returns f with last in place of every bound of time.
func (f filter) during(last string) filter {
	f.fixed.Since, f.fixed.Until, f.last = time.Time{}, time.Time{}, last
	return f
}

// valuesText returns the values of a term as they stand behind the colon.
func valuesText(t query.Term) string {
	_, text, _ := strings.Cut(query.Query{Terms: []query.Term{t}}.String(), ":")
	return text
}
