// Package document reads a mapping file as it is written.
//
// [Document] and the types below it say which keys a file may have. They are
// the only place that does: the reader accepts what they have and the JSON
// Schema is generated from them. Every value keeps its place, so that what is
// found wrong later can be told with line and column. Whether a code is a code
// or a route a route is the business of package mapping.
package document
