// Package mapping says which HTTP requests are events of the activity log and
// which codes they have.
//
// A mapping is a YAML file of rules, each for one method and route, and of a
// catalogue of codes with their titles and sentences:
//
//	version: 1
//	tenant: {path: org}
//	events:
//	  org.member:invited:
//	    title: Team member invited
//	    sentence: "{actor} invited {target.name} to {tenant}"
//	routes:
//	  POST /orgs/{org}/members: {code: org.member:invited}
//	  POST /orgs/{org}/members/search: {ignore: "a search changes nothing"}
//
// For a mutating route that no rule names the code is inferred from the route
// itself (see package infer); [Mapping.Explain] tells how. [Parse] and [Load]
// refuse what they do not know and report every problem with its place.
//
// Who serves requests, as the packages middleware and ginactivity do, asks
// [Mapping.Rule] for the rule of a request's route. What the rule needs besides
// the event (parameters, query, headers and, if [Rule.Reads] says so, copies of
// JSON bodies) is an [Exchange]: when the handler has ended, [Rule.Complete]
// makes of both an event, and [Rule.Split] makes several if the rule is
// [Rule.Bulk]. A [Reloader] follows the file while the program runs.
//
// Below are the packages routes, which lists the routes of an API; scaffold,
// which writes a mapping file from them (activitylog init); lint, which finds
// what is undecided or wrong in one (activitylog lint, activitylogtest.Check);
// and catalogue, the codes with their sentences.
package mapping
