package viewer

import (
	"net/url"
	"strings"
	"time"

	"github.com/activitylog-go/activitylog/query"
)

// links makes the URLs of one page's links, relative to that page.
type links struct {
	root string // the list: "./" or "../"
	zone *time.Location
}

// list returns the URL of a page of the list that f selects.
func (l links) list(f filter, cursor string) string {
	return l.root + l.query(f, cursor)
}

// event returns the URL of the page of an event, from which f leads back.
func (l links) event(id string, f filter) string {
	return l.root + "events/" + url.PathEscape(id) + l.query(f, "")
}

// query returns the one form in which a page is asked for: equal questions
// have equal URLs.
func (l links) query(f filter, cursor string) string {
	var parts []string
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+"="+escape(value))
		}
	}
	add("q", f.String())
	add("tz", zoneParam(l.zone))
	add("cursor", cursor)
	if len(parts) == 0 {
		return ""
	}
	return "?" + strings.Join(parts, "&")
}

// narrow returns the links to the events that have v as key, and to those
// that have not.
func (l links) narrow(f filter, key query.Key, v query.Value) (only, exclude string) {
	return l.list(f.only(key, v), ""), l.list(f.exclude(key, v), "")
}

// zoneParam returns zone as the parameter tz, which is left out for UTC.
func zoneParam(zone *time.Location) string {
	if zone == time.UTC {
		return ""
	}
	return zone.String()
}

// readable are the characters that queries are full of and that may stand in
// the query of a URL as they are.
var readable = strings.NewReplacer("%3A", ":", "%2C", ",", "%2F", "/", "%2A", "*")

func escape(value string) string { return readable.Replace(url.QueryEscape(value)) }
