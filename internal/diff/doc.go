// Package diff finds how one value differs from another: it is what
// activitylog.Diff and activitylog.CheckTags promise.
//
// A [Diff] reads both values into nodes, which are JSON with the kinds and
// classes of Go kept, unless it sees without reading that they are the same,
// and compares the nodes.
package diff
