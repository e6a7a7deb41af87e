#!/usr/bin/env bash
# Builds the Collector of builder.yaml and tries it: it runs with sqlite.yaml,
# takes an event over OTLP/HTTP and shows it.
set -euo pipefail
cd "$(dirname "$0")/.."

BUILDER=go.opentelemetry.io/collector/cmd/builder@v0.162.0
COLLECTOR=bin/otelcol-activitylog/otelcol-activitylog

echo "→ building $COLLECTOR; the first time this takes a few minutes"
mkdir -p bin
GOWORK=off go run "$BUILDER" --config collector-config/builder.yaml

work=$(mktemp -d)
export ACTIVITYLOG_OTLP_HTTP=127.0.0.1:14318 ACTIVITYLOG_OTLP_GRPC=127.0.0.1:14317
export ACTIVITYLOG_LISTEN=127.0.0.1:18090 ACTIVITYLOG_HEALTH=127.0.0.1:23133
export ACTIVITYLOG_STORE=sqlite:$work/activitylog.db

echo "→ running it with sqlite.yaml"
timeout -k 10 2m "$COLLECTOR" --config collector-config/sqlite.yaml 2>"$work/log" &
collector=$!
trap 'kill "$collector" 2>/dev/null || true; wait "$collector" || true; rm -rf "$work"' EXIT

for _ in $(seq 100); do
	curl -fsS -o /dev/null "http://$ACTIVITYLOG_HEALTH" 2>/dev/null && break
	kill -0 "$collector" || { cat "$work/log"; exit 1; }
	sleep 0.1
done

curl -fsS -o /dev/null -H 'Content-Type: application/json' "http://$ACTIVITYLOG_OTLP_HTTP/v1/logs" -d '{
	"resourceLogs": [{"scopeLogs": [{"logRecords": [{"timeUnixNano": "1790000000000000000", "eventName": "builder:tried"}]}]}]}'
curl -fsS "http://$ACTIVITYLOG_LISTEN/v1/events" | grep -q builder:tried
echo "→ it took an event and shows it"
