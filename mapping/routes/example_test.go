package routes_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/activitylog-go/activitylog/mapping/routes"
)

func inviteMember(http.ResponseWriter, *http.Request) {}

func Example() {
	api := routes.NewMux()
	api.HandleFunc("POST /orgs/{org}/members", inviteMember)
	api.HandleFunc("GET /orgs/{org}/members", func(http.ResponseWriter, *http.Request) {})
	mux := routes.NewMux()
	mux.Mount("/v1", api)

	list, err := routes.Of(mux)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range list {
		fmt.Println(r, r.Operation)
	}
	// Output:
	// POST /v1/orgs/{org}/members routes_test.inviteMember
	// GET /v1/orgs/{org}/members
}

func ExampleRead() {
	list, err := routes.Read("routes.txt", strings.NewReader(`
# our API
POST   /orgs/:org/members       inviteMember
*      /orgs/:org/webhooks
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := routes.Write(os.Stdout, list); err != nil {
		fmt.Println(err)
	}
	// Output:
	// POST	/orgs/:org/members	inviteMember
	// *	/orgs/:org/webhooks
}
