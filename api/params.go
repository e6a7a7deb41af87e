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
	"github.com/activitylog-go/activitylog/store"
)

// parameters are those of a list that are no keys of the query language.
var parameters = []string{"q", "limit", "cursor", "tz"}

// parseQuery reads the parameters of a list. Its errors are of type [*Error].
func parseQuery(raw string, now time.Time) (store.Query, error) {
	params, err := url.ParseQuery(raw)
	if err != nil {
		return store.Query{}, &Error{Message: "malformed URL query: " + err.Error()}
	}
	own := map[string]string{}
	for _, name := range parameters {
		if len(params[name]) > 1 {
			return store.Query{}, &Error{Message: fmt.Sprintf("%s is given %d times", name, len(params[name])), Parameter: name}
		}
		own[name] = params.Get(name)
		params.Del(name)
	}
	q := store.Query{Cursor: own["cursor"]}
	if q.Limit, err = parseLimit(own["limit"]); err != nil {
		return store.Query{}, err
	}
	zone, err := ParseZone(own["tz"])
	if err != nil {
		return store.Query{}, err
	}
	q.Filter, err = parseFilter(own["q"], params, query.Options{Now: now, Location: zone})
	return q, err
}

func parseLimit(text string) (int, error) {
	if text == "" {
		return store.DefaultLimit, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > store.MaxLimit {
		return 0, &Error{Message: fmt.Sprintf("limit must be a number from 1 to %d, not %q", store.MaxLimit, text), Parameter: "limit"}
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
func parseFilter(text string, flat url.Values, opts query.Options) (query.Query, error) {
	fromText, err := query.Parse(text, opts)
	if err != nil {
		return query.Query{}, textError(err)
	}
	fromFlat, err := query.FromValues(flat, opts)
	if err != nil {
		return query.Query{}, flatError(err, flat)
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
func flatError(err error, flat url.Values) error {
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
	if out.DidYouMean == "" && !slices.Contains(parameters, out.Parameter) {
		out.DidYouMean = suggest.Closest(strings.ToLower(out.Parameter), parameters)
	}
	return out
}
