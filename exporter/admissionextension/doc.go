// Package admissionextension is an OpenTelemetry Collector extension that bounds
// the memory which requests take, however many clients send at once.
//
// It is a middleware of receivers: it lets requests in while those inside have
// fewer bytes than it allows, and has others wait outside, unread, in the order
// in which they came. That costs a sender less than to be refused when memory is
// short already, as memory_limiter does: it would send all of it again.
//
//	extensions:
//	  activitylog_admission:
//	    in_flight_mib: 16
//	receivers:
//	  otlp:
//	    protocols:
//	      http: {middlewares: [{id: activitylog_admission}]}
//	      grpc: {middlewares: [{id: activitylog_admission}]}
//
// A request whose length is not told counts as 1 MiB: over gRPC, or compressed.
// One that is longer than all that is allowed is let in alone. A gRPC call whose
// message does not come is passed over after 5 s; give HTTP a read_timeout.
package admissionextension
