package capture

import (
	"net/http"
	"strconv"
	"strings"
)

// Why there is no copy of a body. No part of the request is in these texts.
const (
	tooLong  = "it is longer than 64 KiB"
	notJSON  = "its content type is not JSON"
	encoded  = "it has a content encoding"
	unrouted = "its route was not known in time: pass WithServeMux or WithRoute"
	notRead  = "the handler did not read it"
	notWhole = "the handler did not read it whole"
	broken   = "it broke off"
	notYet   = "it is not there yet"
	hijacked = "the handler took the connection over"
)

// refusal returns why no copy can be made of a response with these headers, or
// "". A body that does not say what it is may be JSON: many a program forgets to.
func refusal(h http.Header, length int64) string {
	if !maybeJSON(h) {
		return notJSON
	}
	return unreadable(h, length)
}

// requestRefusal is refusal for a request. What it says of its type is the
// client's word, and few handlers look at it: curl -d says that JSON is a
// form. So only what the body is can tell, once it is there.
func requestRefusal(h http.Header, length int64) string {
	if strings.HasPrefix(strings.ToLower(h.Get("Content-Type")), "multipart/") {
		return notJSON
	}
	return unreadable(h, length)
}

func unreadable(h http.Header, length int64) string {
	if coding := h.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return encoded
	}
	if length > Limit {
		return tooLong
	}
	return ""
}

// maybeJSON reports whether the headers say that a body is JSON, or nothing.
func maybeJSON(h http.Header) bool {
	media := h.Get("Content-Type")
	return media == "" || isJSON(media)
}

// isJSON reports whether a content type is application/json or one with the
// suffix +json.
func isJSON(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.TrimSpace(media)
	const suffix = "+json"
	return strings.EqualFold(media, "application/json") ||
		len(media) > len(suffix) && strings.EqualFold(media[len(media)-len(suffix):], suffix)
}

// declaredLength returns the length that a response declares, or -1.
func declaredLength(h http.Header) int64 {
	if n, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64); err == nil {
		return n
	}
	return -1
}
