// Package diff finds how one value differs from another: it does what
// activitylog.Diff and activitylog.CheckTags promise, where it is told what
// counts as the same.
//
// [Of] reads what is not plainly the same into nodes: JSON with what else is
// known of a value in Go, its class by the tag activity above all. It compares
// the nodes, and makes changes as far as there is room.
package diff
