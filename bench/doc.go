// Package bench compares what the middleware adds to a request with what its
// peers add, all in one process:
//
//	go test -run '^$' -bench . -benchmem ./bench
//
// and prints the ratios that matter, from the best of seven rounds:
//
//	go test -run TestRatios -v ./bench -args -ratios -test.benchtime 200ms
//
// It is a module of its own so that nobody who uses the middleware takes over
// the versions of its peers. For the same reason the tests that need other
// routers or an OTLP exporter are here.
package bench
