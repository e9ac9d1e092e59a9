package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/ergon-go/ergon"
)

var (
	_ ergon.Sink[int]     = (*TableSink[int])(nil)
	_ ergon.Starter       = (*TableSink[int])(nil)
	_ ergon.HealthChecker = (*TableSink[int])(nil)
	_ ergon.Addressed     = (*TableSink[int])(nil)
)

// TableSink writes transactions as the rows of a table, one each. Safe for
// concurrent use. Settings that are wrong are returned by Validate, and by every
// other method as a Fatal error, which ends a pipeline, as does ErrClosed.
type TableSink[T any] struct {
	db      *DB
	name    string
	mapping Mapping[T]
	insert  string
	create  string // empty where the table is somebody else's
	fault   error
	there   atomic.Bool // the table was seen to be as it has to be
}

// Table is a sink that writes to a table of db. Names of tables and columns are a
// letter or _, then at most 62 letters, digits or _; the prefixes sqlite_ and
// ergon_ are reserved.
//
// Besides the mapped columns the table has one for the id of the transaction (see
// Key), by which a transaction that comes again is known: the first row stays as
// it is.
func Table[T any](db *DB, name string, mapping Mapping[T], opts ...TableOption) *TableSink[T] {
	where := "sqlite.Table(" + shown(name) + ")"
	set, faults := tableSettingsOf(where, opts)
	if db == nil {
		faults = append(faults, fault(where, "db", "", "is nil"))
	}
	if why := tableFault(name); why != "" {
		faults = append(faults, fault(where, "name", shown(name), why))
	}
	if !grammar.MatchString(set.key) {
		faults = append(faults, fault(where, "Key", shown(set.key), nameRule))
	}
	t := &TableSink[T]{db: db, name: name, mapping: mapping}
	if t.fault = errors.Join(append(faults, mapping.faults(where, set.key)...)...); t.fault == nil {
		t.insert = insertInto(name, set.key, mapping.columns)
	}
	if t.fault == nil && set.create {
		t.create = createTable(name, set.key, mapping.columns)
	}
	return t
}

// insertInto is written from names that have passed the grammar; values are only
// ever parameters.
func insertInto(table, key string, columns []column) string {
	names := []string{quoted(key)}
	for _, c := range columns {
		names = append(names, quoted(c.name))
	}
	return "INSERT INTO " + quoted(table) + " (" + strings.Join(names, ", ") + ") VALUES (?" +
		strings.Repeat(", ?", len(columns)) + ") ON CONFLICT (" + quoted(key) + ") DO NOTHING"
}

func createTable(table, key string, columns []column) string {
	lines := []string{quoted(key) + " TEXT NOT NULL PRIMARY KEY"}
	for _, c := range columns {
		lines = append(lines, strings.TrimSpace(quoted(c.name)+" "+c.kind))
	}
	return "CREATE TABLE IF NOT EXISTS " + quoted(table) + " (" + strings.Join(lines, ", ") + ")"
}

// Validate returns everything that is wrong with the settings, as ConfigErrors.
func (s *TableSink[T]) Validate() error {
	if s == nil || s.db == nil && s.fault == nil {
		return fault("sqlite.Table", "", "", "was not made by Table")
	}
	return s.fault
}

func (s *TableSink[T]) usable(ctx context.Context) error {
	return steered(errors.Join(given(ctx), s.Validate()))
}

// Destination returns the name of the table, for telemetry.
func (s *TableSink[T]) Destination() ergon.Destination {
	return ergon.Destination{System: "sqlite", Name: s.name}
}

// Start makes the table, if it is to, and checks that it has the columns and that
// the one for the id is unique; what is missing is a ConfigError. The first
// Dispatch does the same where Start was not called.
func (s *TableSink[T]) Start(ctx context.Context) error {
	if err := s.usable(ctx); err != nil || s.there.Load() {
		return err
	}
	err := s.db.write(ctx, &write{rows: 1, do: func(t *tx) error {
		if s.create != "" {
			if _, err := t.once(s.create); err != nil {
				return fmt.Errorf("sqlite: create table: %w", err)
			}
		}
		return t.fits(s.insert, "sqlite.Table("+shown(s.name)+")")
	}})
	if err != nil {
		return steered(err)
	}
	s.there.Store(true)
	return nil
}

// Health returns nil where the table is as it has to be and can be written to now.
func (s *TableSink[T]) Health(ctx context.Context) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	return steered(s.db.write(ctx, &write{do: func(t *tx) error {
		if s.create != "" && !s.there.Load() {
			return nil // it is made by the first write
		}
		return t.fits(s.insert, "sqlite.Table("+shown(s.name)+")")
	}}))
}
