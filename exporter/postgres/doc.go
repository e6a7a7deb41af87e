// Package postgres keeps events in a PostgreSQL database.
package postgres
