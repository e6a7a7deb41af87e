package middleware

import (
	"net/http"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/middleware/internal/engine"
)

// First returns a function for an option, such as [WithActor] or
// [WithRequestID], that asks several functions in turn: the first answer that
// is not empty counts. One that is nil is not asked.
//
//	middleware.WithActor(middleware.First(
//		middleware.ActorFromClaims(claimsOf),
//		middleware.BasicAuthActor,
//		middleware.Always(activitylog.Actor{ID: "webhooks", Type: activitylog.Service}),
//	))
func First[T comparable](functions ...func(*http.Request) T) func(*http.Request) T {
	return func(r *http.Request) (answer T) {
		var none T
		for _, f := range functions {
			if f == nil {
				continue
			}
			if answer = f(r); answer != none {
				break
			}
		}
		return answer
	}
}

// Always returns a function that answers with the same actor for every
// request: the service that calls a webhook, or the application itself.
func Always(actor activitylog.Actor) func(*http.Request) activitylog.Actor {
	return func(*http.Request) activitylog.Actor { return actor }
}

// Impersonation returns a function that answers with actor, acting on behalf
// of principal if that is somebody else: the person at the keyboard is the
// actor, whose rights are used is whom the actor acts for.
func Impersonation(actor, principal func(*http.Request) activitylog.Actor) func(*http.Request) activitylog.Actor {
	return func(r *http.Request) activitylog.Actor {
		a, p := actor(r), principal(r)
		if p.ID != a.ID {
			a.OnBehalfOf = activitylog.Party{ID: p.ID, Name: p.Name}
		}
		return a
	}
}

// BasicAuthActor is a function for [WithActor]: the actor is the user name of
// HTTP basic authentication. The password is not looked at.
//
// The handler checks the password, so the name is believed for requests that
// were not denied, and only there. It must be used only if every request that
// the middleware sees passes that check: whoever calls a route that needs none
// may send any name. Of a denied request the name that was tried is kept as the
// attribute actor.tried, and the actor is anonymous: who sends a wrong password
// is seldom the one whom it belongs to. An application that denies what it
// knows the user to ask says who it is with [activitylog.Draft.SetActor].
//
// Until the request has ended, the actor's type is "claimed".
func BasicAuthActor(r *http.Request) activitylog.Actor {
	name, _, _ := r.BasicAuth()
	if name == "" {
		return activitylog.Actor{}
	}
	return activitylog.Actor{ID: name, Type: engine.Claimed}
}

// CertificateActor is a function for [WithActor]: the actor is the service that
// the client's certificate names. Its id is the certificate's first URI, which
// SPIFFE uses, or else its first DNS name or the common name of its subject; the
// name is the common name.
//
// Only a certificate that the handshake has verified counts: the server's
// tls.Config must have ClientCAs and a ClientAuth that verifies. Behind a proxy
// that ends TLS, the certificate is the proxy's.
func CertificateActor(r *http.Request) activitylog.Actor {
	if r.TLS == nil || len(r.TLS.VerifiedChains) == 0 || len(r.TLS.VerifiedChains[0]) == 0 {
		return activitylog.Actor{}
	}
	cert := r.TLS.VerifiedChains[0][0]
	id := cert.Subject.CommonName
	switch {
	case len(cert.URIs) > 0:
		id = cert.URIs[0].String()
	case len(cert.DNSNames) > 0:
		id = cert.DNSNames[0]
	}
	if id == "" {
		return activitylog.Actor{}
	}
	return activitylog.Actor{ID: id, Type: activitylog.Service, Name: cert.Subject.CommonName}
}
