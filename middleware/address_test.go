package middleware_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

func TestAddress(t *testing.T) {
	proxies := []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8"), netip.MustParsePrefix("fe80::/10"),
	}
	for _, tt := range []struct {
		name         string
		remote       string
		forwarded    []string // header lines
		proxies      []netip.Prefix
		client, peer string
	}{
		{"direct", "203.0.113.7:1234", nil, nil, "203.0.113.7", "203.0.113.7"},
		{"header not asked for", "10.0.0.1:1234", []string{"198.51.100.1"}, nil, "10.0.0.1", "10.0.0.1"},
		{"header from a stranger", "203.0.113.7:1234", []string{"198.51.100.1"}, proxies, "203.0.113.7", "203.0.113.7"},
		{"one proxy", "10.0.0.1:1234", []string{"198.51.100.1"}, proxies, "198.51.100.1", "10.0.0.1"},
		{"two proxies", "10.0.0.1:1234", []string{"198.51.100.1, 10.0.0.2"}, proxies, "198.51.100.1", "10.0.0.1"},
		{"forged left end", "10.0.0.1:1234", []string{"1.1.1.1, 10.9.9.9, 198.51.100.1, 10.0.0.2"}, proxies, "198.51.100.1", "10.0.0.1"},
		{"several lines", "10.0.0.1:1234", []string{"1.1.1.1", "198.51.100.1", "10.0.0.2,10.0.0.3"}, proxies, "198.51.100.1", "10.0.0.1"},
		{"proxies only", "10.0.0.1:1234", []string{"10.0.0.3, 10.0.0.2"}, proxies, "10.0.0.3", "10.0.0.1"},
		{"no header", "10.0.0.1:1234", nil, proxies, "10.0.0.1", "10.0.0.1"},
		{"malformed hop ends the walk", "10.0.0.1:1234", []string{"198.51.100.1, unknown, 10.0.0.2"}, proxies, "10.0.0.2", "10.0.0.1"},
		{"malformed first hop", "10.0.0.1:1234", []string{"198.51.100.1, <script>"}, proxies, "10.0.0.1", "10.0.0.1"},
		{"empty hop ends the walk", "10.0.0.1:1234", []string{"198.51.100.1,,10.0.0.2"}, proxies, "10.0.0.2", "10.0.0.1"},
		{"empty line", "10.0.0.1:1234", []string{""}, proxies, "10.0.0.1", "10.0.0.1"},
		{"leading zeros are malformed", "10.0.0.1:1234", []string{"010.0.0.1"}, proxies, "10.0.0.1", "10.0.0.1"},
		{"port", "10.0.0.1:1234", []string{"198.51.100.1:55"}, proxies, "198.51.100.1", "10.0.0.1"},
		{"IPv6", "[fd00::1]:1234", []string{"2001:db8::7"}, proxies, "2001:db8::7", "fd00::1"},
		{"IPv6 in brackets", "[fd00::1]:1234", []string{"[2001:DB8::7]"}, proxies, "2001:db8::7", "fd00::1"},
		{"IPv6 with port", "[fd00::1]:1234", []string{"[2001:db8::7]:443, fd00::2"}, proxies, "2001:db8::7", "fd00::1"},
		{"IPv4 in brackets is malformed", "10.0.0.1:1234", []string{"[198.51.100.1]"}, proxies, "10.0.0.1", "10.0.0.1"},
		{"zone of the peer", "[fe80::1%eth0]:1234", []string{"198.51.100.1"}, proxies, "198.51.100.1", "fe80::1%eth0"},
		{"zone of a hop", "10.0.0.1:1234", []string{"2001:db8::7%evil\x00zone"}, proxies, "2001:db8::7", "10.0.0.1"},
		{"mapped peer", "[::ffff:10.0.0.1]:1234", []string{"198.51.100.1"}, proxies, "198.51.100.1", "10.0.0.1"},
		{"mapped hop", "10.0.0.1:1234", []string{"198.51.100.1, ::ffff:10.0.0.2"}, proxies, "198.51.100.1", "10.0.0.1"},
		{"mapped client", "10.0.0.1:1234", []string{"::ffff:198.51.100.1"}, proxies, "198.51.100.1", "10.0.0.1"},
		{"socket", "@", []string{"198.51.100.1"}, proxies, "@", "@"},
		{"no address", "", []string{"198.51.100.1"}, proxies, "", ""},
		{"address without port", "203.0.113.7", nil, nil, "203.0.113.7", "203.0.113.7"},
		{"endless header", "10.0.0.1:1234", []string{"198.51.100.1, " + strings.Repeat("10.0.0.2, ", 100_000) + "10.0.0.3"}, proxies, "10.0.0.2", "10.0.0.1"},
	} {
		rec := new(activitylogtest.Recorder)
		mux := http.NewServeMux()
		mux.HandleFunc("PUT /things/{id}", func(_ http.ResponseWriter, r *http.Request) {
			// What a handler does to its request is no evidence.
			r.RemoteAddr = "1.1.1.1:1"
			r.Header.Set("X-Forwarded-For", "1.1.1.1")
		})
		h := middleware.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithTrustedProxies(tt.proxies...))(mux)
		r := httptest.NewRequest("PUT", "/things/1", nil)
		r.RemoteAddr = tt.remote
		r.Header["X-Forwarded-For"] = tt.forwarded
		r.Header.Set("X-Real-Ip", "1.1.1.1")
		r.Header.Set("Forwarded", "for=1.1.1.1")
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got := only(t, rec).Source; got.ClientAddress != tt.client || got.PeerAddress != tt.peer {
			t.Errorf("%s: client %q, peer %q, want %q, %q", tt.name, got.ClientAddress, got.PeerAddress, tt.client, tt.peer)
		}
	}
}
