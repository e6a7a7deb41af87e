package document_test

import (
	"fmt"

	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

func Example() {
	_, problems := document.Read("activity.yaml", []byte("version: 1\ninfer: warm\n"), document.Options{})
	fmt.Println(problems.Err())
	// Output:
	// activity.yaml:2:8: infer: must be on, warn or off, not "warm": did you mean "warn"?
	//     1 | version: 1
	//     2 | infer: warm
	//       |        ^^^^
}
