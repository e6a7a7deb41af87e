package payments

import "net/http"

// NewWithoutActivityLog returns the API as it would be if nobody had heard of
// activity logs.
func NewWithoutActivityLog(c Config) (http.Handler, error) { return newRouter(c) }
