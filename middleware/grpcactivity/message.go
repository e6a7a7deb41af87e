package grpcactivity

import (
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware/internal/capture"
)

// body returns a message as a rule sees it. One that protobuf did not generate
// may do anything, panic included: that must not cost the call.
func body(message any) (b mapping.Body) {
	m, ok := message.(proto.Message)
	if !ok {
		return mapping.Body{Problem: "it is no protobuf message"}
	}
	b.Problem = "it cannot be written as JSON"
	defer func() { _ = recover() }()
	if proto.Size(m) > capture.Limit { // bounds what JSON is made of
		return mapping.Body{Problem: tooLong}
	}
	switch json, err := protojson.Marshal(m); {
	case err != nil:
		return b
	case len(json) > capture.Limit:
		return mapping.Body{Problem: tooLong}
	default:
		return mapping.Body{JSON: json}
	}
}

const tooLong = "it is longer than 64 KiB"
