// Package viewerextension is an OpenTelemetry Collector extension that serves
// the viewer and the HTTP API over a store of activity events.
//
// It reads the store by itself and does not need the exporter. A store that
// does not exist yet is no error: extensions start before exporters, so the
// page says so until the exporter has created it.
package viewerextension
