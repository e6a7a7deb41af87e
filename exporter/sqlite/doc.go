// Package sqlite keeps events in a SQLite file.
package sqlite
