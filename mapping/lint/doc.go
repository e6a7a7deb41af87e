// Package lint finds what is undecided or wrong in a mapping that loads, and
// compares mappings.
//
// [Check] holds a mapping against the routes of an API, so that a build fails
// when a route is added, renamed or removed and nobody has decided what
// becomes of its activity:
//
//	api, err := routes.Of(router)
//	for _, f := range lint.Check(m, api) {
//		fmt.Println(f) // activity.yaml:9:1: POST /orgs: no rule names it … (unmapped)
//	}
//
// [Diff] lists the routes that have another code in a new version of a file.
package lint
