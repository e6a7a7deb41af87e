// Package middleware makes an event of every mutating request that a net/http
// server answers. Packages ginactivity, echoactivity and grpcactivity do the
// same for gin, Echo and gRPC.
//
//	m, err := mapping.Load("activitylog.yaml")
//	...
//	activity := middleware.New(m)
//	handler := otelhttp.NewHandler(activity(auth(mux)), "server")
//
// # Where to install it
//
// Inside of otelhttp, so that events carry the request's trace; outside of
// authentication and authorisation, so that a request which they refuse is an
// event too; and outside of a middleware that recovers panics or that turns
// errors into responses, so that the event has the status that the client got.
//
// The actor is then known only further in. Authentication says who it is
// through the request's context, before it lets the request pass or refuses it:
//
//	activitylog.From(r.Context()).SetActor(activitylog.Actor{ID: user.ID, Name: user.Name})
//
// Where something in front of the middleware has found out already, [WithActor]
// takes a function that looks there; there are some for the usual places: see
// [ActorFromClaims], [BasicAuthActor] and [First]. By default nothing that a
// client sends is believed.
//
// # How the route is found
//
// An event's route is a template, never the path that a client sent. It is
// [http.Request.Pattern], which ServeMux leaves in the request that it is
// given. A middleware that stands between this one and the mux and copies the
// request, as [http.Request.WithContext] does, hides it, and so does one that
// answers before the mux is asked: pass [WithServeMux] then.
//
// With gorilla/mux and chi, install the middleware with the router's Use and
// pass [WithRoute] with a function that asks the router: for gorilla/mux
//
//	if route := mux.CurrentRoute(r); route != nil { // it is nil outside of Use
//		template, _ := route.GetPathTemplate()
//		return template
//	}
//	return ""
//
// and for chi, whose middlewares run before its routing,
//
//	c := chi.NewRouteContext()
//	if router.Match(c, r.Method, cmp.Or(r.URL.RawPath, r.URL.Path)) {
//		return c.RoutePattern()
//	}
//	return chi.RouteContext(r.Context()).RoutePattern() // found by now, behind StripSlashes say
//
// A route that ends in a slash or in "/*" may be that of another router, which
// knows more. A request below it is an event only if that router leaves its
// own route in the request, if WithRoute tells it, or if the mapping names it.
//
// A middleware that lets a header or a form override the method belongs
// outside, so that the code is that of what was done.
//
// A request that may have been an event and whose route cannot be found is
// counted as activitylog.requests.unrouted, and the first one is reported to
// otel.Handle, with what to do.
//
// # Bodies
//
// Where a rule asks for the request's or the response's JSON body (a condition
// on request or response, each, a target's response./id), the body is copied
// while the handler reads or writes it. The handler and the client get every
// byte as it is; nothing is read that the handler does not read. The copy is
// gone when the request has ended.
//
// A body is copied if it has no content encoding and is at most 64 KiB long. A
// response must say that it is JSON, or nothing of its type; a request, which
// may say anything, must be JSON, and not one of several parts. What cannot be
// read for one of these reasons, or because the handler has not read it whole,
// the event says in its attributes unread.request and unread.response. Its
// code is then that of a case that does not ask.
//
// The route must be known when the first byte passes. If a middleware in front
// of the mux reads the body, to check its signature say, pass [WithServeMux].
//
// # Secrets in paths
//
// The query of a URL is never part of an event. A path parameter that the
// mapping classifies as secret, the token in /invitations/{token}/accept, is
// shown by its name: url.path is then /invitations/{token}/accept. What looks
// like a key, a token or a card number is redacted wherever it is, see
// [activitylog.Event.Clean].
//
// # Reloading the mapping
//
// New takes a [mapping.Source]: a mapping, or a [mapping.Reloader], which
// follows its file. A request keeps to the mapping that was in force when it
// came in.
//
// # What it does to a request
//
// Nothing that the handler or the client could notice, with one exception:
// [http.MaxBytesReader] tells only net/http's own writer to close an HTTP/1
// connection with a request that is too long. Given the handler's, it refuses
// to read on as ever, and the connection stays open; [http.MaxBytesHandler]
// outside of the middleware closes it.
//
// A request that cannot be an event is passed on as it is. Otherwise the
// handler gets a ResponseWriter with the same optional interfaces as the
// server's; panics pass through. The event is emitted when the handler has
// ended, also if it panicked or the client hung up. Delivery is that of the
// LoggerProvider; with the OpenTelemetry SDK and its batch processor, at most
// once. A mapping that asks for another mode of delivery is reported to
// otel.Handle.
//
// The SDK spends half of its time per event on looking for attributes that
// occur twice. Events have none, so tell it:
//
//	sdklog.NewLoggerProvider(sdklog.WithProcessor(batch), sdklog.WithAllowKeyDuplication())
//
// # Floods
//
// Of the requests of a client that are denied, or that are for what is not
// there, the first 100 a minute of each kind are events. For the others stands
// one event when the minute has ended, with their number in its attribute
// coalesced.count: see [WithFloodLimit]. A program calls [Flush] where it ends:
//
//	server.Shutdown(ctx)
//	middleware.Flush(ctx)
//	provider.Shutdown(ctx)
//
// # What it costs
//
// A request delivers its own event: when its client has the answer, the event
// is with the LoggerProvider. [WithAsync] puts it down for a goroutine to
// deliver. The request is then done in a fraction of the time; the work is the
// same. It is not the default, because a program that ends without Flush would
// lose up to 1,024 events that its LoggerProvider has not seen.
//
// # Work that ends later, and requests that come again
//
// A handler that only begins its work, and answers 202, hands a ticket on with
// it: see [activitylog.Draft.Defer]. The request's event is then of unknown
// outcome, and who ends the work, maybe in another process, emits the event
// that tells it, by the method Complete of the mapping. The two have the
// attribute operation.id and the request id in common; where the application
// has no request ids, that is the operation's.
//
// A request that is answered from memory, because its Idempotency-Key was seen
// before, is no second action. [activitylog.Draft.MarkReplay] says so, or a
// header of the response, with [WithReplayHeader]. Such a request is counted,
// and is no event.
//
// # Metrics
//
// The counters activitylog.events (attributes outcome and delivery),
// activitylog.events.coalesced, activitylog.events.dropped,
// activitylog.events.inline, activitylog.events.suppressed,
// activitylog.events.truncated, activitylog.events.redacted,
// activitylog.requests.ignored, activitylog.requests.replayed,
// activitylog.requests.unmapped and activitylog.requests.unrouted account for
// every request with a mutating method that reached a handler.
package middleware
