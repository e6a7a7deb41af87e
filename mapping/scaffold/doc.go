// Package scaffold writes mapping files from the routes of an API, and adds to
// files that people have edited.
//
// [Write] makes a new file that is meant to be read from top to bottom: every
// route that changes something has a rule with the code that inference and the
// API's own operation names give it, and where that could be otherwise a
// comment says so. [Merge] adds the routes that an API has gained since to a
// file, by inserting lines; everything else in the file stays as it is, byte
// for byte.
package scaffold
