package conformance_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// A server counts its requests and keeps what it logs.
type server struct {
	*httptest.Server
	arrived chan struct{} // closed with the first request
	running sync.WaitGroup
	log     entries
}

func newServer(t testing.TB, h http.Handler) *server {
	t.Helper()
	s := &server{arrived: make(chan struct{})}
	arrive := sync.OnceFunc(func() { close(s.arrived) })
	s.running.Add(1)
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/again" {
			io.WriteString(w, "again")
			return
		}
		s.running.Add(1)
		defer s.running.Done()
		arrive()
		h.ServeHTTP(w, r)
	}))
	s.Config.ErrorLog = log.New(&s.log, "", 0)
	t.Cleanup(s.Close)
	return s
}

func serve(t testing.TB, h http.Handler) *server {
	s := newServer(t, h)
	s.Start()
	return s
}

func serveHTTP2(t testing.TB, h http.Handler) *server {
	s := newServer(t, h)
	s.EnableHTTP2 = true
	s.TLS = &tls.Config{Certificates: []tls.Certificate{certificate()}, CurvePreferences: curves}
	s.StartTLS()
	return s
}

// curves has one that both sides are quick with: most of the time would go into
// handshakes otherwise.
var curves = []tls.CurveID{tls.CurveP256}

// certificate is that of all servers. Signing with it is quicker than with the
// one of httptest.
var certificate = sync.OnceValue(func() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:         true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
})

// exchange sends a request and returns the answer, and what the server logs,
// when its handler has ended.
func exchange(t testing.TB, s *server, send func(request, testing.TB, *server) string, r request) (answer string, logged *entries) {
	answer = send(r.withDefaults(), t, s)
	s.Close()
	s.running.Done()
	s.running.Wait()
	return answer, &s.log
}

// entries are what a server logs, without what differs between two runs: the
// addresses, the stacks and who called WriteHeader twice.
type entries struct {
	mu    sync.Mutex
	lines []string
}

var unsteady = regexp.MustCompile(`127\.0\.0\.1:\d+| from .*`)

func (e *entries) Write(p []byte) (int, error) {
	line, stack, _ := strings.Cut(string(p), "\n")
	line = unsteady.ReplaceAllString(line, "")
	if strings.Contains(stack, ".explode(") {
		line += " in explode"
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lines = append(e.lines, line)
	return len(p), nil
}

func (e *entries) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.Join(e.lines, "\n")
}
