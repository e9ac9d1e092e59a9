// Package sqlite is an embedded durable queue and table on SQLite.
package sqlite
