package api

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/activitylog-go/activitylog/internal/suggest"
	"github.com/activitylog-go/activitylog/query"
)

// The parameters that are no keys of the query language.
var (
	listParameters  = []string{"q", "limit", "cursor", "tz"}
	countParameters = []string{"q", "limit", "tz"}
	facetParameters = []string{"key", "q", "limit", "tz"}
)

// params are the parameters of a URL: those of names, and the filter that all
// others make.
type params struct {
	values map[string]string
	filter query.Query
}

// parseParams reads the parameters of a URL. Its errors are of type [*Error].
func parseParams(raw string, names []string, now time.Time) (params, error) {
	all, err := url.ParseQuery(raw)
	if err != nil {
		return params{}, &Error{Message: "malformed URL query: " + err.Error()}
	}
	p := params{values: map[string]string{}}
	for _, name := range names {
		if len(all[name]) > 1 {
			return params{}, &Error{Message: fmt.Sprintf("%s is given %d times", name, len(all[name])), Parameter: name}
		}
		p.values[name] = all.Get(name)
		all.Del(name)
	}
	zone, err := ParseZone(p.values["tz"])
	if err != nil {
		return params{}, err
	}
	p.filter, err = parseFilter(p.values["q"], all, names, query.Options{Now: now, Location: zone})
	return p, err
}

// limit returns the parameter limit, which goes from 1 to most.
func (p params) limit(usual, most int) (int, error) {
	text := p.values["limit"]
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, &Error{Message: fmt.Sprintf("limit must be a number from 1 to %d, not %q", most, text), Parameter: "limit"}
	}
	return n, nil
}

// ParseZone returns the time zone that the parameter tz names; "" is UTC. The
// zone of the server has no name here: it is nobody's business. Its errors
// are of type [*Error].
func ParseZone(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || zone == time.Local {
		return nil, &Error{Message: fmt.Sprintf("unknown time zone %q, name it like Europe/Kyiv or UTC", name), Parameter: "tz"}
	}
	return zone, nil
}

// parseFilter reads the query text and the flat parameters; both must hold.
func parseFilter(text string, flat url.Values, names []string, opts query.Options) (query.Query, error) {
	fromText, err := query.Parse(text, opts)
	if err != nil {
		return query.Query{}, textError(err)
	}
	fromFlat, err := query.FromValues(flat, opts)
	if err != nil {
		return query.Query{}, flatError(err, flat, names)
	}
	return query.And(fromText, fromFlat), nil
}

func textError(err error) error {
	var bad *query.Error
	if !errors.As(err, &bad) {
		return err
	}
	return &Error{Message: bad.Msg, Parameter: "q", At: &bad.At, DidYouMean: bad.DidYouMean}
}

// flatError says of which parameter err speaks: its text is "name:value".
func flatError(err error, flat url.Values, names []string) error {
	var bad *query.Error
	if !errors.As(err, &bad) {
		return err
	}
	out := &Error{Message: bad.Msg, DidYouMean: bad.DidYouMean}
	for name, values := range flat {
		for _, value := range values {
			if bad.Text == name+":"+value {
				out.Parameter = name
			}
		}
	}
	value := len(out.Parameter) + 1
	if bad.At[0] >= value {
		out.At = &[2]int{bad.At[0] - value, bad.At[1] - value}
		return out
	}
	if out.DidYouMean == "" && !slices.Contains(names, out.Parameter) {
		out.DidYouMean = suggest.Closest(strings.ToLower(out.Parameter), names)
	}
	return out
}
