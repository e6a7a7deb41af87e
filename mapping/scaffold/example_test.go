package scaffold_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/activitylog-go/activitylog/mapping/routes"
	"github.com/activitylog-go/activitylog/mapping/scaffold"
)

// The routes of an application that registers them with a mux of package
// routes, or with gin, chi, echo or gorilla.
func newRouter() *routes.Mux {
	mux := routes.NewMux()
	for _, pattern := range []string{"POST /orgs/{org}/members", "DELETE /orgs/{org}/members/{member}", "GET /orgs/{org}/members"} {
		mux.Handle(pattern, http.NotFoundHandler())
	}
	return mux
}

// A program writes the mapping file of the router that it is going to serve.
func ExampleWrite() {
	api, err := routes.Of(newRouter())
	if err != nil {
		fmt.Println(err)
		return
	}
	file, report, err := scaffold.Write(api, scaffold.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	// In a program: os.WriteFile("activity.yaml", file, 0o666)
	_, rules, _ := strings.Cut(string(file), "infer: warn\n\n")
	rules, _, _ = strings.Cut(rules, "\n\n")
	fmt.Println(rules)
	fmt.Print(report)
	// Output:
	// routes:
	//   POST /orgs/{org}/members:            {code: org.member:created}
	//   DELETE /orgs/{org}/members/{member}: {code: org.member:deleted}
	// 2 new routes, 1 read left out.
	// 2 codes added to events, with a title and a sentence to improve.
}

// The same program adds the routes that are new, each time it is run.
func ExampleMerge() {
	const name = "activity.yaml"
	old := []byte("version: 1\nroutes:\n  POST /orgs/{org}/members: {code: org.member:invited} # by e-mail\n")

	api, err := routes.Of(newRouter())
	if err != nil {
		fmt.Println(err)
		return
	}
	file, report, err := scaffold.Merge(name, old, api)
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(file)
	fmt.Println("new:", report.New[0].Route)
	// Output:
	// version: 1
	// routes:
	//   POST /orgs/{org}/members: {code: org.member:invited} # by e-mail
	//   DELETE /orgs/{org}/members/{member}: {code: org.member:deleted}
	//
	// events:
	//   org.member:deleted:
	//     title: Org member deleted
	//     sentence: "{actor} deleted org member {target}"
	// new: DELETE /orgs/{org}/members/{member}
}
