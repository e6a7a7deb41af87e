module github.com/activitylog-go/activitylog

go 1.26.0

require (
	github.com/google/uuid v1.6.0
	go.opentelemetry.io/otel v1.47.0
	go.opentelemetry.io/otel/log v1.47.0
)

require github.com/cespare/xxhash/v2 v2.3.0 // indirect
