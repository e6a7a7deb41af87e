// Package backends has only tests: of the Collectors that need components of
// others. In one, contrib's exporter for ClickHouse gets events into a table that
// is not ours, and the queries of docs/backends.md find them there. In the other,
// Kafka stands between two Collectors. It is a module of its own, so that no
// other takes over the versions of those components.
package backends
