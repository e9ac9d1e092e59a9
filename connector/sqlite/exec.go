package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// notAlone are the statements that would reach beyond their caller's part of a
// transaction that others share.
var notAlone = map[string]bool{ //nolint:gochecknoglobals // a constant, for which Go has no map
	"BEGIN": true, "COMMIT": true, "END": true, "ROLLBACK": true, "SAVEPOINT": true, "RELEASE": true,
	"ATTACH": true, "DETACH": true, "PRAGMA": true, "VACUUM": true,
}

// Exec writes one statement, with its values as parameters, and returns how many
// rows it changed once it is committed. It shares its transaction, and its fsync,
// with whatever else is written at the same time, so several statements in one
// query, and those that begin or end transactions, are refused. When ctx ends
// while the statement is being written, Exec returns the outcome all the same.
func (db *DB) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	word := firstWord(query)
	if word == "" || notAlone[word] {
		return 0, fault("sqlite.Exec", "query", shown(word), "must be a statement that fits into a transaction of others")
	}
	if !single(query) {
		return 0, fault("sqlite.Exec", "query", shown(word), "must be one statement")
	}
	values, err := storable(args)
	if err != nil {
		return 0, fmt.Errorf("sqlite: exec: %w", err)
	}
	var changed int64
	err = db.write(ctx, &write{stay: true, rows: 1, do: func(t *tx) (err error) {
		if changed, err = t.once(query, values...); err != nil {
			return fmt.Errorf("sqlite: exec: %w", err)
		}
		return nil
	}})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

// firstWord says what kind of a statement it is.
func firstWord(query string) string {
	query = strings.TrimSpace(query)
	if end := strings.IndexFunc(query, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
		query = query[:end]
	}
	return strings.ToUpper(query)
}

// timeText is how a time is stored: in UTC, so that text order is time order, and
// readable to SQLite's own functions.
const timeText = "2006-01-02T15:04:05.000000000Z"

// storable returns values as the database knows them. What code of the caller
// runs for it runs here, not in the writer.
func storable(args []any) ([]any, error) {
	values := make([]any, len(args))
	for i, arg := range args {
		value, err := driver.DefaultParameterConverter.ConvertValue(arg)
		if err != nil {
			return nil, fmt.Errorf("value %d: %w", i+1, err)
		}
		if values[i], err = stored(value); err != nil {
			return nil, fmt.Errorf("value %d: %w", i+1, err)
		}
	}
	return values, nil
}

// stored is a value of a driver as it is stored.
func stored(value driver.Value) (any, error) {
	switch v := value.(type) {
	case time.Time:
		return v.UTC().Format(timeText), nil
	case string:
		return v, sized(len(v))
	case []byte:
		return v, sized(len(v))
	}
	return value, nil
}

// mostBytes is a little less than what SQLite takes in a row.
const mostBytes = 1_000_000_000 - 4096

var errSize = errors.New("sqlite: larger than a row can be")

func sized(bytes int) error {
	if bytes > mostBytes {
		return errSize
	}
	return nil
}
