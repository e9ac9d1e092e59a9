package sqlite

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/ergon-go/ergon"
)

// names are some that are names, and some that want to be more.
var fuzzNames = []string{
	"orders", "", "_", "a b", `a"b`, "a\n", "a\x00b", "ä", "sqlite_x", "Ergon_x", "1a", "select", "rowid", "_rowid_", "oid", "id", "ID", "abort", "main",
	`x"; DROP TABLE ergon_messages; --`, `x" (id TEXT); CREATE TABLE evil (id TEXT); --`, "x'", "[x]", "`x`", "temp.x", "main.x", "x--", "x/*", "x;",
	strings.Repeat("a", 63), strings.Repeat("a", 64), "x\u202e", "\ufeffx", "ｘ", "x$", "x:1", "?1", "null", "a\xff",
}

// fits is the rule for names, said as simply as possible.
func fitsAsName(name string) bool {
	if name == "" || len(name) > 63 || name[0] >= '0' && name[0] <= '9' {
		return false
	}
	return strings.Trim(name, "_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// schemaOf returns the tables and other things of the file, with their text.
func schemaOf(t *testing.T, db *DB) []string {
	t.Helper()
	return textsOf(t, db, "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1")
}

// textsOf returns the only column of a query.
func textsOf(t *testing.T, db *DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.Reader().QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // it was only read
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// FuzzTableName holds that a name is either refused, in one line on which
// everything can be seen and with nothing done to the file, or names exactly that
// table and exactly those columns, as SQLite itself tells.
func FuzzTableName(f *testing.F) {
	for i, name := range fuzzNames {
		f.Add(name, "id", "code")
		f.Add("orders", name, "code")
		f.Add("orders", "id", name)
		f.Add(name, fuzzNames[(i+3)%len(fuzzNames)], name)
	}
	db, err := Open(f.Context(), f.TempDir()+"/fuzz.db")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() })
	f.Fuzz(func(t *testing.T, name, key, column string) {
		before := schemaOf(t, db)
		mapping := Columns(func(s string) []any { return []any{s} }, column)
		table := Table(db, name, mapping, Create(), Key(key))
		lower := strings.ToLower(name)
		fine := fitsAsName(name) && fitsAsName(key) && fitsAsName(column) && !strings.EqualFold(key, column) &&
			!strings.HasPrefix(lower, "sqlite_") && !strings.HasPrefix(lower, "ergon_")
		err := table.Start(t.Context())
		if !fine {
			checkRefused(t, err)
			checkRefused(t, table.Dispatch(t.Context(), texts("a")))
			if after := schemaOf(t, db); !slices.Equal(before, after) {
				t.Fatalf("%q, %q, %q are refused, and yet %q", name, key, column, after)
			}
			return
		}
		if err != nil {
			t.Fatalf("%q, %q, %q: %v", name, key, column, err)
		}
		checkTable(t, db, table, name, []string{key, column})
		if after := schemaOf(t, db); !slices.Equal(before, after) {
			t.Fatalf("without %q there is more than before: %q", name, after)
		}
	})
}

// checkRefused holds that an error says that a name is wrong.
func checkRefused(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, ergon.ErrConfig) {
		t.Fatalf("not refused: %v", err)
	}
	for line := range strings.SplitSeq(err.Error(), "\n") { // a fault each
		if !strings.HasPrefix(line, "sqlite.Table(") || strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Fatalf("shows what cannot be seen: %q", err)
		}
	}
}

// checkTable writes a row, looks at what SQLite calls things, and drops the table.
func checkTable(t *testing.T, db *DB, table *TableSink[string], name string, columns []string) {
	t.Helper()
	if err := table.Dispatch(t.Context(), texts("a'; --")); err != nil {
		t.Fatalf("%q: %v", name, err)
	}
	if got := textsOf(t, db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?)", name); !slices.Equal(got, []string{name}) {
		t.Fatalf("%q is called %q", name, got)
	}
	if got := textsOf(t, db, "SELECT name FROM pragma_table_info(?) ORDER BY cid", name); !slices.Equal(got, columns) {
		t.Fatalf("the columns of %q are %q, not %q", name, got, columns)
	}
	for _, column := range columns {
		if got := textsOf(t, db, `SELECT main.`+quoted(name)+`.`+quoted(column)+` FROM main.`+quoted(name)); !slices.Equal(got, []string{"a'; --"}) {
			t.Fatalf("%q of %q holds %q", column, name, got)
		}
	}
	if _, err := db.Exec(t.Context(), "DROP TABLE main."+quoted(name)); err != nil {
		t.Fatal(err)
	}
}
