// Package viewer shows the events of a store to people: a list with filters in
// its URL, a page for each event, and the HTTP API of package api under /v1.
//
//	GET /?q=actor:usr_ann -outcome:success&tz=Europe/Kyiv
//	GET /events/{id}
//
// The pages work without JavaScript; with it the newest page of a list keeps
// itself up to date. They load nothing from elsewhere, run under a strict
// content security policy and show every value as text, however hostile.
//
// All links are relative, so the handler may be mounted under any prefix:
//
//	mux.Handle("/audit/", http.StripPrefix("/audit", viewer.New(s)))
//
// The package knows nobody: an application that mounts [New] authenticates
// its users in front of it and says with [WithScope] what each may see.
//
// Names of time zones are looked up with [time.LoadLocation]; a program that
// runs where there is no zone database imports time/tzdata.
package viewer
