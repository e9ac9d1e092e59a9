package sqlite

import (
	"errors"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

func TestOneStatementIsOne(t *testing.T) {
	for query, want := range map[string]bool{
		"SELECT 1":  true,
		"SELECT 1;": true,
		"SELECT 1; \n-- the end\n ; /* really; */": true,
		"INSERT INTO t VALUES (';')":               true,
		"INSERT INTO t VALUES ('it''s; so')":       true,
		`UPDATE "a;b" SET [c;d] = 1`:               true,
		"UPDATE `a;b` SET c = 1":                   true,
		"SELECT 1 -- ; SELECT 2":                   true,
		"SELECT ';":                                true, // SQLite says what is wrong with it
		"CREATE TABLE x (a); COMMIT":               false,
		"SELECT ''; SELECT 2":                      false,
		"SELECT 1 /* ; */ ; DROP TABLE t":          false,
		"CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END;":                          true,
		"create temp trigger a after insert on t begin select case when 1 then 2 end; select 3; end": true,
		"CREATE TRIGGER end AFTER INSERT ON begin BEGIN SELECT 1 AS case; END /* so */ ; -- it is":   true,
		"CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END; COMMIT":                             false,
		"CREATE TRIGGER begin AFTER INSERT ON t BEGIN SELECT 1; END; COMMIT":                         false,
		"CREATE TRIGGER a$begin AFTER INSERT ON t BEGIN SELECT 1 AS case; END; COMMIT":               false,
		"CREATE /**/ TEMPORARY TRIGGER a AFTER INSERT ON t BEGIN SELECT 1;;END;; COMMIT":             false,
		"CREATE TABLE trigger (begin); COMMIT":                                                       false,
		"SELECT CASE WHEN 1 THEN 2 END; COMMIT":                                                      false,
		"SELECT $a('); COMMIT; SELECT $b(')":                                                         false,
		"SELECT :a::b('), ';', @c":                                                                   true,
	} {
		t.Run(query, func(t *testing.T) { is.New(t).Equal(single(query), want) })
	}
}

// Exec writes nothing of a query that would end the transaction of others.
func TestExecRefusesMoreThanOneStatement(t *testing.T) {
	for _, query := range []string{
		"CREATE TABLE x (a); COMMIT",
		"CREATE TABLE x (a);; ROLLBACK;",
		"CREATE TRIGGER begin AFTER INSERT ON t BEGIN SELECT 1; END; CREATE TABLE x (a)",
	} {
		t.Run(query, func(t *testing.T) {
			is := is.New(t)
			db := opened(t)
			execAll(t, db, "CREATE TABLE t (a)")
			_, err := db.Exec(t.Context(), query)
			is.True(errors.Is(err, ergon.ErrConfig))
			execAll(t, db, "CREATE TABLE x (a)") // nothing of it was written
		})
	}
}

func TestExecWritesOneStatementWithSemicolons(t *testing.T) {
	is := is.New(t)
	db := opened(t)
	execAll(t, db,
		"CREATE TABLE t (a TEXT); -- it is",
		"CREATE TABLE seen (a TEXT) /* ; */ ;;",
		"CREATE TRIGGER begin AFTER INSERT ON t BEGIN INSERT INTO seen VALUES (CASE 1 WHEN 1 THEN new.a END); END;",
		"INSERT INTO t VALUES (';')",
	)
	var seen string
	is.NoErr(db.Reader().QueryRow("SELECT a FROM seen").Scan(&seen))
	is.Equal(seen, ";")
}

func execAll(t *testing.T, db *DB, queries ...string) {
	t.Helper()
	for _, query := range queries {
		if _, err := db.Exec(t.Context(), query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
}
