package middleware_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// issue makes a certificate that vouches for itself.
func issue(t *testing.T, template *x509.Certificate) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(1)
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	template.IsCA, template.BasicConstraintsValid = true, true
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: cert}
}

// TestCertificateActor shows certificates over connections, to servers that
// verify them and to one that does not.
func TestCertificateActor(t *testing.T) {
	service := func(id, name string) activitylog.Actor {
		return activitylog.Actor{ID: id, Type: activitylog.Service, Name: name}
	}
	nobody := activitylog.Actor{Type: activitylog.Anonymous}
	named := pkix.Name{CommonName: "Payouts"}
	spiffe := &url.URL{Scheme: "spiffe", Host: "example.org", Path: "/payouts"}
	for _, tt := range []struct {
		name string
		cert *x509.Certificate // nil: the client shows none
		auth tls.ClientAuthType
		want activitylog.Actor
	}{
		{"none", nil, tls.VerifyClientCertIfGiven, nobody},
		{"URI", &x509.Certificate{Subject: named, URIs: []*url.URL{spiffe}, DNSNames: []string{"payouts.internal"}}, tls.RequireAndVerifyClientCert, service("spiffe://example.org/payouts", "Payouts")},
		{"DNS name", &x509.Certificate{Subject: named, DNSNames: []string{"payouts.internal"}}, tls.RequireAndVerifyClientCert, service("payouts.internal", "Payouts")},
		{"common name", &x509.Certificate{Subject: named}, tls.VerifyClientCertIfGiven, service("Payouts", "Payouts")},
		{"no name", new(x509.Certificate), tls.RequireAndVerifyClientCert, nobody},
		{"not verified", &x509.Certificate{Subject: named}, tls.RequireAnyClientCert, nobody},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec := new(activitylogtest.Recorder)
			mux := http.NewServeMux()
			mux.HandleFunc("PUT /things/{id}", func(http.ResponseWriter, *http.Request) {})
			s := httptest.NewUnstartedServer(middleware.New(inferred(t),
				middleware.WithLoggerProvider(rec), middleware.WithActor(middleware.CertificateActor))(mux))
			s.TLS = &tls.Config{ClientAuth: tt.auth, ClientCAs: x509.NewCertPool()}
			s.StartTLS()
			defer s.Close()
			if tt.cert != nil {
				shown := issue(t, tt.cert)
				s.TLS.ClientCAs.AddCert(shown.Leaf)
				s.Client().Transport.(*http.Transport).TLSClientConfig.Certificates = []tls.Certificate{shown}
			}
			if status := do(t, s, "PUT", "/things/1"); status != 200 {
				t.Fatalf("status is %d", status)
			}
			if got := only(t, rec).Actor; got != tt.want {
				t.Errorf("actor is %+v, want %+v", got, tt.want)
			}
		})
	}
}
