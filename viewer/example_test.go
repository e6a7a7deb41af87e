package viewer_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/activitylog-go/activitylog/store/memory"
	"github.com/activitylog-go/activitylog/viewer"
)

func Example() {
	s := memory.New() // in a program: the store that the exporter fills
	mux := http.NewServeMux()
	mux.Handle("/audit/", http.StripPrefix("/audit", viewer.New(s)))

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/audit/?actor=usr_ann&outcome=denied", nil))
	fmt.Println(w.Code, w.Header().Get("Location"))
	// Output:
	// 303 ./?q=actor:usr_ann+outcome:denied
}
