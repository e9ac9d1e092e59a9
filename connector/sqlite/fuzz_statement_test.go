package sqlite

import (
	"database/sql"
	"testing"
)

// FuzzSingle holds that what is taken for one statement is one to SQLite: of two
// that write to two tables, with anything between them, both are never done.
func FuzzSingle(f *testing.F) {
	for _, between := range []string{
		"", ";", " ; ", ",(2)--", "--\n;", "/* ; */", "/* ; ", "';'", "--", ";--", ";\x00", "\x00;", "/**/;", "';", "\";\"", "`;`", "[;]", "[", "$a(;)", "$a::b(';)",
		"/*;*/;", "-- \r;", "-\n-;", "/\n*;", ";;", "; CREATE TRIGGER x", "\xff;", "\u00a0;", "@a;", ":a;", "#1;", "?1;", "x'00';", "'''';", "''';'''", "\v;", "\f;", "\ufeff;",
		"; CREATE TRIGGER x AFTER INSERT ON one BEGIN SELECT 1; END;", " RETURNING ';';", " ON CONFLICT DO NOTHING;", ";END;", ", ($a(')); ", ", (@a(')); ", ", (:a(')); ", ", (#a(')); ", ", ($a(;)); ", ", (@a::b(\")); ", "$;", "$(;", "::(;)", "\\;",
	} {
		f.Add(between, false)
		f.Add(between, true)
		f.Add("; END"+between, true)
		f.Add(" AS [case]; SELECT CASE 1 WHEN 1 THEN 2 END"+between, true)
	}
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(f.Context(), "CREATE TABLE one (x); CREATE TABLE two (x)"); err != nil {
		f.Fatal(err)
	}
	parameters := []any{nil, nil} // without a value for a parameter nothing is done
	for _, name := range []string{"a", "b", "a(')", "a(;)", `a::b(")`} {
		parameters = append(parameters, sql.Named(name, 1))
	}
	f.Fuzz(func(t *testing.T, between string, trigger bool) {
		query, before := "INSERT INTO one VALUES (1)"+between+"INSERT INTO two VALUES (2)", 0
		if trigger { // it does nothing to two when it is made
			query, before = "CREATE TEMP TRIGGER made AFTER INSERT ON one BEGIN SELECT 1"+between+"INSERT INTO two VALUES (2); END", 1
		}
		if !single(query) {
			return // whatever it is, it is not run
		}
		_, _ = db.ExecContext(t.Context(), query, parameters...) // mostly an error
		var one, two int
		row := db.QueryRowContext(t.Context(), "SELECT (SELECT count(*) FROM one), (SELECT count(*) FROM two)")
		if err := row.Scan(&one, &two); err != nil {
			t.Fatal(err)
		}
		if one+before > 0 && two > 0 {
			t.Fatalf("two statements are taken for one: %q", query)
		}
		if _, err := db.ExecContext(t.Context(), "DROP TRIGGER IF EXISTS made; DELETE FROM one; DELETE FROM two"); err != nil {
			t.Fatal(err)
		}
	})
}
