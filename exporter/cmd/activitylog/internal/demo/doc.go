// Package demo plays a day of a payments organisation in one process: the
// example API behind the gin middleware, the OpenTelemetry SDK, OTLP over
// HTTP, a Collector with our exporter, SQLite, and the viewer. Nothing is
// stood in for; only the clock of the API is set, so that a day fits into a
// second.
package demo
