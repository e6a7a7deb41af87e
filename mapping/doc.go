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
// itself (see package infer); [Mapping.Explain] tells how. [Parse] refuses
// what it does not know and reports every problem with its place.
package mapping
