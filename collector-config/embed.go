// Package collectorconfig holds the Collector configurations that the project
// ships, for programs that run a Collector in their own process.
package collectorconfig

import _ "embed" // the files are part of the program

// SQLite is the configuration that keeps events in an SQLite file and serves
// the viewer: sqlite.yaml.
//
//go:embed sqlite.yaml
var SQLite []byte
