package engine

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/activitylog-go/activitylog"
)

// An Origin is what a request said of itself before its handler ran: handlers
// strip prefixes, rewrite addresses and remove headers.
type Origin struct {
	Method                  string
	Path                    string // as the client sent it
	Routed                  string // as the router is to see it: a prefix may be stripped
	Query                   string
	long                    bool // the request line is so long that no part of it may keep it in memory
	client, peer, userAgent string
	detached                detached // processors may keep it
}

// Origin reads r.
func (e *Engine) Origin(r *http.Request) Origin {
	peer, addr := peerAddress(r.RemoteAddr)
	client := peer
	if len(e.TrustedProxies) > 0 && e.trusts(addr) {
		client = e.behindProxies(addr, r.Header["X-Forwarded-For"])
	}
	routed := r.URL.EscapedPath()
	path := routed
	if strings.HasPrefix(r.RequestURI, "/") {
		path, _, _ = strings.Cut(r.RequestURI, "?")
	}
	return Origin{
		Method:    constant(r.Method),
		Path:      path,
		Routed:    routed,
		Query:     r.URL.RawQuery,
		long:      len(r.RequestURI) > activitylog.MaxString,
		client:    client,
		peer:      peer,
		userAgent: r.UserAgent(),
	}
}

// constant returns the method as a string of its own: that of a request is a
// part of the request line.
func constant(method string) string {
	for _, m := range [...]string{"POST", "PUT", "PATCH", "DELETE", "GET", "HEAD"} {
		if m == method {
			return m
		}
	}
	return strings.Clone(method)
}

// detach copies what may be a part of the request line.
func detach(event *activitylog.Event) {
	event.HTTP.Path = strings.Clone(event.HTTP.Path)
	event.Tenant = strings.Clone(event.Tenant)
	for i := range event.Targets {
		t := &event.Targets[i]
		t.ID, t.Name = strings.Clone(t.ID), strings.Clone(t.Name)
	}
}

func (o *Origin) source() activitylog.Source {
	return activitylog.Source{ClientAddress: o.client, PeerAddress: o.peer, UserAgent: o.userAgent}
}

// peerAddress returns the address in a Request.RemoteAddr, as text and, if it
// is one, as an IP address. That of a Unix socket is any text.
func peerAddress(remote string) (string, netip.Addr) {
	addr, ok := parseHop(remote)
	if !ok {
		return remote, netip.Addr{}
	}
	if host, _, found := strings.Cut(remote, ":"); found && addr.Is4() && isDotted(host) {
		return host, addr // the usual case, without an allocation
	}
	return addr.String(), addr
}

func isDotted(host string) bool { return strings.Count(host, ".") == 3 }

// maxHops bounds the walk through X-Forwarded-For, which a client can make long.
const maxHops = 64

// behindProxies returns the address of the last hop that is no trusted proxy.
// Each proxy appends the address that it saw, so only the right end of the
// list is vouched for: the walk ends at the first hop that is not trusted or
// that is no address.
func (e *Engine) behindProxies(peer netip.Addr, lines []string) string {
	client := peer
	hops := 0
	for i := len(lines) - 1; i >= 0; i-- {
		for rest, more := lines[i], true; more; hops++ {
			comma := strings.LastIndexByte(rest, ',')
			hop, ok := parseHop(strings.TrimSpace(rest[comma+1:]))
			if !ok || hops == maxHops {
				return client.String()
			}
			client = hop.WithZone("") // a zone means nothing on another machine
			if !e.trusts(client) {
				return client.String()
			}
			if more = comma >= 0; more {
				rest = rest[:comma]
			}
		}
	}
	return client.String()
}

func (e *Engine) trusts(addr netip.Addr) bool {
	addr = addr.WithZone("") // no prefix contains an address with a zone
	for _, prefix := range e.TrustedProxies {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// parseHop reads an IP address with or without a port, IPv6 with or without
// brackets. An IPv4 address in IPv6 form becomes IPv4, so that there is one
// text and one prefix for it.
func parseHop(s string) (netip.Addr, bool) {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap(), true
	}
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		s = s[1 : len(s)-1]
		if !strings.Contains(s, ":") {
			return netip.Addr{}, false
		}
	}
	addr, err := netip.ParseAddr(s)
	return addr.Unmap(), err == nil
}
