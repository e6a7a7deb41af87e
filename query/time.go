package query

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// The first and the last moment that a store can keep: nanoseconds since
// 1970 in 64 bits, from the year 1677 to 2262.
var (
	minTime = time.Unix(0, math.MinInt64)
	maxTime = time.Unix(0, math.MaxInt64)
)

// time reads the value of a key of time and narrows p.part to it.
func (p *parser) time(key *KeyInfo, negate bool, start int) error {
	keyAt := [2]int{start, p.pos - 1}
	if negate {
		return p.fault(keyAt, "a key of time cannot be negated; after: and before: name both ends")
	}
	if p.times[key.Name] {
		return p.fault(keyAt, "%s: stands twice; after: and before: together name a range", key.Name)
	}
	if p.times == nil {
		p.times = map[string]bool{}
	}
	p.times[key.Name] = true

	raw, err := p.raw(key)
	if err != nil {
		return err
	}
	if strings.HasPrefix(p.text[p.pos:], ",") {
		return p.fault([2]int{p.pos, p.pos + 1}, "%s: takes one value", key.Name)
	}
	since, until, ok := p.interval(key.Name, raw.text)
	if !ok || raw.glob {
		return p.fault(raw.at, "%s: wants %s, as in %s", key.Name, wanted(key.Name), key.Example)
	}
	if !representable(since) || !representable(until) {
		return p.fault(raw.at, "%s: out of range, times go from the year 1678 to 2261", key.Name)
	}
	p.part = And(p.part, Query{Since: since, Until: until})
	return nil
}

func wanted(key string) string {
	switch key {
	case keyLast:
		return "a duration in w, d, h, m and s"
	case keyOn:
		return "a date"
	default:
		return "a date or a time"
	}
}

// interval returns the bounds that a key of time sets; zero is none.
func (p *parser) interval(key, text string) (since, until time.Time, ok bool) {
	var none time.Time
	switch key {
	case keyAfter:
		since, ok = p.moment(text)
		return since, none, ok
	case keyBefore:
		until, ok = p.moment(text)
		return none, until, ok
	case keyOn:
		day, err := time.ParseInLocation(time.DateOnly, text, p.location())
		return day, day.AddDate(0, 0, 1), err == nil
	default:
		ago, err := ParseDuration(text)
		return p.now().Add(-ago), none, err == nil
	}
}

func representable(t time.Time) bool {
	return t.IsZero() || !t.Before(minTime) && !t.After(maxTime)
}

func (p *parser) now() time.Time {
	if p.opts.Now.IsZero() {
		return time.Now()
	}
	return p.opts.Now
}

func (p *parser) location() *time.Location {
	if p.opts.Location == nil {
		return time.UTC
	}
	return p.opts.Location
}

// moment reads a date, a time of the location or a time with its zone. Seconds
// may have a fraction: time.Parse accepts it unasked.
func (p *parser) moment(text string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, text, p.location()); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// ParseDuration reads "1w2d3h4m5s", or some of it, as last: does; a day has 24
// hours. A duration is longer than nothing.
func ParseDuration(text string) (time.Duration, error) {
	if d, ok := parseDuration(text); ok {
		return d, nil
	}
	return 0, fmt.Errorf("duration %q: want a number of w, d, h, m or s, as in 90d", text)
}

func parseDuration(s string) (time.Duration, bool) {
	units := []struct {
		name string
		unit time.Duration
	}{{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}

	var sum time.Duration
	for _, u := range units {
		number, rest, ok := strings.Cut(s, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(number, 10, 32)
		if err != nil || time.Duration(n) > (math.MaxInt64-sum)/u.unit {
			return 0, false
		}
		sum += time.Duration(n) * u.unit
		s = rest
	}
	return sum, s == "" && sum > 0
}
