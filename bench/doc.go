// Package bench compares what the middleware adds to a request with what its
// peers add, all in one process:
//
//	go test -run '^$' -bench . -benchmem ./bench
//
// and prints the ratios that matter, from the best of seven rounds:
//
//	go test -run TestRatios -v ./bench -args -ratios -test.benchtime 200ms
//
// What is compared records as its own documentation says: an SDK provider with
// its batch processor and its defaults, and an exporter that throws away but
// counts (exported/op must be 1: nothing is dropped). Metrics go to no-op
// meters, which makes otelhttp and otelgin cheaper than most installations have
// them. Requests come without a pattern, as a server's do.
//
// It is a module of its own so that nobody who uses the middleware takes over
// the versions of its peers. For the same reason the tests that need other
// routers or an OTLP exporter are here.
package bench
