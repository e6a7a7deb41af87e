package lint_test

import (
	"fmt"
	"net/http"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/lint"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

func Example() {
	m, err := mapping.Parse("activity.yaml", []byte(`version: 1
routes:
  POST /orgs/{org}/members: {code: org.member:invite}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := routes.NewMux()
	mux.HandleFunc("POST /orgs/{org}/members", func(http.ResponseWriter, *http.Request) {})
	api, err := routes.Of(mux)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range lint.Check(m, api) {
		fmt.Println(f)
	}
	// Output:
	// activity.yaml:3:36: code org.member:invite is not in the catalogue: did you mean org.member:invited? If not, add it to events (unknown-code)
}
