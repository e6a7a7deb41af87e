package middleware

import (
	"cmp"
	"net/http"

	"github.com/activitylog-go/activitylog"
)

// ActorFromClaims returns a function for [WithActor]: the actor is whom the
// claims of a JSON Web Token name, see [ClaimsActor]. The function claims
// returns those of a request whose token the application has verified, from
// where it keeps them, or nil. It must not read the token itself: a token that
// nobody has verified says what its sender likes.
//
// The claims must be in the context of the request that the middleware has
// seen, so it must stand inside of what verifies tokens, and requests refused
// there are no events. Where it stands outside, call SetActor with
// [ClaimsActor] instead; with gin, either will do.
func ActorFromClaims(claims func(*http.Request) map[string]any) func(*http.Request) activitylog.Actor {
	return func(r *http.Request) activitylog.Actor { return ClaimsActor(claims(r)) }
}

// ClaimsActor returns the actor that the claims of a verified JSON Web Token
// name, for those who call [activitylog.Draft.SetActor] where they verify it.
//
// The id is sub, the name is name or preferred_username, the e-mail address is
// email unless email_verified is false. The actor is a service if sub is the
// client's own id (client_id or azp), or if there is a client and no sub.
//
// If there is act (RFC 8693), somebody acts for the token's subject: the actor
// is whom act names, on behalf of the subject. An act that names nobody leaves
// the actor anonymous: it was not the subject. Who acted before, which an act
// in act says, is not kept.
//
// Claims of another kind than these have by their standards count as missing.
//
// The MapClaims of golang-jwt are such a map. Of claims that are a struct, as
// its RegisteredClaims, make the actor yourself: Actor{ID: claims.Subject}.
func ClaimsActor(claims map[string]any) activitylog.Actor {
	subject := subjectOf(claims, client(claims))
	act, delegated := claims["act"]
	if !delegated || act == nil {
		return subject
	}
	inner, _ := act.(map[string]any)
	actor := subjectOf(inner, cmp.Or(client(inner), client(claims)))
	if text(inner, "sub") == "" && client(inner) == "" {
		actor = activitylog.Actor{} // the client of the token is not said to act
	}
	actor.OnBehalfOf = activitylog.Party{ID: subject.ID, Name: cmp.Or(subject.Name, subject.Email)}
	return actor
}

// subjectOf returns whom claims name, in a token that was issued to client.
func subjectOf(claims map[string]any, client string) activitylog.Actor {
	a := activitylog.Actor{
		ID:    cmp.Or(text(claims, "sub"), client),
		Name:  cmp.Or(text(claims, "name"), text(claims, "preferred_username")),
		Email: text(claims, "email"),
	}
	if claims["email_verified"] == false {
		a.Email = ""
	}
	switch a.ID {
	case "":
		return activitylog.Actor{}
	case client:
		a.Type = activitylog.Service
	default:
		a.Type = activitylog.User
	}
	return a
}

// client returns the id of the client that a token was issued to.
func client(claims map[string]any) string {
	return cmp.Or(text(claims, "client_id"), text(claims, "azp"))
}

func text(claims map[string]any, name string) string {
	s, _ := claims[name].(string)
	return s
}
