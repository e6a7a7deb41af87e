// Package activitylogexporter is an OpenTelemetry Collector exporter that
// keeps activity events in a store: SQLite, and what else package backend opens.
//
// It accepts the log records of any OTLP sender in any language. A record
// with an event name is an event; its attributes, with the keys of package
// activitylog or with those of OpenTelemetry's semantic conventions, are the
// event's fields, and what they do not cover is kept as an attribute of the
// event. Other records are passed over and counted, or kept with
// "accept: all".
//
// Delivery: a sender gets its acknowledgement after the store has committed,
// and only then. Any other end is an error that the sender retries, and what
// was stored before is recognised by its id. No error is ever permanent, as
// senders drop what they are told is hopeless: a record that the store cannot
// take goes to the store's quarantine, and its batch mates are stored.
package activitylogexporter
